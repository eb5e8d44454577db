"""When what cases wait for besides people has come: the end of a term, or a fact about their certificate.

Here it is only asked for; `app.process.happening` has the cases go on, each in a transaction of its own.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, DateTime, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from app import faults
from app.models import (
    AwaitedEvent,
    AwaitedStatus,
    HistoryEvent,
    InstanceStatus,
    ProcessDefinition,
    ProcessInstance,
)
from app.services.effects import EffectQueue, ask_all, ask_where

HAPPEN, DELIVER, START = "cases/happen", "messages/deliver", "cases/start"
# Asked for in one transaction.
CHUNK = 100


def ask_due(session: Session, *, now: datetime) -> int:
    """Have some of the cases go on whose term is over by `now`; how many, 0 when there are no more.

    What another clock, or who moves the case, is just at has its turn later.
    """
    due = (
        select(AwaitedEvent.id)
        .where(AwaitedEvent.status == AwaitedStatus.WAITING, AwaitedEvent.due_at <= now)
        .order_by(AwaitedEvent.due_at, AwaitedEvent.id)
        .limit(CHUNK)
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(due).all()
    _ask_happening(session, found)
    if found:
        faults.point("awaited.asked")
    return len(found)


def tell(session: Session, event: HistoryEvent, message: str) -> None:
    """Have a fact of this transaction told to whoever waits for it, if anybody may.

    Whoever holds the certificate's row sees every case that waits: none begins to without that row (`process.awaited`).
    """
    ask_where(
        session,
        DELIVER,
        identity=f"{DELIVER}:{event.id}",
        queue=EffectQueue.INTERACTIVE,
        payload={"event_id": event.id, "message": message, "certificate_id": event.certificate_id},
        wanted=_may_be_wanted(),
        values={"certificate_id": event.certificate_id, "message": message, "at": event.at},
    )


def deliver(session: Session, payload: Mapping[str, Any]) -> None:
    """Have each case go on that has waited for the fact since before it, and each process begin that begins with it.

    Harmless when repeated.
    """
    event, message = session.get_one(HistoryEvent, payload["event_id"]), payload["message"]
    _ask_happening(session, _waiting_since_before(session, event, message))
    process_ids = select(ProcessDefinition.process_id).where(*_begins()).order_by(ProcessDefinition.process_id)
    begun = session.scalars(process_ids, {"message": message, "at": event.at})
    about = {"event_id": event.id, "certificate_id": event.certificate_id}
    starts = {f"{START}:{event.id}:{process_id}": {**about, "process_id": process_id} for process_id in begun}
    ask_all(session, START, queue=EffectQueue.INTERACTIVE, payloads=starts)
    faults.point("message.delivered")


def _ask_happening(session: Session, awaited_ids: Sequence[int]) -> None:
    if not awaited_ids:
        return
    session.execute(
        update(AwaitedEvent)
        .where(AwaitedEvent.id.in_(awaited_ids))
        .values(status=AwaitedStatus.ASKED)
        .execution_options(synchronize_session=False)
    )
    payloads = {f"awaited:{one}": {"awaited_id": one} for one in awaited_ids}
    ask_all(session, HAPPEN, queue=EffectQueue.INTERACTIVE, payloads=payloads)


def _waiting_since_before(session: Session, event: HistoryEvent, message: str) -> Sequence[int]:
    waiting = select(AwaitedEvent.id).join(AwaitedEvent.instance).where(*_waits(), AwaitedEvent.opened_at < event.at)
    in_turn = waiting.order_by(AwaitedEvent.id).with_for_update(of=AwaitedEvent)
    return session.scalars(in_turn, {"certificate_id": event.certificate_id, "message": message}).all()


@cache
def _may_be_wanted() -> ColumnElement[bool]:
    waits = exists().where(AwaitedEvent.instance_id == ProcessInstance.id, *_waits())
    return or_(waits, exists().where(*_begins()))


def _waits() -> tuple[ColumnElement[bool], ...]:
    """An event of an open case about the certificate."""
    return (
        ProcessInstance.certificate_id == bindparam("certificate_id"),
        ProcessInstance.status == InstanceStatus.OPEN,
        AwaitedEvent.message == bindparam("message"),
        AwaitedEvent.status == AwaitedStatus.WAITING,
    )


def _begins() -> tuple[ColumnElement[bool], ...]:
    """The version that new cases followed at that moment, if the message begins it."""
    at, retired_at = bindparam("at", type_=DateTime(timezone=True)), ProcessDefinition.retired_at
    return (
        ProcessDefinition.begins_with == bindparam("message"),
        ProcessDefinition.starts_at <= at,
        or_(retired_at.is_(None), retired_at > at),
    )
