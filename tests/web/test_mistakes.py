"""People's mistakes on the pages that move a case: one plain sentence, what was typed is kept, nothing changes."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Certificate, Person
from app.process import runner
from app.web.errors import EXPIRED
from tests.factories import CertificateFactory, PersonFactory, director_of
from tests.support.queue import SentJobs
from tests.support.tables import all_rows
from tests.web.visitor import Visitor, errors_of, page_of

TYPED = "Falta la última sesión de Ñuñoa."


def person_of(certificate: Certificate) -> Person:
    otec = certificate.action.otec
    person: Person = PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, otec, None)])
    return person


def enter(client: FlaskClient, certificate: Certificate, person: Person) -> Visitor:
    visitor = Visitor(client)
    visitor.enter(person, Profile.PROVIDER_NATIONAL_ADMIN, certificate.action.otec)
    return visitor


def at_annulment(session: Session, client: FlaskClient) -> tuple[Visitor, str, str, str]:
    certificate = CertificateFactory(issued=True)
    visitor = enter(client, certificate, person_of(certificate))
    return visitor, f"/acciones/{certificate.action.code}/anulacion", "Enviar Solicitud", "reason"


def at_first_step(session: Session, client: FlaskClient) -> tuple[Visitor, str, str, str]:
    certificate = CertificateFactory()
    visitor = enter(client, certificate, person_of(certificate))
    return visitor, f"/acciones/{certificate.action.code}/emitir", "Emitir Certificado", "document_reference"


def at_decision(session: Session, client: FlaskClient) -> tuple[Visitor, str, str, str]:
    certificate = CertificateFactory(requested=True)
    session.expire_all()
    task = runner.open_task(session, "annulment", certificate_id=certificate.id)
    assert task is not None
    visitor = Visitor(client)
    visitor.enter(PersonFactory(profiles=[director_of("13")]), Profile.REGIONAL_DIRECTOR)
    return visitor, f"/bandeja/{task.id}", "Aprobar", "reason"


Place = Callable[[Session, FlaskClient], tuple[Visitor, str, str, str]]
everywhere = pytest.mark.parametrize("place", [at_first_step, at_annulment, at_decision])


def typed_in(page: BeautifulSoup, field: str) -> str:
    (tag,) = page.select(f"[name={field}]")
    return str(tag.get("value") or tag.text).strip()


@everywhere
def test_an_expired_form_comes_back_as_it_was_typed(session: Session, client: FlaskClient, place: Place) -> None:
    visitor, address, button, field = place(session, client)
    form = visitor.fill(visitor.read(address), button, **{field: TYPED}) | {"csrf_token": "otra"}
    session.commit()
    before = all_rows(session)

    page = page_of(client.post(address, data=form), 422)

    assert errors_of(page) == [EXPIRED]
    assert typed_in(page, field) == TYPED
    assert all_rows(session) == before


@everywhere
def test_a_form_without_its_token_is_refused_and_kept(
    session: Session, client: FlaskClient, place: Place, sent_jobs: SentJobs
) -> None:
    visitor, address, button, field = place(session, client)
    form = visitor.fill(visitor.read(address), button, **{field: "OC-118"}) | {"one_time_token": ""}
    session.commit()
    before, rung = all_rows(session), sent_jobs()

    page = page_of(client.post(address, data=form), 409)

    assert errors_of(page) == ["El formulario llegó incompleto. Vuelva a abrir la página e inténtelo de nuevo."]
    assert typed_in(page, field) == "OC-118"
    assert (all_rows(session), sent_jobs()) == (before, rung)


def test_what_was_typed_survives_the_end_of_the_session_for_its_owner_only(
    session: Session, client: FlaskClient
) -> None:
    certificate = CertificateFactory(issued=True)
    owner, colleague = person_of(certificate), person_of(certificate)
    address = f"/acciones/{certificate.action.code}/anulacion"
    visitor = enter(client, certificate, owner)
    form = visitor.fill(visitor.read(address), "Enviar Solicitud", reason=TYPED)
    with client.session_transaction() as ended:
        ended.clear()
    client.post(address, data=form)

    somebody_else = enter(client, certificate, colleague).read(address)
    back = enter(client, certificate, owner).read(address)

    assert typed_in(somebody_else, "reason") == ""
    assert typed_in(back, "reason") == TYPED


def test_the_token_of_somebody_else_opens_nothing(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(issued=True)
    address = f"/acciones/{certificate.action.code}/anulacion"
    first = enter(client, certificate, person_of(certificate))
    used = first.fill(first.read(address), "Enviar Solicitud", reason=TYPED)
    second = enter(client, certificate, person_of(certificate))
    form = second.fill(second.read(address), "Enviar Solicitud", reason=TYPED)
    enter(client, certificate, session.get_one(Person, int(used["one_time_token"].partition(".")[0])))
    client.post(address, data=used | {"csrf_token": form["csrf_token"]})
    enter(client, certificate, session.get_one(Person, int(form["one_time_token"].partition(".")[0])))

    page = page_of(client.post(address, data=form | {"one_time_token": used["one_time_token"]}), 409)

    assert errors_of(page) == ["Este formulario ya se usó. Vuelva a abrirlo e inténtelo de nuevo."]


def test_an_acceptance_that_names_no_task_is_shown_the_review_again(session: Session, client: FlaskClient) -> None:
    visitor, address, button, field = at_first_step(session, client)
    review = visitor.send(address, button, **{field: "OC-118"}).headers["Location"]
    form = visitor.fill(visitor.read(review), "Acepto emitir el certificado")
    session.commit()
    before = all_rows(session)

    for wrong in ({"task_id": "x"}, {"accepted": "quizás"}):
        page = page_of(client.post(review, data=form | wrong), 422)
        assert len(errors_of(page)) == 1
    assert all_rows(session) == before
