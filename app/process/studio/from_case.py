"""A finished real case as a scenario: who decided what, after how many days, and nothing that anybody wrote."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.deadlines import Place, local_date, working_days_between
from app.domain.errors import NotFound
from app.domain.regions import Region
from app.models import Certificate, HumanTask, InstanceStatus, ProcessInstance, TaskStatus
from app.process import definitions, diagrams
from app.process.studio.drafts import LARGEST_ID
from app.process.trials.answers import impersonal
from app.process.trials.replaying import MOST_DAYS
from app.process.trials.scenarios import MOST_HOLIDAYS
from app.process.trials.steps import Advance, Answer, Given, Step
from app.services import holidays

SHOWN = 10


@dataclass(frozen=True)
class Finished:
    """A case that ended, as far as an analyst needs to know it."""

    id: int
    version: int
    region: str
    started_at: datetime
    ended_at: datetime
    outcome: str


def finished(session: Session, process_id: str) -> list[Finished]:
    """The last ones that ended."""
    ended = _ended(process_id).order_by(ProcessInstance.ended_at.desc()).limit(SHOWN)
    return [
        Finished(
            id=one.id,
            version=one.definition.version,
            region=Region(one.certificate.action.region).label,
            started_at=one.started_at,
            ended_at=one.ended_at or one.started_at,
            outcome=diagrams.stored(one.definition.xml).ends.get(one.outcome or "", ""),
        )
        for one in session.scalars(ended)
    ]


def steps_of(session: Session, process_id: str, instance_id: int) -> tuple[Given, tuple[Step, ...]]:
    """How to go the same way again. Raises NotFound for a case of another process, or that has not ended."""
    case = session.scalar(_ended(process_id).where(ProcessInstance.id == min(instance_id, LARGEST_ID)))
    if case is None:
        raise NotFound
    place = holidays.place_of(session, case.certificate.action)
    begun, ended = (local_date(at, place.zone) for at in (case.started_at, case.ended_at or case.started_at))
    added = sorted(day for day in place.extra_holidays if begun <= day <= ended)
    given = Given(begun, place.region, tuple(added[:MOST_HOLIDAYS]))
    done = [task for task in case.tasks if task.status is TaskStatus.COMPLETED and task.closed_at is not None]
    return given, tuple(_steps(case, sorted(done, key=_order), place))


def _steps(case: ProcessInstance, tasks: Sequence[HumanTask], place: Place) -> Iterator[Step]:
    asked, day = definitions.package_of(case.definition).all_forms, local_date(case.started_at, place.zone)
    for task in tasks:
        assert task.closed_at is not None
        closed = local_date(task.closed_at, place.zone)
        yield from _passing(working_days_between(day, closed, place.region, place.extra_holidays))
        day = max(day, closed)
        yield Answer(task.key, impersonal(asked[task.form], task.answers or {}))


def _passing(days: int) -> Iterator[Advance]:
    while days > 0:
        yield Advance(min(days, MOST_DAYS))
        days -= MOST_DAYS


def _order(task: HumanTask) -> tuple[datetime, int]:
    assert task.closed_at is not None
    return task.closed_at, task.id


def _ended(process_id: str) -> Select[ProcessInstance]:
    course = joinedload(ProcessInstance.certificate).joinedload(Certificate.action)
    return (
        select(ProcessInstance)
        .where(ProcessInstance.process_id == process_id, ProcessInstance.status == InstanceStatus.COMPLETED)
        .options(joinedload(ProcessInstance.definition), course, selectinload(ProcessInstance.tasks))
    )
