"""POST /api/v1/attendance/marks: a batch of marks from a device or a program of an institution, an answer for each."""

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import Response, request
from flask_limiter.util import get_remote_address
from sqlalchemy.orm import Session

from app.domain.permissions import Action
from app.models import ApiToken
from app.services import tokens
from app.services.intake import api_marks
from app.services.intake.api_marks import Answer
from app.unit_of_work import reading, unit_of_work
from app.web.access import access
from app.web.api.blueprint import api
from app.web.api.problems import Problem
from app.web.protection import csrf, keyed_hash, limiter

MOST_RECORDS = 1000
LONGEST_KEY = 100
A_TOKEN, AN_ADDRESS = "120 per minute", "600 per minute"
logger = logging.getLogger(__name__)


def _who() -> str:
    return keyed_hash(request.headers.get("Authorization", get_remote_address()))


# A program has no session and sends no form: the bearer token is what proves who it is.
@csrf.exempt  # type: ignore[untyped-decorator]
@api.post("/attendance/marks")
@access(Action.ANYONE)
@limiter.limit(AN_ADDRESS)
@limiter.limit(A_TOKEN, key_func=_who)
def receive_marks() -> Response:
    """Raises Problem for a request that is refused whole; a refused record is told in the answer."""
    with reading() as session:
        token_id = _token(session).id
    key, records = _key(), _records()
    with unit_of_work() as session:
        token = session.get_one(ApiToken, token_id)
        claim = tokens.claim(session, token, key=key, body=request.get_data())
        if claim.answer is None:
            claim.row.answer = _take_in(session, token, key, records)
        body = claim.row.answer
    logger.info("marks received", extra={"token": token_id, "records": len(records), "first": claim.answer is None})
    return Response(body, mimetype="application/json")


def _take_in(session: Session, token: ApiToken, key: str, records: Sequence[Any]) -> str:
    answers = api_marks.take_in(
        session,
        records,
        organisation_id=token.organisation_id,
        source=f"API, {token.label} de {token.organisation.name}"[:200],
        run=f"api:{token.id}:{hashlib.sha256(key.encode()).hexdigest()[:16]}",
    )
    counted = Counter(answer.outcome.value for answer in answers)
    body = {
        "counts": {outcome.value: counted[outcome.value] for outcome in api_marks.Outcome},
        "records": [_told(place, answer) for place, answer in enumerate(answers)],
    }
    return json.dumps(body, ensure_ascii=False)


def _told(place: int, answer: Answer) -> dict[str, Any]:
    told: dict[str, Any] = {"index": place, "mark_id": answer.mark_id, "outcome": answer.outcome.value}
    if answer.code is not None:
        told |= {"field": answer.field, "code": answer.code, "message": answer.reason}
    return told


def _token(session: Session) -> ApiToken:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    token = tokens.find(session, text.strip()) if kind.lower() == "bearer" and text.strip() else None
    if token is None:
        raise Problem(401, "token_unknown", "Falta un token válido", "Envíe Authorization: Bearer con su token.")
    if token.revoked_at is not None:
        raise Problem(403, "token_revoked", "Token revocado", "Este token fue revocado. Pida otro a quien administra.")
    return token


def _key() -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 1 <= len(key) <= LONGEST_KEY or not key.isprintable():
        detail = f"Envíe una Idempotency-Key de 1 a {LONGEST_KEY} caracteres, distinta para cada lote."
        raise Problem(422, "idempotency_key_missing", "Falta la Idempotency-Key", detail)
    return key


def _records() -> list[Any]:
    if request.mimetype != "application/json":
        raise Problem(415, "not_json", "Tipo no admitido", "Envíe el lote como application/json.")
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError) as unreadable:
        raise Problem(422, "not_json", "JSON ilegible", "El cuerpo no es JSON en UTF-8. Revíselo.") from unreadable
    records = body.get("marks") if isinstance(body, dict) else None
    if not isinstance(records, list) or not records:
        raise Problem(422, "no_marks", "Falta el lote", 'Envíe {"marks": [ … ]} con una marca o más.')
    if len(records) > MOST_RECORDS:
        detail = f"El lote trae {len(records)} registros y el máximo es {MOST_RECORDS}. Divídalo."
        raise Problem(413, "too_many_records", "Lote demasiado grande", detail)
    return records
