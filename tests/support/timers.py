"""What falls due about waiting tasks: looked at, and fired as the clock does."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Effect, HumanTask, TaskStatus, TaskTimer, TimerKind
from app.process import deadlines, definitions
from app.services import mail, timers
from tests.support.letters import certificate_at, waiting_task

MOMENT = timedelta(microseconds=1)


def waiting_for_the_director(session: Session, **course: object) -> HumanTask:
    """A request for annulment that waits to be decided, its director and issuer with e-mail."""
    certificate_at("issue", "request", **course)
    return waiting_task(session)


def another(session: Session, like: HumanTask, *, opened_at: datetime) -> HumanTask:
    """One more task of that case, opened then, with what falls due about it as for any other."""
    task = HumanTask(
        engine_task_id=str(uuid4()),
        key=like.key,
        name=like.name,
        form=like.form,
        office=like.office,
        region=like.region,
        status=TaskStatus.OPEN,
        opened_at=opened_at,
    )
    like.instance.tasks.append(task)
    described = definitions.diagram_of(like.instance.definition).user_tasks[like.key]
    deadlines.set_for(session, task, described)
    return task


def due_of(task: HumanTask) -> dict[TimerKind, datetime]:
    return {timer.kind: timer.due_at for timer in task.timers}


def fire(session: Session, now: datetime) -> None:
    """The clock's beat at `now`, as long as something is due."""
    while timers.fire_due(session, now=now):
        pass
    session.expire_all()


def fired(task: HumanTask) -> set[TimerKind]:
    return {timer.kind for timer in task.timers if timer.fired_at is not None}


def cancelled(task: HumanTask) -> set[TimerKind]:
    return {timer.kind for timer in task.timers if timer.cancelled_at is not None}


def letters_about_timers(session: Session) -> list[str]:
    """The template of each letter that a timer asked for, in the order asked."""
    asked = session.scalars(select(Effect).where(Effect.kind == mail.SEND).order_by(Effect.id))
    return [effect.payload["template"] for effect in asked if "timer_id" in effect.payload["about"]]


def move(timers_: Iterable[TaskTimer], *, to: datetime) -> None:
    """Have them fall due at another time."""
    for timer in timers_:
        timer.due_at = to
