"""Asistencia retroactiva in the inbox, and who may read a request and its files."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import HumanTask
from tests.factories import CertificateFactory, OrganisationFactory, PersonFactory, rows_of
from tests.support.tables import all_rows
from tests.web.retroactive_pages import (
    DENY,
    GRANT,
    PDF,
    addresses,
    asked_with_a_file,
    director,
    form_address,
    provider,
    request_address,
    send,
    task_address,
)
from tests.web.visitor import Visitor, page_of, words


def test_the_director_reads_class_marks_reason_files_and_effect(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(exit_lost=True)
    send(provider(client, certificate), certificate, "Falló el lector.", ("libro.pdf", PDF))

    visitor = director(client)
    row = words(visitor.read("/bandeja"), "#bandeja")
    page = words(visitor.read(task_address(session, certificate)))

    name = rows_of(session, certificate.action)["participants"][0].person.full_name
    assert "Resolver la solicitud de asistencia retroactiva" in row
    assert name in row
    for told in (
        name,
        "Falló el lector.",
        "libro.pdf",
        "Entrada a las ",
        "queda sin marca de salida",
        "Si se aprueba, la clase pasa de 0 min a 5 h",
    ):
        assert told in page


@pytest.mark.parametrize(
    ("button", "outcome", "told"),
    [
        (GRANT, "retroactive_granted", "La asistencia retroactiva quedó aprobada."),
        (DENY, "retroactive_denied", "La asistencia retroactiva quedó rechazada."),
    ],
)
def test_the_decision_ends_the_case_and_the_provider_reads_it(
    session: Session, client: FlaskClient, button: str, outcome: str, told: str
) -> None:
    certificate = CertificateFactory(retroactive_asked=True)
    visitor = director(client)

    answer = visitor.send(task_address(session, certificate), button, reason="Consta en el libro.")
    said = words(visitor.read(answer.headers["Location"]))
    read = words(provider(client, certificate).read(request_address(session, certificate)))

    session.expire_all()
    assert told in said
    assert "Consta en el libro." in read
    assert [task.instance.outcome for task in session.query(HumanTask).all()] == [outcome, outcome]


def test_who_decides_second_reads_who_decided_what_and_when(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(retroactive_asked=True)
    visitor, address = director(client), task_address(session, certificate)
    form, late = (visitor.fill(visitor.read(address), button, reason="Sí.") for button in (GRANT, DENY))
    client.post(address, data=form)
    session.expire_all()
    before = all_rows(session)

    text = words(page_of(client.post(address, data=late), 409))

    assert "aprobó la asistencia retroactiva el" in text
    assert all_rows(session) == before


def test_a_file_is_saved_as_it_came_and_never_shown_inside_our_pages(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(exit_lost=True)
    send(provider(client, certificate), certificate, "Va.", ("certificado médico.pdf", PDF))

    answer = client.get(f"{request_address(session, certificate)}/antecedentes/1")

    assert answer.data == PDF
    assert answer.mimetype == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "certificado%20m%C3%A9dico.pdf" in answer.headers["Content-Disposition"]
    assert client.get(f"{request_address(session, certificate)}/antecedentes/2").status_code == 404


@pytest.mark.parametrize("profile", [Profile.SUPERVISOR, Profile.INSTRUCTOR])
def test_who_only_views_reads_neither_request_nor_files(
    session: Session, client: FlaskClient, profile: Profile
) -> None:
    certificate = asked_with_a_file(client)
    organisation = certificate.action.otic if profile is Profile.SUPERVISOR else None
    Visitor(client).enter(PersonFactory(profiles=[(profile, organisation, None)]), profile, organisation)

    for address in (*addresses(session, certificate), form_address(certificate)):
        assert client.get(address).status_code == 403


def test_another_institution_and_another_region_find_nothing(session: Session, client: FlaskClient) -> None:
    certificate, other = asked_with_a_file(client), OrganisationFactory()
    Visitor(client).enter(
        PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, other, None)]), Profile.PROVIDER_NATIONAL_ADMIN, other
    )
    answers = [client.get(address) for address in (*addresses(session, certificate), form_address(certificate))]
    address = task_address(session, certificate)
    director(client, "05")

    answers += [client.get(one) for one in (*addresses(session, certificate), address)]

    assert {answer.status_code for answer in answers} == {404}


def test_a_participant_reads_the_own_request_and_nobody_else_s(session: Session, client: FlaskClient) -> None:
    certificate = asked_with_a_file(client)
    concerned, other = (one.person for one in rows_of(session, certificate.action)["participants"])

    for person, status in ((concerned, 200), (other, 404)):
        Visitor(client).enter(person, Profile.PARTICIPANT)
        assert [client.get(one).status_code for one in addresses(session, certificate)] == [status, status]
    assert client.get(form_address(certificate)).status_code == 403
