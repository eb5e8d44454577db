"""The tasks a person sees: those that wait for the offices held now, and for SENCE's administrators those that escalated."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.base import ExecutableOption

from app.domain.errors import NotFound
from app.domain.offices import Office, holds
from app.domain.permissions import Actor, Profile
from app.models import Certificate, HumanTask, ProcessInstance, TaskStatus, TrainingAction
from app.services.sight import Asker, Kind, anybody, as_parameters, kind_of

WATCHING = (Profile.SENCE_NATIONAL_ADMIN, Profile.SENCE_REGIONAL_ADMIN)


@dataclass(frozen=True)
class InboxPage:
    """`next_after` is the id of the last task shown, None on the last page."""

    tasks: Sequence[HumanTask]
    next_after: int | None


def _waiting_for(asker: Asker) -> ColumnElement[bool]:
    """Which rows of HumanTask wait for an office the actor holds; the SQL twin of `app.domain.offices.holds`."""
    covered = asker.covers(HumanTask.region)
    match asker.profile:
        case Profile.PROVIDER_NATIONAL_ADMIN | Profile.PROVIDER_REGIONAL_ADMIN:
            own = HumanTask.organisation_id == asker.organisation
            return and_(HumanTask.office == Office.PROVIDER, own, covered)
        case Profile.REGIONAL_DIRECTOR:
            return and_(HumanTask.office == Office.REGIONAL_DIRECTION, covered)
        case Profile.SENCE_NATIONAL_ADMIN:
            return HumanTask.office == Office.NATIONAL_LEVEL
    return false()


def waits_for(actor: Actor, task: HumanTask) -> bool:
    """Whether the task is the actor's to answer."""
    return holds(actor, task.office, organisation_id=task.organisation_id, region=task.region)


def _in_sight(kind: Kind) -> ColumnElement[bool]:
    """Which rows the inbox shows. The national level, and the region's administrator, look at what escalated too."""
    asker = anybody(kind)
    if asker.profile in WATCHING:
        return or_(and_(HumanTask.escalated_at.is_not(None), asker.covers(HumanTask.region)), _waiting_for(asker))
    return _waiting_for(asker)


def watches(actor: Actor) -> bool:
    """Whether the actor's inbox shows what others are to do."""
    return actor.profile in WATCHING


def has_inbox(actor: Actor) -> bool:
    offices = (Profile.PROVIDER_NATIONAL_ADMIN, Profile.PROVIDER_REGIONAL_ADMIN, Profile.REGIONAL_DIRECTOR)
    return watches(actor) or actor.profile in offices


def count(session: Session, actor: Actor) -> int:
    return session.scalar(_counted(kind_of(actor)), as_parameters(actor)) or 0


def page(session: Session, actor: Actor, *, after: int = 0, size: int = 25) -> InboxPage:
    """Open tasks with their course, in the order they arrived."""
    asked = {"after": after, "most": size + 1, **as_parameters(actor)}
    tasks = session.scalars(_paged(kind_of(actor)), asked).all()
    shown = tasks[:size]
    return InboxPage(shown, shown[-1].id if len(tasks) > size else None)


def get(session: Session, task_id: int, actor: Actor) -> HumanTask:
    """A task of the actor's inbox, waiting or not. Raises NotFound if there is none, or none for this actor."""
    task = session.scalar(_one(kind_of(actor)), {"task_id": task_id, **as_parameters(actor)})
    if task is None:
        raise NotFound
    return task


@cache
def _counted(kind: Kind) -> Select[int]:
    return select(func.count()).where(HumanTask.status == TaskStatus.OPEN, _in_sight(kind))


@cache
def _paged(kind: Kind) -> Select[HumanTask]:
    """Open tasks after the parameter `after`, `most` of them."""
    later = (HumanTask.status == TaskStatus.OPEN, _in_sight(kind), HumanTask.id > bindparam("after"))
    return select(HumanTask).where(*later).options(_with_course()).order_by(HumanTask.id).limit(bindparam("most"))


@cache
def _one(kind: Kind) -> Select[HumanTask]:
    """The one of the parameter `task_id`."""
    return select(HumanTask).where(HumanTask.id == bindparam("task_id"), _in_sight(kind)).options(_with_course())


def _with_course() -> ExecutableOption:
    course = joinedload(HumanTask.instance).joinedload(ProcessInstance.certificate).joinedload(Certificate.action)
    return course.joinedload(TrainingAction.otec)
