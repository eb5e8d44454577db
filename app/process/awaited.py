"""The rows of what a case waits for besides people: opened and cancelled as the engine stands, moved when the holidays change."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, inspect, select
from sqlalchemy.orm import Session, joinedload

from app.models import (
    AwaitedEvent,
    AwaitedKind,
    AwaitedStatus,
    Certificate,
    ProcessInstance,
    TrainingAction,
)
from app.process import engine
from app.process.diagrams import Event
from app.process.terms import term_of
from app.services import certificates, holidays

# Rows brought in line in one transaction.
CHUNK = 200


def settle(
    session: Session, instance: ProcessInstance, standing: Sequence[engine.AwaitedEvent], described: Mapping[str, Event]
) -> None:
    """Cancel what the engine does not wait for any more and open what it waits for now; a diagram without events costs nothing."""
    if not described:
        return
    waited_for = {one.engine_task_id: one.key for one in standing}
    rows = _of_case(session, instance)
    for row in rows:
        if row.is_open and row.engine_task_id not in waited_for:
            row.status, row.closed_at = AwaitedStatus.CANCELLED, datetime.now(UTC)
    known = {row.engine_task_id for row in rows}
    for engine_task_id, key in waited_for.items():
        if engine_task_id not in known:
            open_for(session, instance, described[key], engine_task_id)


def _of_case(session: Session, instance: ProcessInstance) -> Sequence[AwaitedEvent]:
    """All there ever were, locked, as they are now; the case is ours already, or new."""
    if not inspect(instance).has_identity:
        return ()
    session.flush()
    rows = select(AwaitedEvent).where(AwaitedEvent.instance_id == instance.id).order_by(AwaitedEvent.id)
    return session.scalars(rows.with_for_update().execution_options(populate_existing=True)).all()


def open_for(session: Session, instance: ProcessInstance, described: Event, engine_task_id: str) -> AwaitedEvent:
    """Write down that the case waits for the event from now on.

    For a fact it takes the certificate's row, as facts do: one that comes now is told to this case, or came before.
    """
    if described.kind == AwaitedKind.MESSAGE:
        certificates.locked(session, instance.certificate_id)
    row = AwaitedEvent(
        instance=instance,
        engine_task_id=engine_task_id,
        key=described.key,
        name=described.name,
        kind=AwaitedKind(described.kind),
        term=described.term,
        message=described.message,
        opened_at=datetime.now(UTC),
        status=AwaitedStatus.WAITING,
    )
    # Written with its time, not before.
    with session.no_autoflush:
        session.add(row)
        if row.kind is AwaitedKind.TIMER:
            holidays.keep_still(session)
            _set(session, row, instance.certificate.action)
    return row


def reschedule(session: Session, payload: Mapping[str, Any]) -> None:
    """Bring what waits in line with a holiday added or withdrawn, a chunk, and ask for the next. Harmless when repeated.

    A term that was over stays so: its case is asked to go on already.
    """
    region, after = payload["region"], payload["after"]
    waits = AwaitedEvent.status == AwaitedStatus.WAITING, AwaitedEvent.due_at.is_not(None)
    concerned = select(AwaitedEvent.id).where(*waits, AwaitedEvent.id > after)
    if region is not None:
        course = concerned.join(AwaitedEvent.instance).join(ProcessInstance.certificate).join(Certificate.action)
        concerned = course.where(TrainingAction.region == region)
    ids = session.scalars(concerned.order_by(AwaitedEvent.id).limit(CHUNK)).all()
    _bring_in_line(session, ids)
    if len(ids) == CHUNK:
        holidays.ask_reschedule(session, holidays.RESCHEDULE_AWAITED, payload, after=ids[-1])


def _bring_in_line(session: Session, awaited_ids: Sequence[int]) -> None:
    """Locks cases, then rows, then the holidays: the order of who moves a case, so that nobody waits in a circle."""
    of_rows = select(AwaitedEvent.instance_id).where(AwaitedEvent.id.in_(awaited_ids))
    cases = select(ProcessInstance.id).where(ProcessInstance.id.in_(of_rows)).order_by(ProcessInstance.id)
    session.execute(cases.with_for_update())
    rows = session.scalars(_whole(awaited_ids)).all()
    holidays.keep_still(session)
    for row in rows:
        if row.status is AwaitedStatus.WAITING:
            _set(session, row, row.instance.certificate.action)
    session.flush()


def _whole(awaited_ids: Sequence[int]) -> Select[AwaitedEvent]:
    instance = joinedload(AwaitedEvent.instance, innerjoin=True)
    course = instance.joinedload(ProcessInstance.certificate, innerjoin=True).joinedload(
        Certificate.action, innerjoin=True
    )
    return (
        select(AwaitedEvent)
        .where(AwaitedEvent.id.in_(awaited_ids))
        .options(course)
        .order_by(AwaitedEvent.id)
        .with_for_update(of=AwaitedEvent)
        .execution_options(populate_existing=True)
    )


def _set(session: Session, row: AwaitedEvent, action: TrainingAction) -> None:
    term = term_of(row.term)
    assert term is not None
    row.due_at = term.ends_at(row.opened_at, holidays.place_of(session, action))
