"""One-time form tokens and idempotency keys: the first use acts, a repeat gets the first one's answer."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.models import ClaimedRequest


@dataclass(frozen=True)
class Claim:
    """`answer` is None for the first use; `store_answer` writes what a repeat shall get."""

    row: ClaimedRequest
    is_first: bool

    @property
    def answer(self) -> str | None:
        return None if self.is_first else self.row.answer

    def store_answer(self, answer: str) -> None:
        self.row.answer = answer


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
    row = session.get_one(ClaimedRequest, key, populate_existing=True)
    if row.person_id != person_id:
        raise Refusal("Este formulario ya se usó. Vuelva a abrirlo e inténtelo de nuevo.")
    return Claim(row, is_first=inserted is not None)
