"""A device or program at the interface: what it sends and how its answers are read."""

import json
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.models import TrainingAction
from tests.factories import rows_of

ADDRESS = "/api/v1/attendance/marks"


def mark(session: Session, action: TrainingAction, **other: Any) -> dict[str, Any]:
    rows = rows_of(session, action)
    return {
        "mark_id": "m-1",
        "action_code": action.code,
        "class_id": rows["classes"][0].class_id,
        "rut": rows["participants"][0].person.rut.wire,
        "kind": "in",
        "marked_at": rows["classes"][0].instructors[0].started_at.isoformat(),
        "validation": "pending",
        "device_id": "d-1",
    } | other


def send(client: FlaskClient, token: str, *records: Any, key: str = "lote-1", **headers: str) -> TestResponse:
    sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": key} | headers
    return client.post(ADDRESS, data=json.dumps({"marks": records}), content_type="application/json", headers=sent)


def outcomes(response: TestResponse) -> list[tuple[Any, ...]]:
    assert response.status_code == 200, response.text
    records = json.loads(response.text)["records"]
    return [tuple(one.get(name) for name in ("outcome", "field", "code") if one.get(name)) for one in records]


def problem(response: TestResponse) -> tuple[int, str]:
    assert response.mimetype == "application/problem+json"
    body = json.loads(response.text)
    assert body["status"] == response.status_code
    assert body["title"]
    assert body["detail"].endswith((".", "más."))
    return response.status_code, body["code"]
