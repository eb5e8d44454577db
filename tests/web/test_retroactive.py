"""Asistencia retroactiva asked from a participant's sessions: what is said before, once sent, and when it was asked already."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import RetroactiveRequest
from tests.factories import CertificateFactory
from tests.support.policies import apply_policy
from tests.support.stories import WHY_DECIDED, first_class
from tests.support.tables import all_rows
from tests.web.retroactive_pages import (
    PDF,
    director,
    filled,
    form_address,
    provider,
    send,
    sessions_address,
    task_address,
)
from tests.web.test_uploads import jpeg
from tests.web.visitor import errors_of, page_of, words


def test_from_the_sessions_to_the_confirmation(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(exit_lost=True)
    visitor = provider(client, certificate)
    link = visitor.read(sessions_address(certificate)).select_one("#clases-sin-marca a")
    assert link is not None
    assert link["href"] == form_address(certificate)

    sent = send(visitor, certificate, "Falló el lector.", ("libro de clases.pdf", PDF), ("foto.jpg", jpeg()))
    page = words(visitor.read(sent.headers["Location"]))

    for told in (
        "Su solicitud quedó enviada a la Dirección Regional.",
        "Falló el lector.",
        "libro de clases.pdf",
        "foto.jpg",
        "Pendiente: la Dirección Regional todavía no resuelve.",
    ):
        assert told in page
    assert "Pendiente" in words(visitor.read(sessions_address(certificate)), "#clases-sin-marca")


def test_a_participant_with_all_the_marks_is_offered_nothing(client: FlaskClient) -> None:
    certificate = CertificateFactory()

    page = provider(client, certificate).read(sessions_address(certificate))

    assert page.select_one("#clases-sin-marca") is None


def test_the_form_says_when_the_policy_of_the_course_would_give_no_time(client: FlaskClient) -> None:
    apply_policy("GCA-1-MISSING-NONE")
    certificate = CertificateFactory(exit_lost=True)

    page = words(provider(client, certificate).read(form_address(certificate)))

    assert "Aunque se apruebe, la cifra no cambia: la política GCA-1-MISSING-NONE" in page


def test_the_form_says_what_is_missing_and_what_an_approval_would_change(client: FlaskClient) -> None:
    certificate = CertificateFactory(exit_lost=True)

    page = words(provider(client, certificate).read(form_address(certificate)))

    assert "Falta la marca de salida" in page
    assert "la clase pasa de 0 min a 5 h y la asistencia del participante, de 50,00 % a 100,00 %." in page


def test_the_same_form_sent_twice_asks_once(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(exit_lost=True)
    form = filled(provider(client, certificate), certificate)

    answers = [client.post(form_address(certificate), data=form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert session.query(RetroactiveRequest).count() == 1


def test_a_colleague_who_asks_second_reads_it_and_keeps_the_text(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(exit_lost=True)
    visitor = provider(client, certificate)
    form = filled(visitor, certificate, "Yo también.")
    send(visitor, certificate)
    session.commit()
    before = all_rows(session)

    page = page_of(client.post(form_address(certificate), data=form), 409)

    assert errors_of(page)[0].startswith("Ya hay una solicitud por esta clase, enviada el ")
    assert page.select_one("textarea").text.strip() == "Yo también."  # type: ignore[union-attr]
    assert all_rows(session) == before


def test_opening_the_form_again_says_that_it_was_asked(client: FlaskClient) -> None:
    certificate = CertificateFactory(retroactive_asked=True)
    visitor = provider(client, certificate)

    page = visitor.read(client.get(form_address(certificate)).headers["Location"])

    assert "Ya hay una solicitud por esta clase" in words(page)


def test_after_a_denial_the_form_shows_why_and_asks_again(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(retroactive_denied=True)
    visitor = provider(client, certificate)

    page = words(visitor.read(form_address(certificate)))
    send(visitor, certificate, "Adjunto el libro.", ("libro.pdf", PDF))
    decision = words(director(client).read(task_address(session, certificate)))

    assert WHY_DECIDED in page
    assert "Solicitudes anteriores" in decision


def test_a_class_of_another_course_is_not_asked_about(client: FlaskClient) -> None:
    certificate, other = CertificateFactory(exit_lost=True), CertificateFactory(exit_lost=True)
    provider(client, certificate)

    address = f"{sessions_address(certificate)}/clases/{first_class(other).class_held_id}/asistencia-retroactiva"

    assert client.get(address).status_code == 404
