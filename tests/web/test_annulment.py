"""Solicitud de anulación certificado: asked with a reason, read with its decision, asked once more after a denial."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import AnnulmentDecision, AnnulmentRequest, Certificate
from app.services import annulments
from app.web.filters import last_day
from tests.factories import CertificateFactory, OrganisationFactory, PersonFactory, rows_of
from tests.support.database import rewriting
from tests.support.stories import WHY_ANNUL, WHY_DECIDED
from tests.support.tables import all_rows
from tests.web.visitor import Visitor, errors_of, page_of, words

SEND = "Enviar Solicitud"


def provider(client: FlaskClient, certificate: Certificate) -> Visitor:
    otec = certificate.action.otec
    visitor = Visitor(client)
    visitor.enter(
        PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, otec, None)]), Profile.PROVIDER_NATIONAL_ADMIN, otec
    )
    return visitor


def address(certificate: Certificate) -> str:
    return f"/acciones/{certificate.action.code}/anulacion"


def requests(session: Session, certificate: Certificate) -> list[AnnulmentRequest]:
    session.expire_all()
    return list(annulments.requests_of(session, certificate.action_id))


def test_a_request_is_sent_and_the_course_says_so(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(issued=True)
    visitor = provider(client, certificate)

    sent = visitor.send(address(certificate), SEND, reason="Falta un participante.")
    course = words(visitor.read(sent.headers["Location"]))

    assert "Su solicitud quedó enviada a la Dirección Regional." in course
    assert "Certificado pendiente de validación" in course
    assert [request.reason for request in requests(session, certificate)] == ["Falta un participante."]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Falta el motivo. Escriba por qué pide la anulación."),
        (" \n ", "Falta el motivo. Escriba por qué pide la anulación."),
        ("ñ" * 501, "El texto tiene 501 caracteres y el máximo es 500. Acórtelo y vuelva a enviar."),
    ],
    ids=["empty", "blank", "501"],
)
def test_a_wrong_reason_gets_one_sentence_stays_whole_and_changes_nothing(
    session: Session, client: FlaskClient, typed: str, sentence: str
) -> None:
    certificate = CertificateFactory(issued=True)
    visitor = provider(client, certificate)
    session.commit()
    before = all_rows(session)

    page = page_of(visitor.send(address(certificate), SEND, reason=typed), 422)

    assert errors_of(page) == [sentence]
    assert page.select_one("textarea").text.removeprefix("\n").strip(" \n") == typed.strip(" \n")  # type: ignore[union-attr]
    assert all_rows(session) == before


def test_500_characters_are_enough_and_a_line_end_is_one(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(issued=True)
    visitor = provider(client, certificate)

    visitor.send(address(certificate), SEND, reason="a" * 249 + "\r\n" + "b" * 250)

    (request,) = requests(session, certificate)
    assert len(request.reason) == 500


def test_what_no_eye_can_see_is_left_out(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(issued=True)
    provider(client, certificate).send(address(certificate), SEND, reason="Falta\x00 uno.\x1b")

    assert [request.reason for request in requests(session, certificate)] == ["Falta uno."]


def test_the_same_form_sent_twice_asks_once(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(issued=True)
    visitor = provider(client, certificate)
    form = visitor.fill(visitor.read(address(certificate)), SEND, reason="Falta un participante.")

    answers = [client.post(address(certificate), data=form) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == [f"/acciones/{certificate.action.code}"] * 2
    assert len(requests(session, certificate)) == 1


def test_a_colleague_who_asks_second_keeps_the_text_and_changes_nothing(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(issued=True)
    visitor = provider(client, certificate)
    form = visitor.fill(visitor.read(address(certificate)), SEND, reason="Falta un participante.")
    colleague = provider(client, certificate)
    page_now = colleague.read(address(certificate))
    colleague.send(address(certificate), SEND, reason="Llegó antes.")
    session.commit()
    before = all_rows(session)
    form["one_time_token"] = visitor.fill(page_now, SEND)["one_time_token"]

    page = page_of(client.post(address(certificate), data=form), 409)

    assert "Ya hay un trámite abierto para este curso." in errors_of(page)[0]
    assert page.select_one("textarea").text.strip() == "Falta un participante."  # type: ignore[union-attr]
    assert all_rows(session) == before


def test_the_decision_is_read_with_its_reasons(client: FlaskClient) -> None:
    certificate = CertificateFactory(rejected=True)
    visitor = provider(client, certificate)

    text = words(visitor.read(f"/acciones/{certificate.action.code}/solicitudes"))

    for told in (WHY_ANNUL, WHY_DECIDED, "Rechazada: el certificado sigue vigente.", "Pedir reposición"):
        assert told in text


def test_a_denial_is_asked_about_again_with_its_term_in_sight(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(rejected=True)
    visitor = provider(client, certificate)
    decision = session.query(AnnulmentDecision).one()
    until = annulments.reconsideration_ends_at(session, decision, certificate.action)

    page = visitor.read(address(certificate))
    visitor.send(address(certificate), SEND, reason="Adjunto el libro de clases.")

    assert "Reposición" in words(page, "h1")
    assert f"hasta el {last_day(until, certificate.action.time_zone)}" in words(page)
    assert WHY_DECIDED in words(page)
    assert [request.sequence for request in requests(session, certificate)] == [2, 1]


def test_after_the_term_the_course_says_it_is_over(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(rejected=True)
    with rewriting(session):
        session.query(AnnulmentDecision).update(
            {AnnulmentDecision.decided_at: AnnulmentDecision.decided_at - timedelta(days=30)}
        )
    visitor = provider(client, certificate)

    course = visitor.read(client.get(address(certificate)).headers["Location"])

    assert "El plazo de 5 días hábiles para pedir reposición venció." in words(course)


def test_before_any_issue_there_is_nothing_to_annul(client: FlaskClient) -> None:
    certificate = CertificateFactory()
    visitor = provider(client, certificate)

    course = visitor.read(client.get(address(certificate)).headers["Location"])

    assert "Solo se pide anular un certificado emitido" in words(course)


@pytest.mark.parametrize("profile", [Profile.SUPERVISOR, Profile.INSTRUCTOR, Profile.REGIONAL_DIRECTOR])
def test_only_the_training_body_asks(client: FlaskClient, profile: Profile) -> None:
    certificate = CertificateFactory(issued=True)
    organisation = certificate.action.otic if profile is Profile.SUPERVISOR else None
    Visitor(client).enter(PersonFactory(profiles=[(profile, organisation, "13")]), profile, organisation)

    assert client.get(address(certificate)).status_code == 403


def test_another_institution_finds_neither_form_nor_requests(client: FlaskClient) -> None:
    certificate = CertificateFactory(requested=True)
    other = OrganisationFactory()
    Visitor(client).enter(
        PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, other, None)]), Profile.PROVIDER_NATIONAL_ADMIN, other
    )

    assert client.get(address(certificate)).status_code == 404
    assert client.get(f"/acciones/{certificate.action.code}/solicitudes").status_code == 404


def test_a_participant_does_not_read_what_others_wrote(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(requested=True)
    Visitor(client).enter(rows_of(session, certificate.action)["participants"][0].person, Profile.PARTICIPANT)

    assert client.get(f"/acciones/{certificate.action.code}/solicitudes").status_code == 403
