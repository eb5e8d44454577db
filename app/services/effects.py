"""The outbox: effects are asked for in the transaction that makes them due, and performed after it, once or harmlessly again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import Effect

TRIES = 3
WAIT_AFTER_FAILURE = timedelta(seconds=20)
# A row younger than this was just rung for; the sweep leaves it to the worker that heard the bell.
SWEEP_AFTER = timedelta(seconds=10)
RING_AGAIN_AFTER = timedelta(seconds=60)


class EffectQueue(StrEnum):
    """The Celery queues, by how long a person is willing to wait."""

    INTERACTIVE = "interactive"
    DOCUMENTS = "documents"
    BULK = "bulk"


@dataclass(frozen=True)
class Asked:
    id: int
    queue: str


def ask(session: Session, kind: str, *, identity: str, queue: EffectQueue, payload: dict[str, Any]) -> None:
    """Put an effect in the outbox; a waiting or done effect of the same identity makes this a no-op."""
    now = datetime.now(UTC)
    effect_id = session.scalar(
        insert(Effect)
        .values(identity=identity, kind=kind, queue=queue, payload=payload, asked_at=now, due_at=now)
        .on_conflict_do_nothing(index_elements=[Effect.identity])
        .returning(Effect.id)
    )
    if effect_id is not None:
        session.info.setdefault("asked_effects", []).append(Asked(effect_id, queue))


def asked_in(session: Session) -> list[Asked]:
    """What this transaction asked for, and forget it."""
    asked: list[Asked] = session.info.pop("asked_effects", [])
    return asked


def claim(session: Session, effect_id: int) -> Effect | None:
    """Lock a waiting effect for the length of the transaction; None if it is done, given up or in other hands."""
    return session.scalar(
        select(Effect)
        .where(Effect.id == effect_id, Effect.done_at.is_(None), Effect.gave_up_at.is_(None))
        .with_for_update(skip_locked=True)
    )


def record_done(effect: Effect) -> None:
    effect.attempts += 1
    effect.done_at = datetime.now(UTC)
    effect.last_error = None


def record_failure(session: Session, effect_id: int, reason: str) -> Effect:
    """Count a failed try and wait longer before each next one; after the last, give up and say why in the row."""
    effect = session.get_one(Effect, effect_id, with_for_update=True)
    now = datetime.now(UTC)

    effect.attempts += 1
    effect.last_error = reason[:2000]
    effect.due_at = now + WAIT_AFTER_FAILURE * 2**effect.attempts
    if effect.attempts >= TRIES:
        effect.gave_up_at = now
    return effect


def ask_again(session: Session, *, limit: int = 1000) -> None:
    """Ring once more for what should be done by now, oldest first: the broker forgot it or a worker died.

    The row is then left alone for a while: a long queue is no reason to ring for the same effect at every sweep.
    """
    now = datetime.now(UTC)
    rows = session.scalars(
        select(Effect)
        .where(Effect.done_at.is_(None), Effect.gave_up_at.is_(None))
        .where(Effect.due_at <= now, or_(Effect.attempts > 0, Effect.asked_at <= now - SWEEP_AFTER))
        .order_by(Effect.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    for effect in rows:
        effect.due_at = now + RING_AGAIN_AFTER
        session.info.setdefault("asked_effects", []).append(Asked(effect.id, effect.queue))
