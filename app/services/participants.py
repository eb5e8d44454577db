"""The participants of a course with their stored figures: page by page for the grid, and in figures for the whole course."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Select, and_, bindparam, cast, false, func, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload
from sqlalchemy.sql import ColumnElement

from app.domain.attendance_policy import AttendancePolicy
from app.domain.document import CertificateDocument
from app.domain.errors import NotFound
from app.domain.permissions import Actor, Profile
from app.models import AttendanceMark, AttendanceResult, Participant, Person, TrainingAction
from app.services import conflicts, policies
from app.services.changes import Difference, compare_stored
from app.services.sight import PERSON

BY_NAME = (Person.sort_name, Participant.id)
BY_RUT = (Person.rut_body, Participant.id)


@dataclass(frozen=True)
class Listed:
    """One row of *Listado de Participantes*; `figures` is None until the recomputation has run.

    `conflicts` tells that another action credits part of the same time.
    """

    participant_id: int
    person: Person
    sessions: int
    figures: AttendanceResult | None
    conflicts: bool


@dataclass(frozen=True)
class Page:
    """`next_after` and `previous_after` are participants' ids, 0 for the first page; None where there is no such page."""

    rows: Sequence[Listed]
    before: int
    next_after: int | None
    previous_after: int | None


@dataclass(frozen=True)
class Overview:
    """How many of a course's participants call for a look."""

    total: int
    not_computed: int
    below_threshold: int
    provisional: int


def visible_in(actor: Actor) -> ColumnElement[bool]:
    """Which participants of a course that the actor may see: all of them, or only oneself. Source: domain handbook §2."""
    return Participant.person_id == actor.person_id if _sees_only_self(actor) else true()


def get(session: Session, action: TrainingAction, participant_id: int, actor: Actor) -> Participant:
    """Raises NotFound if there is no such participant in the course, or not for this actor."""
    participant = session.scalar(
        select(Participant)
        .where(Participant.id == participant_id, Participant.action_id == action.id, visible_in(actor))
        .options(joinedload(Participant.person))
    )
    if participant is None:
        raise NotFound
    return participant


def page(session: Session, action: TrainingAction, *, actor: Actor, after: int = 0, size: int = 10) -> Page:
    """`size` participants in order of name after the one with the id `after`."""
    visible = and_(Participant.action_id == action.id, visible_in(actor))
    of_last = select(*BY_NAME).select_from(Participant).join(Participant.person).where(visible, Participant.id == after)
    anchor = session.execute(of_last).first() if after else None
    is_before = tuple_(*BY_NAME) <= tuple_(*anchor) if anchor else false()
    rows = _listed(session, and_(visible, ~is_before) if anchor else visible, limit=size + 1)
    return Page(
        rows[:size],
        _how_many(session, visible, is_before) if anchor else 0,
        rows[size - 1].participant_id if len(rows) > size else None,
        _previous(session, visible, is_before, size) if anchor else None,
    )


def _how_many(session: Session, visible: ColumnElement[bool], is_before: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(Participant).join(Participant.person).where(visible, is_before)
    return session.scalar(counted) or 0


def slice_by(
    session: Session,
    action: TrainingAction,
    *,
    actor: Actor,
    start: int,
    size: int,
    by_rut: bool = True,
    descending: bool = False,
) -> tuple[list[Listed], int]:
    """`size` participants from the `start`-th on, as the portal's grid asks for them, and how many there are."""
    visible = and_(Participant.action_id == action.id, visible_in(actor))
    order: Sequence[InstrumentedAttribute[Any]] = BY_RUT if by_rut else BY_NAME
    total = session.scalar(select(func.count()).select_from(Participant).where(visible)) or 0
    return _listed(session, visible, order=order, descending=descending, offset=min(start, total), limit=size), total


def overview(session: Session, action: TrainingAction, actor: Actor) -> Overview:
    """Counts over the whole course, or over oneself for a participant."""
    asked = {"action_id": action.id, PERSON: actor.person_id, **_share(policies.policy_of(session, action), action)}
    return Overview(*session.execute(_overview(_sees_only_self(actor)), asked).one())


@cache
def _overview(only_self: bool) -> Select[*tuple[Any, ...]]:
    differs = AttendanceResult.provisional_seconds != AttendanceResult.credited_seconds
    found = (AttendanceResult.participant_id.is_(None), _is_below(), differs)
    return (
        select(func.count(), *(func.count().filter(condition) for condition in found))
        .select_from(Participant)
        .outerjoin(AttendanceResult, AttendanceResult.participant_id == Participant.id)
        .where(Participant.action_id == bindparam("action_id"), _visible(only_self))
    )


def below_threshold(session: Session, action: TrainingAction, policy: AttendancePolicy) -> int:
    """How many of the whole course are under the policy's threshold, by their stored figures."""
    stored = select(func.count()).where(AttendanceResult.action_id == action.id, _is_below())
    return session.scalar(stored, _share(policy, action)) or 0


def _is_below() -> ColumnElement[bool]:
    """Compared without dividing, by the parameters of `_share`."""
    part, whole = (bindparam(name, type_=BigInteger) for name in ("part", "whole"))
    credited = cast(AttendanceResult.credited_seconds, BigInteger)
    return credited * whole < cast(AttendanceResult.required_seconds, BigInteger) * part


def _share(policy: AttendancePolicy, action: TrainingAction) -> dict[str, int]:
    threshold = policy.threshold_for(action.line)
    return {"part": threshold.numerator, "whole": threshold.denominator}


def differences_since(
    session: Session, document: CertificateDocument, action: TrainingAction, actor: Actor
) -> list[Difference]:
    """Where the stored figures differ from what the certificate printed; for a participant, only the own ones."""
    asked = {"action_id": action.id, PERSON: actor.person_id}
    rows = session.execute(_stored(_sees_only_self(actor)), asked).all()
    rounding = policies.policy_of(session, action).rounding
    found = compare_stored(document, [(person, stored) for person, stored in rows], rounding)
    own = {person.rut.screen for person, _ in rows}
    return [one for one in found if one.rut_screen in own] if _sees_only_self(actor) else found


@cache
def _stored(only_self: bool) -> Select[Person, AttendanceResult]:
    return (
        select(Person, AttendanceResult)
        .join(Participant, Participant.person_id == Person.id)
        .join(AttendanceResult, AttendanceResult.participant_id == Participant.id)
        .where(Participant.action_id == bindparam("action_id"), _visible(only_self))
    )


def _sees_only_self(actor: Actor) -> bool:
    return actor.profile is Profile.PARTICIPANT


def _visible(only_self: bool) -> ColumnElement[bool]:
    return Participant.person_id == bindparam(PERSON) if only_self else true()


def _previous(session: Session, visible: ColumnElement[bool], is_before: ColumnElement[bool], size: int) -> int:
    backwards = [column.desc() for column in BY_NAME]
    earlier = (
        select(Participant.id)
        .join(Participant.person)
        .where(visible, is_before)
        .order_by(*backwards)
        .offset(size)
        .limit(1)
    )
    return session.scalar(earlier) or 0


def _listed(
    session: Session,
    condition: ColumnElement[bool],
    *,
    order: Sequence[InstrumentedAttribute[Any]] = BY_NAME,
    descending: bool = False,
    offset: int = 0,
    limit: int,
) -> list[Listed]:
    attended = (
        select(func.count(AttendanceMark.class_held_id.distinct()))
        .where(AttendanceMark.participant_id == Participant.id)
        .correlate(Participant)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Participant.id, Person, attended, AttendanceResult)
        .join(Person, Person.id == Participant.person_id)
        .outerjoin(AttendanceResult, AttendanceResult.participant_id == Participant.id)
        .where(condition)
        .order_by(*(column.desc() if descending else column for column in order))
        .offset(offset)
        .limit(limit)
    )
    listed = rows.all()
    shared = conflicts.found(session, [row[0] for row in listed])
    return [Listed(number, person, sessions, figures, number in shared) for number, person, sessions, figures in listed]
