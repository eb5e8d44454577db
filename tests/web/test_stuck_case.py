"""A case that its diagram cannot move: nothing stays but an incident, and the person keeps what was typed."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Incident, ProcessDefinition
from tests.factories import CertificateFactory, PersonFactory, director_of
from tests.support.database import rewriting
from tests.support.tables import all_rows
from tests.web.offices import task_address
from tests.web.visitor import Visitor, page_of, words

TYPED = "Falta la última sesión de Ñuñoa."
PROBLEM = "La operación «gone» no existe."


def spoil(session: Session) -> None:
    """A diagram of annulments as no gate lets it pass: its steps call what nobody offers."""
    published = session.scalars(select(ProcessDefinition).where(ProcessDefinition.process_id == "annulment")).all()
    with rewriting(session):
        for definition in published:
            definition.xml = definition.xml.replace("annulments/decide", "gone").replace("annulments/request", "gone")
            # What a version holds is put together once for a hash.
            definition.content_sha256 = f"spoiled {definition.id}"
    session.commit()


@pytest.fixture
def director(client: FlaskClient, session: Session) -> Visitor:
    visitor = Visitor(client)
    visitor.enter(PersonFactory(profiles=[director_of("13")]), Profile.REGIONAL_DIRECTOR)
    return visitor


def test_the_person_gets_a_number_and_finds_what_was_typed(
    client: FlaskClient, session: Session, director: Visitor
) -> None:
    certificate = CertificateFactory(requested=True)
    address = task_address(session, certificate)
    spoil(session)

    page = page_of(director.send(address, "Aprobar", reason=TYPED), 500)

    incident = session.scalars(select(Incident)).one()
    assert f"es el incidente N.º {incident.id}" in words(page)
    way_back = page.select_one("main a")
    assert way_back is not None
    assert way_back["href"] == address
    assert TYPED in director.read(address).select_one("textarea").text  # type: ignore[union-attr]


def test_nothing_of_the_action_stays_but_one_incident_however_often_it_is_tried(
    client: FlaskClient, session: Session, director: Visitor
) -> None:
    certificate = CertificateFactory(requested=True)
    address = task_address(session, certificate)
    spoil(session)
    before = all_rows(session)

    for _ in range(2):
        director.send(address, "Aprobar", reason=TYPED)

    incident = session.scalars(select(Incident)).one()
    assert (incident.kind, incident.instance_id is None) == ("process/annulment", False)
    assert incident.detail == f"Curso {certificate.action.code}: {PROBLEM}"
    session.delete(incident)
    session.commit()
    assert all_rows(session) == before


def test_a_case_that_cannot_even_begin_is_an_incident_of_its_course(client: FlaskClient, session: Session) -> None:
    certificate = CertificateFactory(issued=True)
    otec = certificate.action.otec
    visitor = Visitor(client)
    person = PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, otec, None)])
    visitor.enter(person, Profile.PROVIDER_NATIONAL_ADMIN, otec)
    spoil(session)

    address = f"/acciones/{certificate.action.code}/anulacion"
    page_of(visitor.send(address, "Enviar Solicitud", reason=TYPED), 500)

    incident = session.scalars(select(Incident)).one()
    assert (incident.kind, incident.instance_id) == ("process/annulment", None)
    assert certificate.action.code in incident.detail
