"""The outbox: effects are asked for in the transaction that makes them due, and performed after it, once or harmlessly again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from app.models import Effect
from app.services.reasons import Reason

TRIES = 3
# After the first failed try and after the second; the third is the last.
WAITS = (timedelta(seconds=10), timedelta(seconds=60))
# From the moment a try is written down until its transaction holds the row's lock, which is what tells that it lives.
# Milliseconds as a rule; when the worker was killed, this is what its effect waits before another may have it.
LEASE = timedelta(seconds=5)
TO_RING = "queues_to_ring"
EFFECTS = cast(Table, Effect.__table__)


class EffectQueue(StrEnum):
    """The Celery queues, the most urgent first: by how long a person is willing to wait."""

    INTERACTIVE = "interactive"
    DOCUMENTS = "documents"
    BULK = "bulk"

    @property
    def limit_s(self) -> int | None:
        """Seconds after which a try is stopped; None where the longest effect of all sets the limit."""
        return 30 if self is EffectQueue.INTERACTIVE else None


@dataclass(frozen=True)
class Taken:
    """A try that has begun. `is_spent` when the last one allowed already was: its worker was lost, so this one only says it."""

    effect_id: int
    kind: str
    begun_at: datetime
    is_spent: bool


def ask(session: Session, kind: str, *, identity: str, queue: EffectQueue, payload: dict[str, Any]) -> None:
    """Put an effect in the outbox; one of the same identity that is already there makes this a no-op."""
    ask_all(session, kind, queue=queue, payloads={identity: payload})


def ask_all(session: Session, kind: str, *, queue: EffectQueue, payloads: Mapping[str, dict[str, Any]]) -> None:
    """The same for several of a kind, each payload by its identity, in one statement."""
    rows = [
        {"identity": identity, "kind": kind, "queue": queue, "payload": payload, "attempts": 0}
        for identity, payload in payloads.items()
    ]
    if rows and session.scalars(_asking(), rows).all():
        ring_after_commit(session, queue)


def ask_where(
    session: Session,
    kind: str,
    *,
    identity: str,
    queue: EffectQueue,
    payload: dict[str, Any],
    wanted: ColumnElement[bool],
    values: Mapping[str, Any],
) -> None:
    """The same as `ask` if the database finds it `wanted`, in the one statement that would ask.

    `wanted` is to be the same object every time, with `values` for its parameters: its statement is built once.
    """
    row = {"identity": identity, "kind": kind, "queue": queue, "payload": payload, "attempts": 0}
    if session.scalars(_asking_where(wanted), {**row, **values}).all():
        ring_after_commit(session, queue)


@cache
def _asking() -> ReturningInsert[int]:
    # The database's clock, here and below: what one machine asked for is due on every other.
    now = func.clock_timestamp()
    new = insert(EFFECTS).values(asked_at=now, due_at=now)
    return new.on_conflict_do_nothing(index_elements=["identity"]).returning(EFFECTS.c.id)


@cache
def _asking_where(wanted: ColumnElement[bool]) -> ReturningInsert[int]:
    given, now = ["identity", "kind", "queue", "payload", "attempts"], func.clock_timestamp()
    row = select(*(bindparam(name, type_=EFFECTS.c[name].type) for name in given), now, now).where(wanted)
    new = insert(EFFECTS).from_select([*given, "asked_at", "due_at"], row, include_defaults=False)
    return new.on_conflict_do_nothing(index_elements=["identity"]).returning(EFFECTS.c.id)


def ring_after_commit(session: Session, queue: str) -> None:
    """Have the workers told, once this transaction is true, that effects of the queue wait."""
    session.info.setdefault(TO_RING, set()).add(EffectQueue(queue))


def queues_to_ring(session: Session) -> list[EffectQueue]:
    """The queues in which this transaction left something to do, the most urgent first, and forget them."""
    named: set[EffectQueue] = session.info.pop(TO_RING, set())
    return [queue for queue in EffectQueue if queue in named]


def take(session: Session, queue: EffectQueue) -> Taken | None:
    """Begin a try of the effect of the queue that has been due longest and is in nobody's hands; None if there is none.

    The try counts from here on, so one that takes its worker with it counts too. To be committed before the work.
    """
    # Losing this mark in a crash of the database loses nothing: the effect is as it was before.
    session.execute(text("SET LOCAL synchronous_commit = off"))
    now = _now(session)
    due = session.scalars(_free(queue, now).order_by(Effect.due_at).limit(2)).all()
    if not due:
        return None
    if len(due) > 1:
        # More than one waits: whoever is idle shall have the next one.
        ring_after_commit(session, queue)
    return begin(due[0], now)


def begin(effect: Effect, now: datetime) -> Taken:
    """Write down that a try begins now."""
    is_spent = effect.attempts >= TRIES
    if not is_spent:
        effect.attempts += 1
    effect.begun_at, effect.due_at = now, now + LEASE
    return Taken(effect.id, effect.kind, now, is_spent)


def hold(session: Session, taken: Taken) -> Effect | None:
    """Lock the effect of a try for the length of the transaction; None if the try is no longer the one that counts.

    Waits for a lock instead of passing by: an intake may have locked the row to be sure that it still waits.
    """
    return session.scalar(
        select(Effect).where(Effect.id == taken.effect_id, Effect.begun_at == taken.begun_at, waits()).with_for_update()
    )


def claim(session: Session, effect_id: int) -> Effect | None:
    """Lock a waiting effect for the length of the transaction, whoever asks; None if it is done, given up or in other hands."""
    return session.scalar(select(Effect).where(Effect.id == effect_id, waits()).with_for_update(skip_locked=True))


def record_done(effect: Effect) -> None:
    effect.attempts = max(effect.attempts, 1)
    effect.done_at = datetime.now(UTC)
    effect.last_error = None


def record_failure(session: Session, taken: Taken, reason: Reason) -> Effect | None:
    """Have the effect tried again later or, after its last try, give it up; None if the try is no longer the one that counts.

    A reason that no further try can mend gives up at once.
    """
    effect = hold(session, taken)
    if effect is None:
        return None

    now = _now(session)
    effect.last_error = reason.detail
    if effect.attempts >= TRIES or reason.is_final:
        effect.gave_up_at = now
    else:
        effect.due_at = now + WAITS[effect.attempts - 1]
    return effect


def begin_anew(session: Session, effect_ids: Sequence[int]) -> None:
    """Have effects that were given up tried again from the first try, in one statement however many they are."""
    queues = session.scalars(
        update(Effect)
        .where(Effect.id.in_(effect_ids), Effect.gave_up_at.is_not(None))
        .values(attempts=0, begun_at=None, gave_up_at=None, due_at=func.clock_timestamp())
        .returning(Effect.queue)
        .execution_options(synchronize_session=False)
    )
    for queue in set(queues):
        ring_after_commit(session, queue)


def ring_for_waiting(session: Session) -> None:
    """Ring for every queue in which something is due and in nobody's hands: the broker forgot it, or a worker died."""
    now = _now(session)
    for queue in EffectQueue:
        if session.scalars(_free(queue, now).limit(1)).first() is not None:
            ring_after_commit(session, queue)


def waits() -> ColumnElement[bool]:
    """Which effects are still to be done."""
    return and_(Effect.done_at.is_(None), Effect.gave_up_at.is_(None))


def _free(queue: EffectQueue, now: datetime) -> Select[Effect]:
    """The effects that may be begun; locked, for a moment, so that two never begin the same."""
    due = select(Effect).where(Effect.queue == queue, waits(), Effect.due_at <= now)
    return due.with_for_update(skip_locked=True)


def _now(session: Session) -> datetime:
    now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return now
