"""Generar Certificado: from the number of the invoice to the folio, by one person or by two."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.domain.terms import ActionStatus
from app.models import AttendanceMark, Issuance, TrainingAction
from app.services import certificates
from tests.factories import CertificateFactory, OrganisationFactory, TrainingActionFactory, rows_of
from tests.support.tables import all_rows
from tests.web.offices import visit
from tests.web.visitor import Visitor, errors_of, page_of, words

ENTER, ACCEPT, CORRECT = "Emitir Certificado", "Acepto emitir el certificado", "Corregir el N° de factura"


@pytest.fixture
def action(session: Session) -> TrainingAction:
    course: TrainingAction = TrainingActionFactory(participants=3, classes=2, attended=True)
    return course


@pytest.fixture
def visitor(client: FlaskClient, action: TrainingAction) -> Visitor:
    return visit(client, action.otec)


def first_step(action: TrainingAction) -> str:
    return f"/acciones/{action.code}/emitir"


def review(action: TrainingAction) -> str:
    return f"/acciones/{action.code}/emitir/revision"


def issued(session: Session, action: TrainingAction) -> list[Issuance]:
    session.expire_all()
    return list(certificates.issuances_of(session, action.id))


def test_a_number_an_acceptance_and_the_folio_is_there(
    session: Session, visitor: Visitor, action: TrainingAction
) -> None:
    entered = visitor.send(first_step(action), ENTER, document_reference="  OC-2026/118 ")
    accepted = visitor.send(entered.headers["Location"], ACCEPT)
    (issuance,) = issued(session, action)

    page = visitor.read(accepted.headers["Location"])

    assert words(page, "#folio") == str(issuance.folio)
    assert issuance.document_reference == "OC-2026/118"
    assert issuance.evidence["authenticated_by"] == "cus"


def test_the_review_shows_everything_that_will_be_printed(visitor: Visitor, action: TrainingAction) -> None:
    visitor.send(first_step(action), ENTER, document_reference="4521")

    text = words(visitor.read(review(action)))

    for printed in (action.code, action.name, action.otec.name, "4521", "GCA-1", "100,00 %", "Participantes (3)"):
        assert printed in text
    assert certificates.ACCEPTANCE_TEXT in text


def test_the_review_warns_in_words_of_little_and_of_provisional_attendance(
    session: Session, visitor: Visitor, action: TrainingAction
) -> None:
    rows = rows_of(session, action)
    session.query(AttendanceMark).filter_by(participant_id=rows["participants"][0].id).update({"validation": "pending"})
    visitor.send(first_step(action), ENTER, document_reference="4521")

    text = words(visitor.read(review(action)))

    assert "1 participante queda bajo el 75 %" in text
    assert "1 participante tiene huellas por validar" in text
    assert "Bajo el 75 %; 10 h con huella por validar: no se cuentan en el certificado" in text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Falta el N° de factura u orden de compra."),
        ("   ", "Falta el N° de factura u orden de compra."),
        ("1" * 61, "El número tiene 61 caracteres y el máximo es 60."),
        ("OC <b>118</b>", "El número lleva solo letras, cifras, guion, barra, punto y espacio."),
    ],
)
def test_a_wrong_number_gets_one_sentence_keeps_what_was_typed_and_changes_nothing(
    session: Session, visitor: Visitor, action: TrainingAction, typed: str, sentence: str
) -> None:
    session.commit()
    before = all_rows(session)

    page = page_of(visitor.send(first_step(action), ENTER, document_reference=typed), 422)

    assert [error.startswith(sentence) for error in errors_of(page)] == [True]
    assert page.select_one("#document_reference").get("value", "") == typed  # type: ignore[union-attr]
    assert all_rows(session) == before


def test_no_number_is_entered_once_the_course_was_liquidated_under_an_open_case(
    session: Session, visitor: Visitor, action: TrainingAction
) -> None:
    visitor.send(first_step(action), ENTER, document_reference="4521")
    form = visitor.fill(visitor.read(first_step(action)), ENTER, document_reference="4522")
    action.status = ActionStatus.LIQUIDATED
    session.commit()
    before = all_rows(session)

    page = page_of(visitor.client.post(first_step(action), data=form), 409)

    assert [error.startswith("El curso está liquidado") for error in errors_of(page)] == [True]
    assert all_rows(session) == before


def test_correcting_goes_back_with_the_number_kept(session: Session, visitor: Visitor, action: TrainingAction) -> None:
    visitor.send(first_step(action), ENTER, document_reference="4521")

    back = visitor.send(review(action), CORRECT)
    page = visitor.read(back.headers["Location"])

    assert back.headers["Location"] == first_step(action)
    assert page.select_one("#document_reference")["value"] == "4521"  # type: ignore[index]
    assert issued(session, action) == []


def test_the_back_button_and_another_number_is_a_correction_too(
    session: Session, visitor: Visitor, action: TrainingAction
) -> None:
    visitor.send(first_step(action), ENTER, document_reference="4521")
    visitor.send(first_step(action), ENTER, document_reference="4522")
    visitor.send(review(action), ACCEPT)

    assert [issuance.document_reference for issuance in issued(session, action)] == ["4522"]


def test_the_same_form_sent_twice_issues_once_and_answers_the_same(
    session: Session, visitor: Visitor, action: TrainingAction
) -> None:
    visitor.send(first_step(action), ENTER, document_reference="4521")
    form = visitor.fill(visitor.read(review(action)), ACCEPT)

    answers = [visitor.client.post(review(action), data=form) for _ in range(2)]

    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(issued(session, action)) == 1


def test_what_changed_during_the_review_is_shown_before_anything_is_issued(
    session: Session, visitor: Visitor, action: TrainingAction
) -> None:
    visitor.send(first_step(action), ENTER, document_reference="4521")
    form = visitor.fill(visitor.read(review(action)), ACCEPT)
    action.name = "Manipulación segura de alimentos, segunda versión"
    session.commit()
    before = all_rows(session)

    page = page_of(visitor.client.post(review(action), data=form), 409)

    assert errors_of(page) == [
        "Los datos del curso cambiaron mientras usted revisaba. Revise el certificado otra vez y acéptelo."
    ]
    assert "segunda versión" in words(page)
    assert all_rows(session) == before
    again = visitor.client.post(review(action), data=visitor.fill(page, ACCEPT))
    assert again.status_code == 303


def test_a_colleague_goes_on_where_one_left(session: Session, visitor: Visitor, action: TrainingAction) -> None:
    visitor.send(first_step(action), ENTER, document_reference="4521")
    colleague = visit(visitor.client, action.otec)

    colleague.send(review(action), ACCEPT)

    (issuance,) = issued(session, action)
    assert issuance.document_reference == "4521"


def test_who_accepts_second_reads_who_was_first(session: Session, visitor: Visitor, action: TrainingAction) -> None:
    visitor.send(first_step(action), ENTER, document_reference="4521")
    colleague = visit(visitor.client, action.otec)
    form, late = (colleague.fill(colleague.read(review(action)), ACCEPT) for _ in range(2))
    colleague.client.post(review(action), data=form)
    (issuance,) = issued(session, action)

    page = page_of(colleague.client.post(review(action), data=late), 409)

    assert f"{issuance.issued_by.full_name} aceptó emitir el certificado el" in words(page)
    assert len(issued(session, action)) == 1


def test_an_issued_course_offers_no_second_issue(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(issued=True)
    visitor = visit(client, certificate.action.otec)

    answer = client.get(first_step(certificate.action))

    assert answer.headers["Location"] == f"/acciones/{certificate.action.code}"
    assert "Este curso está en «Certificado Emitido»" in words(visitor.read(answer.headers["Location"]))


def test_a_task_of_another_course_is_not_accepted_by_its_number(
    session: Session, visitor: Visitor, action: TrainingAction
) -> None:
    other = TrainingActionFactory(otec=action.otec, participants=1)
    visitor.send(first_step(action), ENTER, document_reference="4521")
    visitor.send(first_step(other), ENTER, document_reference="9999")
    form = visitor.fill(visitor.read(review(other)), ACCEPT)

    answer = visitor.client.post(review(action), data=form)

    assert answer.status_code == 404
    assert issued(session, action) == issued(session, other) == []


@pytest.mark.parametrize("profile", [Profile.SUPERVISOR, Profile.INSTRUCTOR, Profile.PARTICIPANT])
@pytest.mark.parametrize("address", [first_step, review], ids=["first step", "review"])
def test_who_only_looks_cannot_issue(
    client: FlaskClient, action: TrainingAction, profile: Profile, address: object
) -> None:
    visit(client, action.otic if profile is Profile.SUPERVISOR else None, profile)  # type: ignore[arg-type]

    assert client.get(address(action)).status_code == 403  # type: ignore[operator]
    assert client.post(address(action)).status_code in (400, 403)  # type: ignore[operator]


def test_another_institution_finds_nothing(client: FlaskClient, action: TrainingAction) -> None:
    visit(client, OrganisationFactory())

    assert client.get(first_step(action)).status_code == 404
    assert client.get(review(action)).status_code == 404


def test_the_course_that_has_not_ended_says_from_when(session: Session, client: FlaskClient) -> None:
    action = TrainingActionFactory(finished=False, participants=1)
    visitor = visit(client, action.otec)

    page = visitor.read(client.get(first_step(action)).headers["Location"])

    assert f"{action.ends_on + timedelta(days=1):%d/%m/%Y}" in words(page)
