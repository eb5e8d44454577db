"""The draft on paper: what would be issued now, seen before it is accepted, and never mistaken for a certificate."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import TrainingAction
from tests.factories import TrainingActionFactory
from tests.support.documents import texts, words
from tests.web.offices import visit
from tests.web.visitor import Visitor

ENTER = "Emitir Certificado"


@pytest.fixture
def action(session: Session) -> TrainingAction:
    course: TrainingAction = TrainingActionFactory(participants=40, classes=1, attended=True)
    return course


@pytest.fixture
def visitor(client: FlaskClient, action: TrainingAction) -> Visitor:
    return visit(client, action.otec)


def draft(action: TrainingAction) -> str:
    return f"/acciones/{action.code}/emitir/borrador.pdf"


def test_the_review_leads_to_the_draft_and_every_page_of_it_says_so(visitor: Visitor, action: TrainingAction) -> None:
    entered = visitor.send(f"/acciones/{action.code}/emitir", ENTER, document_reference="OC-4521")
    (way,) = visitor.read(entered.headers["Location"]).select(f'a[href="{draft(action)}"]')

    answer = visitor.client.get(str(way["href"]))

    pages = texts(answer.data)
    assert len(pages) > 1
    assert all("BORRADOR" in page for page in pages)
    assert "OC-4521" in words(pages[0])
    assert "Por asignar" in words(pages[0])
    assert "no-store" in answer.headers["Cache-Control"]
    assert f"borrador-{action.code}.pdf" in answer.headers["Content-Disposition"]


def test_before_the_number_of_the_invoice_there_is_no_draft(visitor: Visitor, action: TrainingAction) -> None:
    answer = visitor.client.get(draft(action))

    assert answer.headers["Location"] == f"/acciones/{action.code}/emitir/revision"


def test_the_draft_is_for_who_may_issue(client: FlaskClient, action: TrainingAction) -> None:
    visit(client, action.otec, Profile.INSTRUCTOR)

    assert client.get(draft(action)).status_code == 403


def test_the_draft_of_another_institution_is_not_found(client: FlaskClient, action: TrainingAction) -> None:
    visit(client, TrainingActionFactory().otec)

    assert client.get(draft(action)).status_code == 404
