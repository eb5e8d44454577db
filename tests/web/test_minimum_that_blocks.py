"""A policy whose minimum blocks: said on the course's page, not after the number of the invoice was typed."""

from dataclasses import replace
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.attendance_policy import GCA_1, BelowThreshold
from app.models import AttendanceMark, TrainingAction
from tests.factories import TrainingActionFactory
from tests.support.policies import rule
from tests.web.course_page import ADMIN, GENERATE, address, buttons, see, visit
from tests.web.visitor import words

SENTENCE = "2 participantes están bajo el mínimo y la política BLOQUEA no deja emitir así."


@pytest.fixture(autouse=True)
def _minimum_that_blocks(session: Session) -> None:
    rule(replace(GCA_1, policy_id="BLOQUEA", below_threshold=BelowThreshold.BLOCKS))


def course(hours: int) -> TrainingAction:
    made: TrainingAction = TrainingActionFactory(
        participants=2, classes=2, attended=True, credited_hours=Decimal(hours)
    )
    return made


def test_under_it_the_sentence_stands_in_the_place_of_the_button(client: FlaskClient) -> None:
    page = see(client, course(14))

    assert GENERATE not in buttons(page)
    assert SENTENCE in words(page, ".govuk-inset-text")


def test_who_reaches_it_issues_as_ever(client: FlaskClient) -> None:
    assert GENERATE in buttons(see(client, course(10)))


def test_the_number_of_the_invoice_is_not_asked_for(client: FlaskClient) -> None:
    action = course(14)
    visitor = visit(client, ADMIN, action.otec)

    answer = client.get(f"{address(action)}/emitir")

    assert answer.headers["Location"] == address(action)
    assert SENTENCE in words(visitor.read(address(action)))


def test_who_falls_under_it_during_the_review_goes_back_to_the_course(client: FlaskClient, session: Session) -> None:
    action = course(10)
    visitor = visit(client, ADMIN, action.otec)
    entered = visitor.send(f"{address(action)}/emitir", "Emitir Certificado", document_reference="4521")
    session.query(AttendanceMark).update({"validation": "rejected"})

    answer = client.get(entered.headers["Location"])

    assert answer.headers["Location"] == address(action)
    assert SENTENCE in words(visitor.read(address(action)))
