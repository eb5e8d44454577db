"""A case that waits for a term or a fact: its pages say until when or for what, and nobody is sent to a task that is not there."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import AwaitedStatus, Certificate, TaskStatus
from app.process import runner
from app.process.diagrams import Event
from app.services import awaited, timers
from app.web.filters import last_day, local_moment
from tests.factories import CertificateFactory
from tests.support import waits
from tests.support.awaited import ANNULLED, FIVE_DAYS, let_pass, waiting
from tests.support.effects import perform_all
from tests.web.course_page import address
from tests.web.offices import director, provider
from tests.web.visitor import words

ZONE = "America/Santiago"


@pytest.fixture
def certificate(session: Session) -> Certificate:
    """Its issue is begun."""
    certificate: Certificate = CertificateFactory(steps=("begin",))
    return certificate


def alone(session: Session, certificate: Certificate, described: Event = FIVE_DAYS) -> str:
    """The case waits for that and for nobody; until which day."""
    row = waiting(session, described, certificate, "issuance")
    task = runner.open_task(session, "issuance", certificate_id=certificate.id)
    assert task is not None
    task.status, task.closed_at = TaskStatus.CANCELLED, datetime.now(UTC)
    session.flush()
    return last_day(row.due_at, ZONE) if row.due_at else ""


def test_the_course_says_until_when(client: FlaskClient, session: Session, certificate: Certificate) -> None:
    until = alone(session, certificate)

    text = words(provider(client, certificate).read(address(certificate.action)))

    assert f"Esperar cinco días: espera hasta el {until} (5 días hábiles)." in text


def test_the_course_says_for_what(client: FlaskClient, session: Session, certificate: Certificate) -> None:
    alone(session, certificate, ANNULLED)

    text = words(provider(client, certificate).read(address(certificate.action)))

    assert "Anulado: espera el aviso «Certificado anulado»." in text


def test_it_offers_no_button_and_says_why(client: FlaskClient, session: Session, certificate: Certificate) -> None:
    until = alone(session, certificate)

    page = provider(client, certificate).read(address(certificate.action))

    assert "Generar Certificado" not in [button.get_text(strip=True) for button in page.select("main .govuk-button")]
    assert f"no hay nada que responder ahora. Esperar cinco días: espera hasta el {until}" in words(page)


def test_who_comes_by_the_address_is_told_the_same(
    client: FlaskClient, session: Session, certificate: Certificate
) -> None:
    alone(session, certificate)
    visitor = provider(client, certificate)

    answer = visitor.client.get(f"{address(certificate.action)}/emitir")
    page = visitor.read(address(certificate.action))

    assert answer.status_code == 303
    assert "El trámite de este curso sigue solo y no hay nada que responder ahora." in words(page)


def test_what_has_come_is_on_the_way_taken(client: FlaskClient, session: Session, certificate: Certificate) -> None:
    row = waiting(session, ANNULLED, certificate, "issuance")
    row.status, row.closed_at = AwaitedStatus.HAPPENED, datetime.now(UTC)

    text = words(provider(client, certificate).read(address(certificate.action)))

    assert f"Anulado: llegó el aviso «Certificado anulado», {local_moment(row.closed_at, ZONE)}." in text


def test_what_the_case_went_on_without_is_not_told(
    client: FlaskClient, session: Session, certificate: Certificate
) -> None:
    row = waiting(session, FIVE_DAYS, certificate, "issuance")
    row.status, row.closed_at = AwaitedStatus.CANCELLED, datetime.now(UTC)

    assert "Esperar cinco días" not in words(provider(client, certificate).read(address(certificate.action)))


def test_the_case_file_tells_it_too(client: FlaskClient, session: Session) -> None:
    certificate = CertificateFactory(requested=True)
    row = waiting(session, FIVE_DAYS, certificate, "annulment")
    assert row.due_at is not None

    text = words(provider(client, certificate).read(f"{address(certificate.action)}/expediente"))

    assert f"Esperar cinco días: espera hasta el {last_day(row.due_at, ZONE)} (5 días hábiles), desde el " in text


def test_a_task_whose_time_ran_out_leaves_the_inbox_and_says_so(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    waits.published(session, waits.annulment(), waits.FORMS)
    certificate = CertificateFactory(requested=True)
    over(app, session, waits.PAUSE)
    task = waits.task(session, "decide_annulment")
    assert task is not None
    task_id, course = task.id, certificate.action.code
    visitor = director(client)
    before = words(visitor.read("/bandeja"))
    over(app, session, waits.LATE)

    assert course in before
    assert course not in words(visitor.read("/bandeja"))
    answer = visitor.client.get(f"/bandeja/{task_id}")
    assert answer.status_code == 409
    assert "Esta tarea ya no está pendiente. Vuelva a la bandeja para ver las que siguen." in answer.get_data(
        as_text=True
    )


def over(app: Flask, session: Session, key: str) -> None:
    let_pass(session, waits.awaited(session, key))
    awaited.ask_due(session, now=timers.clock(session))
    perform_all(app, session)
