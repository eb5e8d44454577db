"""The inbox of an office and the decision of a request, read beside what was issued."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import AttendanceMark, Certificate, HumanTask
from app.process import runner
from app.services import annulments, certificates
from app.web.inbox import listing
from app.web.inbox.listing import due_in_words
from tests.factories import CertificateFactory, OrganisationFactory, PersonFactory, TrainingActionFactory, rows_of
from tests.support.tables import all_rows
from tests.web.visitor import Visitor, errors_of, page_of, words

GRANT, DENY = "Aprobar", "Rechazar"
NOON = datetime(2026, 11, 23, 15, tzinfo=UTC)


def director(client: FlaskClient, region: str = "13") -> Visitor:
    visitor = Visitor(client)
    visitor.enter(PersonFactory(profiles=[(Profile.REGIONAL_DIRECTOR, None, region)]), Profile.REGIONAL_DIRECTOR)
    return visitor


def provider(client: FlaskClient, certificate: Certificate) -> Visitor:
    otec = certificate.action.otec
    visitor = Visitor(client)
    visitor.enter(
        PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, otec, None)]), Profile.PROVIDER_NATIONAL_ADMIN, otec
    )
    return visitor


def waiting(session: Session, certificate: Certificate) -> HumanTask:
    session.expire_all()
    task = runner.open_task(session, "annulment", certificate_id=certificate.id)
    assert task is not None
    return task


def requested(region: str = "13") -> Certificate:
    action = TrainingActionFactory(region=region, participants=2, classes=2, attended=True)
    certificate: Certificate = CertificateFactory(action=action, requested=True)
    return certificate


def task_address(session: Session, certificate: Certificate) -> str:
    return f"/bandeja/{waiting(session, certificate).id}"


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
    ("days", "text", "overdue"),
    [
        (0, "Vence hoy", False),
        (1, "Vence el 24/11/2026, en 1 día", False),
        (9, "Vence el 02/12/2026, en 9 días", False),
        (-1, "Atrasada: venció el 22/11/2026, hace 1 día", True),
    ],
)
def test_a_term_is_told_in_days_of_the_place(days: int, text: str, overdue: bool) -> None:
    # Midnight of Santiago, when 23 November is over there.
    due_at = datetime(2026, 11, 24, 3, tzinfo=UTC) + timedelta(days=days)

    assert due_in_words(due_at, NOON, "America/Santiago") == (text, overdue)


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


def test_the_request_is_shown_with_what_was_issued_beside_what_the_marks_say_now(
    session: Session, client: FlaskClient
) -> None:
    certificate = requested()
    changed, same = rows_of(session, certificate.action)["participants"]
    marks = session.query(AttendanceMark).filter_by(participant_id=changed.id)
    marks.filter_by(class_held_id=rows_of(session, certificate.action)["classes"][0].id).update(
        {"validation": "rejected"}
    )

    page = director(client).read(task_address(session, certificate))

    told = {
        table: [[cell.text.strip() for cell in row.select("td")] for row in page.select(f"#{table} tbody tr")]
        for table in ("comparacion", "sin-cambios")
    }
    name = changed.person.full_name
    assert told["comparacion"] == [[changed.person.rut.screen, name, "100,00 %", "50,00 %", "Baja 50,00 puntos"]]
    assert [row[1:] for row in told["sin-cambios"]] == [[same.person.full_name, "100,00 %", "100,00 %", "Sin cambios"]]
    assert "1 participante tiene hoy una asistencia distinta de la emitida." in words(page)


@pytest.mark.parametrize(
    ("button", "state", "told"),
    [
        (GRANT, "approved_for_reissue", "La anulación quedó aprobada."),
        (DENY, "rejected", "La anulación quedó rechazada."),
    ],
)
def test_the_decision_changes_the_state_and_the_inbox_says_so(
    session: Session, client: FlaskClient, button: str, state: str, told: str
) -> None:
    certificate = requested()
    visitor = director(client)

    answer = visitor.send(task_address(session, certificate), button, reason="Se revisaron las marcas.")
    text = words(visitor.read(answer.headers["Location"]))

    session.expire_all()
    assert certificates.state_of_action(session, certificate.action_id) == state
    assert told in text
    assert "No hay tareas pendientes." in text


@pytest.mark.parametrize(("typed", "sentence"), [(" ", "Faltan las razones."), ("x" * 2001, "El texto tiene 2001")])
@pytest.mark.parametrize("button", [GRANT, DENY])
def test_no_decision_without_its_reasons(
    session: Session, client: FlaskClient, button: str, typed: str, sentence: str
) -> None:
    certificate = requested()
    visitor = director(client)
    address = task_address(session, certificate)
    session.commit()
    before = all_rows(session)

    page = page_of(visitor.send(address, button, reason=typed), 422)

    assert errors_of(page)[0].startswith(sentence)
    assert page.select_one("textarea").text.strip() == typed.strip()  # type: ignore[union-attr]
    assert all_rows(session) == before


def test_who_comes_second_reads_who_decided_what_and_when(session: Session, client: FlaskClient) -> None:
    certificate = requested()
    address = task_address(session, certificate)
    visitor = director(client)
    form, late = (visitor.fill(visitor.read(address), button, reason="Sí.") for button in (GRANT, DENY))
    client.post(address, data=form)
    session.expire_all()
    before = all_rows(session)

    for answer in (client.post(address, data=late), client.get(address)):
        text = words(page_of(answer, 409))
        assert "aprobó la anulación el" in text
        assert "No se registró nada más." in text
    assert all_rows(session) == before


def test_the_same_form_sent_twice_decides_once_and_tells_what_was_recorded(
    session: Session, client: FlaskClient
) -> None:
    certificate = requested()
    address = task_address(session, certificate)
    visitor = director(client)
    form = visitor.fill(visitor.read(address), GRANT, reason="Procede.")

    answers = [client.post(address, data=form | {"granted": granted}) for granted in ("1", "0")]

    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert "La anulación quedó aprobada." in words(visitor.read(answers[1].headers["Location"]))


def test_a_task_of_another_region_is_not_there(session: Session, client: FlaskClient) -> None:
    certificate = requested()
    address = task_address(session, certificate)
    director(client, "05")

    assert client.get(address).status_code == 404
    assert client.get("/bandeja/999999").status_code == 404


def test_the_provider_does_not_see_the_directors_task(session: Session, client: FlaskClient) -> None:
    certificate = requested()
    address = task_address(session, certificate)
    provider(client, certificate)

    assert client.get(address).status_code == 404


def test_a_reconsideration_is_read_with_the_earlier_decision(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(rejected=True)
    asking = provider(client, certificate)
    asking.send(f"/acciones/{certificate.action.code}/anulacion", "Enviar Solicitud", reason="Adjunto el libro.")

    text = words(director(client).read(task_address(session, certificate)))

    assert "Reposición del folio" in text
    assert "Solicitudes anteriores" in text
    assert "no cabe otra solicitud" in text
    assert len(annulments.requests_of(session, certificate.action_id)) == 2
