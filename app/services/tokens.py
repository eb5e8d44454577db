"""The tokens machines send records with: made and shown once, found by their hash, revoked for ever."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import Refusal
from app.domain.rut import Rut
from app.models import ApiAnswer, ApiToken, Organisation

LONGEST_LABEL = 80
# Told at a glance from other secrets, by people and by programs that search for lost ones.
PREFIX = "constancia_"


@dataclass(frozen=True)
class Claim:
    """An Idempotency-Key of a token: `answer` is what its first use got, None for that first use."""

    row: ApiAnswer
    answer: str | None


def create(session: Session, *, rut: Rut, label: str) -> str:
    """A new token of an institution; only its hash is kept. Raises Refusal for an unknown RUT or an impossible label."""
    label = " ".join(label.split())
    if not 1 <= len(label) <= LONGEST_LABEL:
        raise Refusal(f"La etiqueta lleva de 1 a {LONGEST_LABEL} caracteres. Escriba qué equipo o programa lo usará.")
    organisation = _organisation(session, rut)
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiToken(token_sha256=_hash(token), organisation_id=organisation.id, label=label, created_at=datetime.now(UTC))
    )
    session.flush()
    return token


def revoke(session: Session, token_id: int) -> ApiToken:
    """From now on it opens nothing. Raises Refusal if there is none, or it was revoked before."""
    token = session.get(ApiToken, token_id, with_for_update=True)
    if token is None:
        raise Refusal(f"No hay un token {token_id}. Véalos con flask token list RUT.")
    if token.revoked_at is not None:
        raise Refusal(f"El token {token_id} ya estaba revocado. No hay nada más que hacer.")
    token.revoked_at = datetime.now(UTC)
    session.flush()
    return token


def of_organisation(session: Session, rut: Rut) -> Sequence[ApiToken]:
    """An institution's tokens in the order they were made. Raises Refusal for an unknown RUT."""
    organisation = _organisation(session, rut)
    return session.scalars(
        select(ApiToken).where(ApiToken.organisation_id == organisation.id).order_by(ApiToken.id)
    ).all()


def find(session: Session, token: str) -> ApiToken | None:
    """Whose token it is, also if it was revoked; None for one that was never given."""
    return session.scalar(
        select(ApiToken).where(ApiToken.token_sha256 == _hash(token)).options(joinedload(ApiToken.organisation))
    )


def claim(session: Session, token: ApiToken, *, key: str, body: bytes) -> Claim:
    """Claim an Idempotency-Key for this transaction; a second one waits for the first and then sees its answer.

    Raises Refusal for a key that was used with another body: it would get an answer about other records.
    """
    body_sha256 = hashlib.sha256(body).hexdigest()
    values = {"token_id": token.id, "key": key, "body_sha256": body_sha256, "claimed_at": datetime.now(UTC)}
    session.execute(insert(ApiAnswer).values(values).on_conflict_do_nothing())
    row = session.get_one(ApiAnswer, (token.id, key), populate_existing=True)
    if row.body_sha256 != body_sha256:
        raise Refusal("Esa Idempotency-Key ya se usó con otros registros. Use una clave nueva para cada lote.")
    return Claim(row, row.answer)


def _organisation(session: Session, rut: Rut) -> Organisation:
    organisation = session.scalar(select(Organisation).where(Organisation.rut_body == rut.body))
    if organisation is None:
        raise Refusal(f"No hay una institución con el RUT {rut.screen}. Cárguela antes, en organisations.csv.")
    return organisation


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
