"""Deadlines of diagrams: what plazo_habil(10) on a task means for the one that waits, now and when the holidays change."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.models import Certificate, HumanTask, ProcessInstance, TaskStatus, TaskTimer
from app.process import packages
from app.process.diagrams import UserTask
from app.process.terms import term_of
from app.services import holidays, timers

# Tasks brought in line in one transaction.
CHUNK = 200


def set_for(session: Session, task: HumanTask, described: UserTask) -> None:
    """Give a task that opens its deadline and what falls due on the way to it."""
    if described.deadline:
        holidays.keep_still(session)
        _set(session, task, described)


def reschedule(session: Session, payload: Mapping[str, Any]) -> None:
    """Bring open tasks in line with a holiday added or withdrawn, a chunk, and ask for the next. Harmless when repeated."""
    region, after = payload["region"], payload["after"]
    concerned = _with_term().where(HumanTask.id > after)
    if region is not None:
        concerned = concerned.where(HumanTask.region == region)
    ids = session.scalars(concerned.order_by(HumanTask.id).limit(CHUNK)).all()
    _bring_in_line(session, ids)
    if len(ids) == CHUNK:
        holidays.ask_reschedule(session, holidays.RESCHEDULE, payload, after=ids[-1])


def give_missing(session: Session) -> int:
    """Timers for some open tasks that have a deadline and none, from before there were any; how many, 0 when all have theirs."""
    without = _with_term().where(~exists().where(TaskTimer.task_id == HumanTask.id))
    ids = session.scalars(without.order_by(HumanTask.id).limit(CHUNK)).all()
    _bring_in_line(session, ids)
    return len(ids)


def _with_term() -> Select[Any]:
    return select(HumanTask.id).where(HumanTask.status == TaskStatus.OPEN, HumanTask.due_at.is_not(None))


def _bring_in_line(session: Session, task_ids: Sequence[int]) -> None:
    """Locks cases, then tasks, then the holidays: the order of those who answer a task, so that nobody waits in a circle."""
    of_tasks = select(HumanTask.instance_id).where(HumanTask.id.in_(task_ids))
    cases = select(ProcessInstance.id).where(ProcessInstance.id.in_(of_tasks)).order_by(ProcessInstance.id)
    session.execute(cases.with_for_update())
    # One that the clock is at has its turn first: what is read below is what it left.
    tasks = select(HumanTask.id).where(HumanTask.id.in_(task_ids)).order_by(HumanTask.id)
    session.execute(tasks.with_for_update(key_share=True))
    holidays.keep_still(session)
    for task in session.scalars(_whole(task_ids)):
        if task.status is TaskStatus.OPEN:
            described = packages.of(task.instance.definition).user_tasks[task.key]
            _set(session, task, described)
    session.flush()


def _whole(task_ids: Sequence[int]) -> Select[HumanTask]:
    """The tasks with all that is needed, as they are now."""
    instance = joinedload(HumanTask.instance)
    course = instance.joinedload(ProcessInstance.certificate).joinedload(Certificate.action)
    return (
        select(HumanTask)
        .where(HumanTask.id.in_(task_ids))
        .options(instance.joinedload(ProcessInstance.definition), course, selectinload(HumanTask.timers))
        .order_by(HumanTask.id)
        .execution_options(populate_existing=True)
    )


def _set(session: Session, task: HumanTask, described: UserTask) -> None:
    term, limit = term_of(described.deadline), term_of(described.escalation)
    assert term is not None
    place = holidays.place_of(session, task.instance.certificate.action)
    timers.set_for(task, term=term, limit=limit, place=place)
