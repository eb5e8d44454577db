"""The inbox of an office and the decision of a request, read beside what was issued."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.domain.deadlines import Place
from app.domain.permissions import Profile
from app.web.inbox import listing
from app.web.inbox.due import Due, due_in_words
from tests.factories import CertificateFactory, OrganisationFactory, PersonFactory
from tests.web.offices import director, provider, requested
from tests.web.visitor import Visitor, page_of, words

GRANT, DENY = "Aprobar", "Rechazar"
NOON = datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_a_director_sees_the_requests_of_the_own_region_oldest_first(client: FlaskClient) -> None:
    first, second, elsewhere = requested(), requested(), requested("05")

    text = words(director(client).read("/bandeja"))

    assert text.index(first.action.code) < text.index(second.action.code)
    assert elsewhere.action.code not in text
    assert first.action.otec.name in text
    assert "2 tareas pendientes" in text


def test_an_empty_inbox_says_so(client: FlaskClient) -> None:
    assert "No hay tareas pendientes." in words(director(client).read("/bandeja"))


@pytest.mark.parametrize(
    ("day", "text", "is_urgent"),
    [
        (23, "Vence hoy", True),
        (24, "Por vencer: el 24/11/2026, en 1 día hábil", True),
        (26, "Vence el 26/11/2026, en 3 días hábiles", False),
        (30, "Vence el 30/11/2026, en 4 días hábiles", False),
        (22, "Vencida hace 1 día hábil, el 22/11/2026", True),
        (18, "Vencida hace 3 días hábiles, el 18/11/2026", True),
    ],
)
def test_a_term_is_told_in_working_days_of_the_place(day: int, text: str, is_urgent: bool) -> None:
    # Midnight of Santiago, when that day is over there; the twenty-seventh was added as a holiday.
    due_at = datetime(2026, 11, 1, 3, tzinfo=UTC) + timedelta(days=day)

    assert due_in_words(due_at, NOON, Place("13", "America/Santiago", {date(2026, 11, 27)})) == Due(text, is_urgent)


def test_a_term_that_ended_on_a_friday_is_not_late_by_any_working_day_on_the_sunday() -> None:
    due_at, sunday = datetime(2026, 11, 21, 3, tzinfo=UTC), datetime(2026, 11, 22, 15, tzinfo=UTC)

    assert due_in_words(due_at, sunday, Place("13", "America/Santiago")) == Due("Vencida el 20/11/2026", True)


def test_the_inbox_goes_on_on_a_second_page(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "SIZE", 2)
    for _ in range(3):
        requested()
    visitor = director(client)

    first = visitor.read("/bandeja")
    second = visitor.read(str(first.select_one("a[rel=next]")["href"]))  # type: ignore[index]

    assert len(first.select("#bandeja tbody tr")) == 2
    assert len(second.select("#bandeja tbody tr")) == 1


@pytest.fixture
def queries(engine: Engine, session: Session) -> Iterator[list[str]]:
    """What was asked of the database since the list was last emptied."""
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_a_longer_inbox_asks_the_database_no_more_often(client: FlaskClient, queries: list[str]) -> None:
    requested()
    visitor = director(client)
    visitor.read("/bandeja")
    queries.clear()
    visitor.read("/bandeja")
    for_one = len(queries)
    for _ in range(4):
        requested()
    queries.clear()

    visitor.read("/bandeja")

    assert for_one > 0
    assert len(queries) == for_one


def test_the_provider_finds_the_issuance_begun_and_goes_on_with_it(client: FlaskClient) -> None:
    certificate = CertificateFactory()
    visitor = provider(client, certificate)
    visitor.send(f"/acciones/{certificate.action.code}/emitir", "Emitir Certificado", document_reference="4521")

    link = visitor.read("/bandeja").select_one("#bandeja a")
    answer = client.get(str(link["href"]))  # type: ignore[index]

    assert answer.headers["Location"] == f"/acciones/{certificate.action.code}/emitir/revision"


@pytest.mark.parametrize("profile", [Profile.SUPERVISOR, Profile.INSTRUCTOR, Profile.PARTICIPANT])
def test_who_decides_nothing_has_no_inbox(client: FlaskClient, profile: Profile) -> None:
    organisation = OrganisationFactory() if profile is Profile.SUPERVISOR else None
    Visitor(client).enter(PersonFactory(profiles=[(profile, organisation, None)]), profile, organisation)

    page = page_of(client.get("/bandeja"), 403)

    assert "no tiene tareas" in words(page)
