"""What falls due about a waiting task: reminders at shares of its term, then the national level. Never a decision by silence."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session, joinedload

from app import faults
from app.domain.deadlines import WHOLE, Place, Term
from app.models import HumanTask, TaskStatus, TaskTimer, TimerKind
from app.services import history, mail
from app.services.history import EventKind

SHARES: Mapping[TimerKind, Fraction] = {
    TimerKind.REMINDER_50: Fraction(1, 2),
    TimerKind.REMINDER_80: Fraction(4, 5),
    TimerKind.REMINDER_100: WHOLE,
}
# The later of two is the one that is told.
ORDER = list(TimerKind)
# Tasks fired in one transaction, while nobody can answer them.
CHUNK = 50


def falls_due(term: Term, limit: Term | None, begun_at: datetime, place: Place) -> dict[TimerKind, datetime]:
    """When each thing about a task falls due; without an outer `limit` of its own, the national level is told with the end."""
    due = {kind: term.passed_at(begun_at, place, share) for kind, share in SHARES.items()}
    outer = (limit or term).passed_at(begun_at, place)
    return {**due, TimerKind.ESCALATION: max(outer, due[TimerKind.REMINDER_100])}


def set_for(task: HumanTask, *, term: Term, limit: Term | None, place: Place) -> None:
    """Write down the end of an open task's term and what falls due about it, or bring both in line with new holidays.

    What has fired is never moved, nor the end of the term once somebody was told that it is over.
    """
    known = {timer.kind: timer for timer in task.timers}
    for kind, due_at in falls_due(term, limit, task.opened_at, place).items():
        if kind not in known:
            task.timers.append(TaskTimer(kind=kind, due_at=due_at))
        elif known[kind].waits:
            known[kind].due_at = due_at
    over = known.get(TimerKind.REMINDER_100)
    if over is None or over.waits:
        task.due_at = term.ends_at(task.opened_at, place)


def cancel(session: Session, task: HumanTask) -> None:
    """Nothing more falls due about a task that is closing."""
    session.execute(
        update(TaskTimer)
        .where(TaskTimer.task_id == task.id, _waiting())
        .values(cancelled_at=datetime.now(UTC))
        .execution_options(synchronize_session=False)
    )


def fire_due(session: Session, *, now: datetime) -> int:
    """Fire what has fallen due by `now` about some tasks that nobody is at; how many, 0 when there are no more.

    What fell due about one task while nobody looked is told once, by its last; the rest counts as told with it.
    """
    due = select(TaskTimer.task_id).where(_waiting(), TaskTimer.due_at <= now)
    # The task before its timers, as who closes one does. One that is being answered right now has its turn later.
    tasks = session.scalars(
        select(HumanTask)
        .where(HumanTask.id.in_(due), HumanTask.status == TaskStatus.OPEN)
        .options(joinedload(HumanTask.instance, innerjoin=True))
        .order_by(HumanTask.id)
        .limit(CHUNK)
        .with_for_update(of=HumanTask, key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    fallen = _fallen_due(session, tasks, now) if tasks else {}
    for task in tasks:
        # Somebody may have fired them between the search and the lock.
        if fallen[task.id]:
            _fire(session, task, fallen[task.id], now)
    session.flush()
    faults.point("timers.fired")
    return len(tasks)


def clock(session: Session) -> datetime:
    """The database's: the one that all machines share."""
    now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return now


def _fallen_due(session: Session, tasks: Sequence[HumanTask], now: datetime) -> dict[int, list[TaskTimer]]:
    rows = session.scalars(
        select(TaskTimer)
        .where(TaskTimer.task_id.in_([task.id for task in tasks]), _waiting(), TaskTimer.due_at <= now)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[TaskTimer]] = defaultdict(list)
    for timer in rows:
        found[timer.task_id].append(timer)
    return found


def _fire(session: Session, task: HumanTask, fallen: Sequence[TaskTimer], now: datetime) -> None:
    for timer in fallen:
        timer.fired_at = now
    last = max(fallen, key=lambda timer: ORDER.index(timer.kind))
    if last.kind is not TimerKind.ESCALATION:
        mail.ask_reminder(session, task, last)
        return
    task.escalated_at = now
    history.record(session, task.instance.certificate_id, EventKind.ESCALATED, actor_id=None, task=task.key)
    mail.ask_escalation(session, task, last)


def _waiting() -> ColumnElement[bool]:
    return and_(TaskTimer.fired_at.is_(None), TaskTimer.cancelled_at.is_(None))
