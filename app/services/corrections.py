"""What changed in the records of a course after they first came: corrections with both values, and marks that came late."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, joinedload

from app.domain.rut import Rut
from app.models import (
    AttendanceMark,
    AttendanceResult,
    ClassHeld,
    Correction,
    Participant,
    Person,
    RecordedKind,
    TrainingAction,
)

LATE_AFTER = timedelta(days=1)
LISTED = 50


@dataclass(frozen=True)
class Page:
    """Newest first. `next_after` is the id of the last one shown, None on the last page."""

    rows: Sequence[Correction]
    total: int
    next_after: int | None


@dataclass(frozen=True)
class LateMark:
    person: Person
    participant_id: int
    class_id: str
    kind: RecordedKind
    marked_at: datetime
    received_at: datetime


@dataclass(frozen=True)
class LateMarks:
    """How many marks came more than a day after they were taken, and those that came after the certificate was issued."""

    total: int
    after_issue: Sequence[LateMark]
    total_after_issue: int


@dataclass(frozen=True)
class ToReview:
    """A participant with marks that are repeated or contradict each other; `flags` as codes."""

    participant_id: int
    person: Person
    flags: Sequence[str]


def page(session: Session, action: TrainingAction, *, after: int = 0, size: int = 20) -> Page:
    """Corrections of the course's own data, its classes and its marks, also of those that went to another course."""
    of_course = or_(Correction.action_code == action.code, Correction.previous_action_code == action.code)
    total = session.scalar(select(func.count()).select_from(Correction).where(of_course)) or 0
    query = select(Correction).where(of_course).options(joinedload(Correction.corrected_by))
    if after:
        query = query.where(Correction.id < after)
    rows = session.scalars(query.order_by(Correction.id.desc()).limit(size + 1)).all()
    return Page(rows[:size], total, rows[size - 1].id if len(rows) > size else None)


def names_of(session: Session, ruts: Iterable[str]) -> Mapping[str, str]:
    """Who the people of these wire RUTs are; one query."""
    bodies = {Rut.parse(rut).body for rut in ruts}
    people = session.scalars(select(Person).where(Person.rut_body.in_(bodies))) if bodies else ()
    return {person.rut.wire: person.full_name for person in people}


def late_marks(session: Session, action: TrainingAction, *, issued_at: datetime | None) -> LateMarks:
    """A retroactive mark is no late one: it came when it was decided."""
    late = and_(
        Participant.action_id == action.id,
        AttendanceMark.kind != RecordedKind.RETROACTIVE,
        AttendanceMark.received_at > AttendanceMark.marked_at + LATE_AFTER,
    )
    if issued_at is None:
        return LateMarks(_count(session, late), (), 0)
    after_issue = and_(late, AttendanceMark.received_at > issued_at)
    rows = session.execute(
        select(
            Person,
            Participant.id,
            ClassHeld.class_id,
            AttendanceMark.kind,
            AttendanceMark.marked_at,
            AttendanceMark.received_at,
        )
        .select_from(AttendanceMark)
        .join(Participant, Participant.id == AttendanceMark.participant_id)
        .join(Person, Person.id == Participant.person_id)
        .join(ClassHeld, ClassHeld.id == AttendanceMark.class_held_id)
        .where(after_issue)
        .order_by(AttendanceMark.received_at.desc(), AttendanceMark.id.desc())
        .limit(LISTED)
    )
    return LateMarks(_count(session, late), [LateMark(*row) for row in rows], _count(session, after_issue))


def to_review(session: Session, action: TrainingAction) -> Sequence[ToReview]:
    """Participants whose stored figure carries a flag about their marks, in order of name, as many as are listed."""
    about_marks = or_(*(AttendanceResult.flags.cast(JSONB).contains([flag]) for flag in MARK_FLAGS))
    rows = session.execute(
        select(Participant.id, Person, AttendanceResult.flags)
        .join(Person, Person.id == Participant.person_id)
        .join(AttendanceResult, AttendanceResult.participant_id == Participant.id)
        .where(Participant.action_id == action.id, about_marks)
        .order_by(Person.sort_name, Participant.id)
        .limit(LISTED)
    )
    return [ToReview(*row) for row in rows]


MARK_FLAGS = ("missing_entry", "missing_exit", "repeated_entry")


def _count(session: Session, late: ColumnElement[bool]) -> int:
    found = (
        select(func.count())
        .select_from(AttendanceMark)
        .join(Participant, Participant.id == AttendanceMark.participant_id)
    )
    return session.scalar(found.where(late)) or 0
