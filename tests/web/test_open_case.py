"""Where a case stands: on the course, on the task and in the case file, its diagram with since when, until when and the way."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Certificate
from app.services import holidays
from app.web.filters import last_day, local_moment
from tests.factories import CertificateFactory
from tests.web.course_page import address
from tests.web.offices import director, provider, task_address, waiting
from tests.web.people import enter
from tests.web.visitor import words

STEP = "Resolver la solicitud de anulación"
OFFICE = "Dirección Regional Metropolitana de Santiago"


@pytest.fixture
def certificate(session: Session) -> Certificate:
    certificate: Certificate = CertificateFactory(requested=True)
    return certificate


def where_it_stands(session: Session, certificate: Certificate) -> str:
    task = waiting(session, certificate)
    assert task.due_at is not None
    zone = holidays.place_of(session, certificate.action).zone
    return f"{STEP}: espera a {OFFICE} desde el {local_moment(task.opened_at, zone)}, hasta el {last_day(task.due_at, zone)}."


def test_the_course_shows_where_its_case_is(client: FlaskClient, session: Session, certificate: Certificate) -> None:
    page = provider(client, certificate).read(address(certificate.action))

    text = words(page)
    assert where_it_stands(session, certificate) in text
    assert f"Escribir el motivo de la anulación: {certificate.issuances[0].requests[0].requested_by.full_name}" in text
    assert STEP not in str(page.select_one("svg.app-diagram desc"))
    assert "Pasos hechos, en orden: Se pide anular, Escribir el motivo de la anulación" in str(
        page.select_one("svg desc")
    )


def test_so_does_the_task(client: FlaskClient, session: Session, certificate: Certificate) -> None:
    page = director(client).read(task_address(session, certificate))

    assert where_it_stands(session, certificate) in words(page)
    assert page.select_one("svg.app-diagram") is not None


def test_and_the_case_file(client: FlaskClient, session: Session, certificate: Certificate) -> None:
    text = words(provider(client, certificate).read(f"/acciones/{certificate.action.code}/expediente"))

    assert f"; espera a {OFFICE}" in text


def test_a_course_without_a_case_shows_none(client: FlaskClient, session: Session) -> None:
    certificate = CertificateFactory(issued=True)

    page = provider(client, certificate).read(address(certificate.action))

    assert page.select("svg.app-diagram") == []


def test_who_may_not_read_the_case_file_reads_no_names(
    client: FlaskClient, session: Session, certificate: Certificate
) -> None:
    action = certificate.action
    page = enter(client, Profile.SUPERVISOR, action.otic).read(address(action))

    assert where_it_stands(session, certificate) in words(page)
    assert "Escribir el motivo de la anulación: Organismo capacitador" in words(page)
