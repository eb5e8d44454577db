"""Deciding an annulment request: what the director reads, what is recorded, and who comes second."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import AttendanceMark
from app.services import annulments, certificates
from tests.factories import CertificateFactory, rows_of
from tests.support.tables import all_rows
from tests.web.offices import director, provider, requested, task_address
from tests.web.visitor import errors_of, page_of, words

GRANT, DENY = "Aprobar", "Rechazar"
NOON = datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_the_request_is_shown_with_what_was_issued_beside_what_the_marks_say_now(
    session: Session, client: FlaskClient
) -> None:
    certificate = requested()
    changed, same = rows_of(session, certificate.action)["participants"]
    marks = session.query(AttendanceMark).filter_by(participant_id=changed.id)
    marks.filter_by(class_held_id=rows_of(session, certificate.action)["classes"][0].id).update(
        {"validation": "rejected"}
    )

    page = director(client).read(task_address(session, certificate))

    told = {
        table: [[cell.text.strip() for cell in row.select("td")] for row in page.select(f"#{table} tbody tr")]
        for table in ("comparacion", "sin-cambios")
    }
    name = changed.person.full_name
    assert told["comparacion"] == [[changed.person.rut.screen, name, "100,00 %", "50,00 %", "Baja 50,00 puntos"]]
    assert [row[1:] for row in told["sin-cambios"]] == [[same.person.full_name, "100,00 %", "100,00 %", "Sin cambios"]]
    assert "1 participante tiene hoy una asistencia distinta de la emitida." in words(page)


@pytest.mark.parametrize(
    ("button", "state", "told"),
    [
        (GRANT, "approved_for_reissue", "La anulación quedó aprobada."),
        (DENY, "rejected", "La anulación quedó rechazada."),
    ],
)
def test_the_decision_changes_the_state_and_the_inbox_says_so(
    session: Session, client: FlaskClient, button: str, state: str, told: str
) -> None:
    certificate = requested()
    visitor = director(client)

    answer = visitor.send(task_address(session, certificate), button, reason="Se revisaron las marcas.")
    text = words(visitor.read(answer.headers["Location"]))

    session.expire_all()
    assert certificates.state_of_action(session, certificate.action_id) == state
    assert told in text
    assert "No hay tareas pendientes." in text


@pytest.mark.parametrize(("typed", "sentence"), [(" ", "Faltan las razones."), ("x" * 2001, "El texto tiene 2001")])
@pytest.mark.parametrize("button", [GRANT, DENY])
def test_no_decision_without_its_reasons(
    session: Session, client: FlaskClient, button: str, typed: str, sentence: str
) -> None:
    certificate = requested()
    visitor = director(client)
    address = task_address(session, certificate)
    session.commit()
    before = all_rows(session)

    page = page_of(visitor.send(address, button, reason=typed), 422)

    assert errors_of(page)[0].startswith(sentence)
    assert page.select_one("textarea").text.strip() == typed.strip()  # type: ignore[union-attr]
    assert all_rows(session) == before


def test_who_comes_second_reads_who_decided_what_and_when(session: Session, client: FlaskClient) -> None:
    certificate = requested()
    address = task_address(session, certificate)
    visitor = director(client)
    form, late = (visitor.fill(visitor.read(address), button, reason="Sí.") for button in (GRANT, DENY))
    client.post(address, data=form)
    session.expire_all()
    before = all_rows(session)

    for answer in (client.post(address, data=late), client.get(address)):
        text = words(page_of(answer, 409))
        assert "aprobó la anulación el" in text
        assert "No se registró nada más." in text
    assert all_rows(session) == before


def test_the_same_form_sent_twice_decides_once_and_tells_what_was_recorded(
    session: Session, client: FlaskClient
) -> None:
    certificate = requested()
    address = task_address(session, certificate)
    visitor = director(client)
    form = visitor.fill(visitor.read(address), GRANT, reason="Procede.")

    answers = [client.post(address, data=form | {"granted": granted}) for granted in ("1", "0")]

    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert "La anulación quedó aprobada." in words(visitor.read(answers[1].headers["Location"]))


def test_a_task_of_another_region_is_not_there(session: Session, client: FlaskClient) -> None:
    certificate = requested()
    address = task_address(session, certificate)
    director(client, "05")

    assert client.get(address).status_code == 404
    assert client.get("/bandeja/999999").status_code == 404


def test_the_provider_does_not_see_the_directors_task(session: Session, client: FlaskClient) -> None:
    certificate = requested()
    address = task_address(session, certificate)
    provider(client, certificate)

    assert client.get(address).status_code == 404


def test_a_reconsideration_is_read_with_the_earlier_decision(session: Session, client: FlaskClient) -> None:
    certificate = CertificateFactory(rejected=True)
    asking = provider(client, certificate)
    asking.send(f"/acciones/{certificate.action.code}/anulacion", "Enviar Solicitud", reason="Adjunto el libro.")

    text = words(director(client).read(task_address(session, certificate)))

    assert "Reposición del folio" in text
    assert "Solicitudes anteriores" in text
    assert "No cabe otra solicitud" in text
    assert len(annulments.requests_of(session, certificate.action_id)) == 2
