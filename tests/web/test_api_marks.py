"""POST /api/v1/attendance/marks: who may send, what becomes of each record, and that a repeat changes nothing."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import AttendanceMark, Correction, Effect, TrainingAction
from app.services import attendance, tokens
from app.services.intake import api_marks
from tests.factories import (
    CertificateFactory,
    ClassHeldFactory,
    OrganisationFactory,
    ParticipantFactory,
    TrainingActionFactory,
)
from tests.web.machine import ADDRESS, mark, outcomes, problem, send


@pytest.fixture
def action(session: Session) -> TrainingAction:
    made: TrainingAction = TrainingActionFactory(participants=1, classes=1)
    return made


@pytest.fixture
def token(session: Session, action: TrainingAction) -> str:
    return tokens.create(session, rut=action.otec.rut, label="Lector 1")


def test_a_new_mark_is_kept_and_the_course_recomputed(
    client: FlaskClient, session: Session, action: TrainingAction, token: str
) -> None:
    response = send(client, token, mark(session, action))

    assert outcomes(response) == [("accepted",)]
    assert session.query(AttendanceMark).one().device_id == "d-1"
    assert session.query(Effect).filter_by(kind=attendance.RECOMPUTE).count() == 1


def test_the_same_mark_again_is_unchanged_and_another_value_a_correction(
    client: FlaskClient, session: Session, action: TrainingAction, token: str
) -> None:
    send(client, token, mark(session, action))

    again = send(client, token, mark(session, action), key="lote-2")
    corrected = send(client, token, mark(session, action, validation="valid"), key="lote-3")

    assert outcomes(again) == [("unchanged",)]
    assert outcomes(corrected) == [("corrected",)]
    kept = session.query(Correction).one()
    assert (kept.before["validation"], kept.after["validation"]) == ("pending", "valid")
    assert kept.source.startswith("API, Lector 1 de ")


def test_a_repeated_key_gets_the_same_answer_and_does_nothing(
    client: FlaskClient, session: Session, action: TrainingAction, token: str
) -> None:
    first = send(client, token, mark(session, action))
    second = send(client, token, mark(session, action))

    assert first.text == second.text
    assert outcomes(second) == [("accepted",)]


def test_a_key_is_not_used_for_other_records(
    client: FlaskClient, session: Session, action: TrainingAction, token: str
) -> None:
    send(client, token, mark(session, action))

    other = send(client, token, mark(session, action, mark_id="m-2"))

    assert problem(other) == (422, "idempotency_key_reused")
    assert session.query(AttendanceMark).count() == 1


def test_two_tokens_may_use_one_key(client: FlaskClient, session: Session, action: TrainingAction, token: str) -> None:
    second = tokens.create(session, rut=action.otec.rut, label="Lector 2")
    send(client, token, mark(session, action))

    assert outcomes(send(client, second, mark(session, action))) == [("unchanged",)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"marked_at": "ayer"}, ("refused", "marked_at", "invalid_value")),
        ({"marked_at": "2026-03-02T09:00:00"}, ("refused", "marked_at", "invalid_value")),
        ({"kind": "retroactive"}, ("refused", "kind", "invalid_value")),
        ({"rut": "12345678-9"}, ("refused", "rut", "invalid_value")),
        ({"rut": "5126663-3"}, ("refused", "rut", "unknown_person")),
        ({"class_id": "otra"}, ("refused", "class_id", "unknown_class")),
        ({"action_code": "9999999"}, ("refused", "action_code", "not_your_course")),
        ({"mark_id": ""}, ("refused", "mark_id", "invalid_value")),
        ({"mark_id": None}, ("refused", "mark_id", "invalid_value")),
        ({"mark_id": "a\0b"}, ("refused", "mark_id", "invalid_value")),
        ({"action_code": "a\0b"}, ("refused", "action_code", "not_your_course")),
        ({"mark_id": 7}, ("refused", "mark_id", "not_text")),
        ({"nota": "x"}, ("refused", "nota", "unknown_field")),
    ],
    ids=str,
)
def test_a_record_is_refused_by_field_and_the_others_load(
    client: FlaskClient,
    session: Session,
    action: TrainingAction,
    token: str,
    change: dict[str, Any],
    told: tuple[str, ...],
) -> None:
    response = send(client, token, mark(session, action, mark_id="m-9") | change, mark(session, action))

    assert outcomes(response) == [told, ("accepted",)]
    assert json.loads(response.text)["records"][0]["message"].endswith(".")


def test_what_is_no_object_and_what_comes_twice_are_refused(
    client: FlaskClient, session: Session, action: TrainingAction, token: str
) -> None:
    response = send(client, token, 5, mark(session, action), mark(session, action, kind="out"))

    assert outcomes(response) == [("refused", "not_an_object"), ("accepted",), ("refused", "mark_id", "repeated")]


def test_the_courses_of_another_institution_look_like_none(
    client: FlaskClient, session: Session, action: TrainingAction
) -> None:
    stranger = tokens.create(session, rut=OrganisationFactory().rut, label="Ajeno")

    response = send(client, stranger, mark(session, action))

    assert outcomes(response) == [("refused", "action_code", "not_your_course")]
    assert session.query(AttendanceMark).count() == 0


def test_nobody_moves_the_mark_of_another_institution_into_an_own_course(
    client: FlaskClient, session: Session, action: TrainingAction, token: str
) -> None:
    send(client, token, mark(session, action))
    own = ParticipantFactory().action
    ClassHeldFactory(action=own)
    thief = tokens.create(session, rut=own.otec.rut, label="Ajeno")

    response = send(client, thief, mark(session, own))

    assert outcomes(response) == [("refused", "mark_id", "mark_id_taken")]
    assert session.query(Correction).count() == 0


def test_an_exit_before_its_entry_is_refused_and_the_others_load(
    client: FlaskClient, session: Session, action: TrainingAction, token: str
) -> None:
    entry = mark(session, action)
    early = entry | {"mark_id": "m-2", "kind": "out", "marked_at": f"2026-01-01{entry['marked_at'][10:]}"}

    response = send(client, token, early, entry, early | {"mark_id": "m-3", "marked_at": entry["marked_at"]})

    assert outcomes(response) == [("refused", "marked_at", "exit_before_entry"), ("accepted",), ("accepted",)]


def test_the_mark_of_a_decision_is_no_device_s_to_change(client: FlaskClient, session: Session) -> None:
    action = CertificateFactory(retroactive_granted=True).action
    granted = session.query(AttendanceMark).filter(AttendanceMark.decision_id.is_not(None)).one()
    token = tokens.create(session, rut=action.otec.rut, label="Lector 1")

    response = send(client, token, mark(session, action, mark_id=granted.mark_id), mark(session, action))

    assert outcomes(response) == [("refused", "mark_id", "mark_id_taken"), ("accepted",)]


@pytest.mark.parametrize(
    ("method", "address", "told"),
    [
        ("GET", ADDRESS, (405, "method_not_allowed")),
        ("POST", "/api/v1/attendance/clases", (404, "not_found")),
    ],
)
def test_an_address_or_method_that_is_not_there_is_a_problem_for_a_machine_too(
    client: FlaskClient, method: str, address: str, told: tuple[int, str]
) -> None:
    assert problem(client.open(address, method=method)) == told


def test_a_failure_of_ours_tells_to_send_the_batch_again(
    client: FlaskClient, session: Session, action: TrainingAction, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(client.application.config, "PROPAGATE_EXCEPTIONS", False)
    with monkeypatch.context() as broken:
        broken.setattr(api_marks, "take_in", fail)
        assert problem(send(client, token, mark(session, action))) == (500, "internal_error")

    assert outcomes(send(client, token, mark(session, action))) == [("accepted",)]
