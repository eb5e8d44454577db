"""One-time form tokens and idempotency keys: the first use acts, a repeat gets the first one's answer."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import cast

from sqlalchemy import Table, Update, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from app.domain.errors import Refusal
from app.models import ClaimedRequest

CLAIMED = cast(Table, ClaimedRequest.__table__)


@dataclass
class Claim:
    """`answer` is what the first use got; that one writes it with `store_answer`, for every repeat."""

    session: Session
    key: str
    is_first: bool
    answer: str | None = None

    def store_answer(self, answer: str) -> None:
        self.answer = answer
        self.session.execute(_answering(), {"of_key": self.key, "given": answer})


def claim(session: Session, key: str, *, person_id: int) -> Claim:
    """Claim `key` for this transaction; a second one waits for the first and then sees its answer.

    Raises Refusal for a key that somebody else used: tokens are not shared.
    """
    inserted = session.scalar(_claiming(), {"key": key, "person_id": person_id, "claimed_at": datetime.now(UTC)})
    if inserted is not None:
        return Claim(session, key, is_first=True)

    owner, answer = session.execute(
        select(ClaimedRequest.person_id, ClaimedRequest.answer).where(ClaimedRequest.key == key)
    ).one()
    if owner != person_id:
        raise Refusal("Este formulario ya se usó. Vuelva a abrirlo e inténtelo de nuevo.")
    return Claim(session, key, is_first=False, answer=answer)


# Tables and not the classes: nothing of them is kept in the session, and every form asks both.
@cache
def _claiming() -> ReturningInsert[str]:
    return insert(CLAIMED).on_conflict_do_nothing().returning(CLAIMED.c.key)


@cache
def _answering() -> Update:
    return update(CLAIMED).where(CLAIMED.c.key == bindparam("of_key")).values(answer=bindparam("given"))
