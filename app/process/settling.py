"""Writes down where the engine stands: a case's state, its tasks, what else it waits for, its end. Functions here never commit."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app import faults
from app.domain.offices import Office
from app.models import HumanTask, InstanceStatus, ProcessInstance, TaskStatus
from app.process import awaited, deadlines, engine, packages
from app.process.diagrams import UserTask
from app.services import timers


def settle(session: Session, instance: ProcessInstance, position: engine.Position) -> None:
    """Bring the rows of a case in line with the engine's position: what it waits for is open, and nothing else is."""
    faults.point("engine.ran")
    instance.state, instance.engine_version = position.state, engine.VERSION
    if position.outcome is not None:
        instance.status, instance.outcome = InstanceStatus.COMPLETED, position.outcome
        instance.ended_at = datetime.now(UTC)

    package = packages.of(instance.definition)
    waiting = {task.engine_task_id: task.key for task in position.waiting}
    known = {task.engine_task_id for task in instance.tasks}
    for task in instance.tasks:
        if task.status is TaskStatus.OPEN and task.engine_task_id not in waiting:
            close(session, task, TaskStatus.CANCELLED)
    # Tasks before events, and what locks the holidays last: one order for all.
    awaited.settle(session, instance, position.awaited, package.events)
    for engine_task_id, key in waiting.items():
        if engine_task_id not in known:
            _open(session, instance, package.user_tasks[key], engine_task_id)


def close(session: Session, task: HumanTask, status: TaskStatus) -> None:
    """Nobody can answer the task any more, and nothing more falls due about it."""
    task.status = status
    task.closed_at = datetime.now(UTC)
    if task.due_at is not None:
        # The task before its timers, as the clock takes them.
        session.flush()
        timers.cancel(session, task)


def _open(session: Session, instance: ProcessInstance, described: UserTask, engine_task_id: str) -> None:
    task = _human_task(instance, described, engine_task_id)
    # Written with its deadline, not before.
    with session.no_autoflush:
        instance.tasks.append(task)
        deadlines.set_for(session, task, described)


def _human_task(instance: ProcessInstance, described: UserTask, engine_task_id: str) -> HumanTask:
    action = instance.certificate.action
    return HumanTask(
        engine_task_id=engine_task_id,
        key=described.key,
        name=described.name,
        form=described.form,
        office=described.office,
        organisation_id=action.otec_id if described.office == Office.PROVIDER else None,
        region=action.region,
        status=TaskStatus.OPEN,
        opened_at=datetime.now(UTC),
        timers=[],
    )
