"""A finished real case as a scenario: who decided what, after how many days, and nothing that anybody wrote."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.deadlines import Place, add_working_days, local_date, working_days_between
from app.domain.errors import NotFound
from app.domain.regions import Region
from app.models import AwaitedEvent, AwaitedStatus, Certificate, HumanTask, InstanceStatus, ProcessInstance, TaskStatus
from app.process import diagrams, packages
from app.process.studio.drafts import LARGEST_ID
from app.process.trials.answers import impersonal
from app.process.trials.clock import MOST_DAYS
from app.process.trials.scenarios import MOST_HOLIDAYS
from app.process.trials.steps import Advance, Answer, Arrive, Given, Step
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
    return given, tuple(_steps(case, place))


def _steps(case: ProcessInstance, place: Place) -> Iterator[Step]:
    """What people answered, the facts that came and the days between, far enough for the terms that were over."""
    asked, day = packages.of(case.definition).all_forms, local_date(case.started_at, place.zone)
    came: dict[str, datetime] = {}
    for at, what in _in_order(case):
        until = at if isinstance(what, HumanTask) or what.due_at is None else what.due_at
        days = _days(day, local_date(until, place.zone), place, is_over=until is not at)
        yield from _passing(days)
        day = add_working_days(day, days, place.region, place.extra_holidays) if days else day
        if isinstance(what, HumanTask):
            yield Answer(what.key, impersonal(asked[what.form], what.answers or {}))
        # What waited already when the fact came before has got it then.
        elif what.message and (what.message not in came or what.opened_at > came[what.message]):
            came[what.message] = at
            yield Arrive(what.message)


def _in_order(case: ProcessInstance) -> list[tuple[datetime, HumanTask | AwaitedEvent]]:
    """The answers of people and what was awaited and came, as they were."""
    over: list[HumanTask | AwaitedEvent] = [one for one in case.tasks if one.status is TaskStatus.COMPLETED]
    over += [one for one in case.awaited if one.status is AwaitedStatus.HAPPENED]
    closed = [(one.closed_at, one) for one in over if one.closed_at is not None]
    return sorted(closed, key=lambda pair: (pair[0], pair[1].id))


def _days(day: date, until: date, place: Place, *, is_over: bool) -> int:
    """The working days from `day` to `until`; of a term that `is_over` then, so many that the day has come."""
    days = working_days_between(day, until, place.region, place.extra_holidays)
    reached = add_working_days(day, days, place.region, place.extra_holidays) if days else day
    return days + (is_over and reached < until)


def _passing(days: int) -> Iterator[Advance]:
    while days > 0:
        yield Advance(min(days, MOST_DAYS))
        days -= MOST_DAYS


def _ended(process_id: str) -> Select[ProcessInstance]:
    course = joinedload(ProcessInstance.certificate).joinedload(Certificate.action)
    return (
        select(ProcessInstance)
        .where(ProcessInstance.process_id == process_id, ProcessInstance.status == InstanceStatus.COMPLETED)
        .options(
            joinedload(ProcessInstance.definition),
            course,
            selectinload(ProcessInstance.tasks),
            selectinload(ProcessInstance.awaited),
        )
    )
