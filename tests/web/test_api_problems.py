"""The interface for marks: who may not send, and what is told when a whole request cannot be taken."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import ApiToken, TrainingAction
from app.services import tokens
from app.services.intake.kinds import MARKS
from tests.factories import TrainingActionFactory
from tests.web.machine import ADDRESS, mark, outcomes, problem, send


@pytest.fixture
def action(session: Session) -> TrainingAction:
    made: TrainingAction = TrainingActionFactory(participants=1, classes=1)
    return made


@pytest.fixture
def token(session: Session, action: TrainingAction) -> str:
    return tokens.create(session, rut=action.otec.rut, label="Lector 1")


def test_without_a_token_that_was_given_nothing_is_read(client: FlaskClient, session: Session) -> None:
    assert problem(send(client, "inventado", {})) == (401, "token_unknown")
    assert problem(client.post(ADDRESS)) == (401, "token_unknown")


def test_a_revoked_token_opens_nothing(
    client: FlaskClient, session: Session, action: TrainingAction, token: str
) -> None:
    tokens.revoke(session, session.query(ApiToken).one().id)

    assert problem(send(client, token, mark(session, action))) == (403, "token_revoked")


def test_only_the_hash_of_a_token_is_kept(session: Session, token: str) -> None:
    kept = session.query(ApiToken).one()

    assert token not in {str(getattr(kept, column.name)) for column in ApiToken.__table__.c}


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b'{"marks": [', {}, (422, "not_json")),
        (b"[" * 100_000, {}, (422, "not_json")),
        (b"\xff\xfe{", {}, (422, "not_json")),
        (b'{"marks": []}', {}, (422, "no_marks")),
        (b"[]", {}, (422, "no_marks")),
        (b'{"marks": [1]}', {"Content-Type": "text/csv"}, (415, "not_json")),
        (b'{"marks": [1]}', {"Idempotency-Key": ""}, (422, "idempotency_key_missing")),
        (b'{"marks": [1]}', {"Idempotency-Key": "k" * 101}, (422, "idempotency_key_missing")),
        (b'{"marks": [' + b"1," * 1000 + b"1]}", {}, (413, "too_many_records")),
        (b'{"marks": ["' + b"x" * 2_100_000 + b'"]}', {}, (413, "too_large")),
    ],
    ids=["cut", "deep", "not utf-8", "empty", "list", "csv", "no key", "long key", "many", "heavy"],
)
def test_a_request_that_cannot_be_taken_is_a_problem_with_a_code(
    client: FlaskClient, token: str, body: bytes, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k", "Content-Type": "application/json"} | headers

    assert problem(client.post(ADDRESS, data=body, headers=sent)) == expected


def test_another_method_is_a_problem_too(client: FlaskClient, session: Session) -> None:
    assert client.get(ADDRESS).status_code == 405


def test_who_sends_too_much_waits(client: FlaskClient, session: Session, token: str) -> None:
    answers = [send(client, token, 1, key=f"lote-{number}") for number in range(121)]

    assert {answer.status_code for answer in answers[:120]} == {200}
    assert problem(answers[120]) == (429, "too_many_requests")
    assert int(answers[120].headers["Retry-After"]) > 0


def test_the_command_prints_a_token_once_that_works(
    app: Flask, client: FlaskClient, session: Session, action: TrainingAction
) -> None:
    session.commit()
    made = app.test_cli_runner().invoke(args=["token", "create", action.otec.rut.screen, "--label", "Lector 7"])
    listed = app.test_cli_runner().invoke(args=["token", "list", action.otec.rut.screen])

    secret = made.stdout.strip()
    assert made.exit_code == 0
    assert outcomes(send(client, secret, mark(session, action))) == [("accepted",)]
    assert "Lector 7" in listed.output
    assert secret not in listed.output


def test_every_field_of_the_file_is_a_field_of_the_interface() -> None:
    assert list(MARKS.fields) == [
        "mark_id",
        "action_code",
        "class_id",
        "rut",
        "kind",
        "marked_at",
        "validation",
        "device_id",
    ]
