"""A process begun from nothing: a name and an id are enough for a draft that stands in the list and is sound."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import ProcessDraft
from app.process import diagrams, gate
from app.process.package import Package
from tests.studio.analysts import analyst, at_the_studio
from tests.web.visitor import Visitor, errors_of, page_of, words

NEW = "/procesos/nuevo"


@pytest.fixture
def visitor(client: FlaskClient, session: Session) -> Visitor:
    return at_the_studio(client, analyst())


def test_a_name_and_an_id_begin_a_draft(visitor: Visitor, session: Session) -> None:
    link = visitor.read("/procesos").select_one(f'main a[href="{NEW}"]')
    assert link is not None

    answer = visitor.send(NEW, "Empezar el borrador", name="Segunda revisión", process_id="second_review")

    page = visitor.read(answer.headers["Location"])
    assert words(page, "h1") == "Borrador de Segunda revisión"
    assert "second_review" in str(visitor.read("/procesos").select_one("#procesos"))
    (draft,) = session.query(ProcessDraft)
    assert gate.findings(Package(diagrams.stored(draft.xml))) == []


@pytest.mark.parametrize(
    ("process_id", "sentence"),
    [
        ("annulment", "Ya hay un proceso «annulment»"),
        ("Segunda revisión", "El id va en inglés"),
        ("nuevo", "El id va en inglés"),
        ("", "Falta el id"),
    ],
)
def test_an_id_that_is_none_or_taken_is_refused_and_the_name_stays(
    visitor: Visitor, session: Session, process_id: str, sentence: str
) -> None:
    answer = visitor.send(NEW, "Empezar el borrador", name="Segunda revisión", process_id=process_id)

    page = page_of(answer, 422)
    assert sentence in errors_of(page)[0]
    assert page.select_one("#name")["value"] == "Segunda revisión"  # type: ignore[index]
    assert session.query(ProcessDraft).count() == 0


def test_an_id_of_a_draft_that_was_begun_is_taken(visitor: Visitor, session: Session) -> None:
    for status in (303, 422):
        answer = visitor.send(NEW, "Empezar el borrador", name="Segunda revisión", process_id="second_review")
        assert answer.status_code == status
    assert session.query(ProcessDraft).count() == 1
