"""One-time form tokens and idempotency keys: the first use acts, a repeat gets the first one's answer."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.models import ClaimedRequest


@dataclass
class Claim:
    """`answer` is what the first use got; that one writes it with `store_answer`, for every repeat."""

    session: Session
    key: str
    is_first: bool
    answer: str | None = None

    def store_answer(self, answer: str) -> None:
        self.answer = answer
        self.session.execute(update(ClaimedRequest).where(ClaimedRequest.key == self.key).values(answer=answer))


def claim(session: Session, key: str, *, person_id: int) -> Claim:
    """Claim `key` for this transaction; a second one waits for the first and then sees its answer.

    Raises Refusal for a key that somebody else used: tokens are not shared.
    """
    inserted = session.scalar(
        insert(ClaimedRequest)
        .values(key=key, person_id=person_id, claimed_at=datetime.now(UTC))
        .on_conflict_do_nothing()
        .returning(ClaimedRequest.key)
    )
    if inserted is not None:
        return Claim(session, key, is_first=True)

    owner, answer = session.execute(
        select(ClaimedRequest.person_id, ClaimedRequest.answer).where(ClaimedRequest.key == key)
    ).one()
    if owner != person_id:
        raise Refusal("Este formulario ya se usó. Vuelva a abrirlo e inténtelo de nuevo.")
    return Claim(session, key, is_first=False, answer=answer)
