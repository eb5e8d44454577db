"""The tasks a person sees: those that wait for the offices held now, and for SENCE's administrators those that escalated."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, false, func, select, true
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.base import ExecutableOption

from app.domain.errors import NotFound
from app.domain.offices import Office
from app.domain.permissions import Actor, Profile
from app.models import Certificate, HumanTask, ProcessInstance, TaskStatus, TrainingAction


@dataclass(frozen=True)
class InboxPage:
    """`next_after` is the id of the last task shown, None on the last page."""

    tasks: Sequence[HumanTask]
    next_after: int | None


def waiting_for(actor: Actor) -> ColumnElement[bool]:
    """Which rows of HumanTask wait for an office the actor holds; the SQL twin of `app.domain.offices.holds`."""
    covered = true() if actor.regions is None else HumanTask.region.in_(actor.regions)
    match actor.profile:
        case Profile.PROVIDER_NATIONAL_ADMIN | Profile.PROVIDER_REGIONAL_ADMIN:
            own = HumanTask.organisation_id == actor.organisation_id
            return and_(HumanTask.office == Office.PROVIDER, own, covered)
        case Profile.REGIONAL_DIRECTOR:
            return and_(HumanTask.office == Office.REGIONAL_DIRECTION, covered)
    return false()


def in_sight_of(actor: Actor) -> ColumnElement[bool]:
    """Which rows the actor's inbox shows. The national level, and the region's administrator, look at what escalated."""
    if watches(actor):
        covered = true() if actor.regions is None else HumanTask.region.in_(actor.regions)
        return and_(HumanTask.escalated_at.is_not(None), covered)
    return waiting_for(actor)


def watches(actor: Actor) -> bool:
    """Whether the actor's inbox shows what others are to do."""
    return actor.profile in (Profile.SENCE_NATIONAL_ADMIN, Profile.SENCE_REGIONAL_ADMIN)


def has_inbox(actor: Actor) -> bool:
    offices = (Profile.PROVIDER_NATIONAL_ADMIN, Profile.PROVIDER_REGIONAL_ADMIN, Profile.REGIONAL_DIRECTOR)
    return watches(actor) or actor.profile in offices


def count(session: Session, actor: Actor) -> int:
    open_tasks = select(func.count()).where(HumanTask.status == TaskStatus.OPEN, in_sight_of(actor))
    return session.scalar(open_tasks) or 0


def page(session: Session, actor: Actor, *, after: int = 0, size: int = 25) -> InboxPage:
    """Open tasks with their course, in the order they arrived."""
    tasks = session.scalars(
        select(HumanTask)
        .where(HumanTask.status == TaskStatus.OPEN, in_sight_of(actor), HumanTask.id > after)
        .options(_with_course())
        .order_by(HumanTask.id)
        .limit(size + 1)
    ).all()
    shown = tasks[:size]
    return InboxPage(shown, shown[-1].id if len(tasks) > size else None)


def get(session: Session, task_id: int, actor: Actor) -> HumanTask:
    """A task of the actor's inbox, waiting or not. Raises NotFound if there is none, or none for this actor."""
    task = session.scalar(select(HumanTask).where(HumanTask.id == task_id, in_sight_of(actor)).options(_with_course()))
    if task is None:
        raise NotFound
    return task


def _with_course() -> ExecutableOption:
    course = joinedload(HumanTask.instance).joinedload(ProcessInstance.certificate).joinedload(Certificate.action)
    return course.joinedload(TrainingAction.otec)
