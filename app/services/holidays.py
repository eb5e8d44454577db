"""Holidays that an administrator added to the country's own: which count, adding one, withdrawing one. None is ever deleted."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.deadlines import Place, is_working_day, local_date
from app.domain.errors import NotFound, Refusal
from app.domain.permissions import Action, Actor
from app.domain.regions import Region
from app.models import Holiday, TrainingAction
from app.services import kept
from app.services.effects import EffectQueue, ask

RESCHEDULE, RESCHEDULE_AWAITED = "deadlines/reschedule", "deadlines/reschedule_awaited"
ADDED = "holidays added"
# Any number that no other lock of ours uses.
LOCK = 20_260_918
NATIONAL_CALENDAR = "America/Santiago"
# Further away a day is a slip of the pen.
REACH = timedelta(days=3 * 366)


def place_of(session: Session, action: TrainingAction) -> Place:
    """Where the terms of a course run, with the holidays as they are now."""
    return Place(action.region, action.time_zone, days_off(session, action.region))


def days_off(session: Session, region: str) -> frozenset[date]:
    """The days added for the country or for `region`. One query a transaction, however many regions are asked for."""
    added = select(Holiday.day, Holiday.region).where(Holiday.withdrawn_at.is_(None))
    rows = kept.once(session, ADDED, lambda: session.execute(added).all())
    return frozenset(day for day, where in rows if where in (None, region))


def keep_still(session: Session) -> None:
    """Let nobody add or withdraw a holiday until this transaction ends: for who stores what is computed with them.

    Without it a task could be stored with the old holidays just after the new one went through all tasks.
    """
    session.execute(select(func.pg_advisory_xact_lock_shared(LOCK)))
    kept.forget(session, ADDED)


def listed(session: Session) -> Sequence[Holiday]:
    """Every one that was ever added, the latest day first, with who added and who withdrew it."""
    return session.scalars(
        select(Holiday)
        .options(joinedload(Holiday.added_by), joinedload(Holiday.withdrawn_by))
        .order_by(Holiday.day.desc(), Holiday.id.desc())
    ).all()


def standing(session: Session, holiday_id: int) -> Holiday:
    """Raises NotFound for one that was never added or is withdrawn."""
    holiday = session.scalar(select(Holiday).where(Holiday.id == holiday_id, Holiday.withdrawn_at.is_(None)))
    if holiday is None:
        raise NotFound
    return holiday


def add(session: Session, *, day: date, region: str | None, name: str, actor: Actor) -> Holiday:
    """Declare a day not to be a working one, everywhere or in one region, and have the open terms computed again.

    Raises Refusal for a day that is none already, or too far away; NotAllowed for a profile that adds none.
    """
    actor.require(Action.MANAGE_HOLIDAYS)
    _lock(session)
    refused = _why_not(session, day, region)
    if refused is not None:
        raise Refusal(refused)

    holiday = Holiday(day=day, region=region, name=name, added_at=datetime.now(UTC), added_by_id=actor.person_id)
    session.add(holiday)
    session.flush()
    _reschedule(session, holiday, "added")
    return holiday


def withdraw(session: Session, holiday_id: int, *, actor: Actor) -> Holiday:
    """Take an added holiday back: the day counts again for what is still open. Raises NotFound as `standing` does."""
    actor.require(Action.MANAGE_HOLIDAYS)
    _lock(session)
    holiday = standing(session, holiday_id)

    holiday.withdrawn_at, holiday.withdrawn_by_id = datetime.now(UTC), actor.person_id
    session.flush()
    _reschedule(session, holiday, "withdrawn")
    return holiday


def _lock(session: Session) -> None:
    """Wait for those who hold the holidays still, and let no other change come between."""
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    kept.forget(session, ADDED)


def _why_not(session: Session, day: date, region: str | None) -> str | None:
    today = local_date(datetime.now(UTC), NATIONAL_CALENDAR)
    if abs(day - today) > REACH:
        return f"El {day:%d/%m/%Y} está a más de tres años de hoy. Revise el año y vuelva a intentar."
    covering = or_(Holiday.region.is_(None), Holiday.region == region)
    same = select(Holiday.name).where(Holiday.day == day, Holiday.withdrawn_at.is_(None), covering).limit(1)
    if (name := session.scalar(same)) is not None:
        return f"El {day:%d/%m/%Y} ya está agregado: «{name}». Elija otro día."
    # A day that some region still works is worth declaring for the country.
    if not any(is_working_day(day, one) for one in (Region if region is None else [Region(region)])):
        return f"El {day:%d/%m/%Y} ya no es día hábil: es fin de semana o feriado legal. No hace falta agregarlo."
    return None


def _reschedule(session: Session, holiday: Holiday, change: str) -> None:
    """In the background: there may be any number of open tasks, and of cases that wait for a term to end."""
    for kind in (RESCHEDULE, RESCHEDULE_AWAITED):
        ask_reschedule(session, kind, {"holiday_id": holiday.id, "change": change, "region": holiday.region}, after=0)


def ask_reschedule(session: Session, kind: str, payload: Mapping[str, Any], *, after: int) -> None:
    """Have the open terms of a kind computed again, a chunk of those that come after that id."""
    identity = f"{kind}:{payload['holiday_id']}:{payload['change']}:{after}"
    ask(session, kind, identity=identity, queue=EffectQueue.BULK, payload={**payload, "after": after})
