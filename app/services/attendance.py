"""Attendance of a course from its marks: computed whole for an issue, stored for the pages, compared after an issue."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, contains_eager, selectinload

from app.domain.attendance import (
    AttendanceResult,
    ClassHeld,
    FacilitatorInterval,
    Mark,
    MarkKind,
    RetroactiveMark,
    compute_attendance,
    hours_for,
)
from app.domain.deadlines import local_date
from app.domain.document import CertificateDocument
from app.models import AttendanceMark, ClassInstructor, Participant, Person, RecordedKind, TrainingAction
from app.models import AttendanceResult as StoredResult
from app.models import ClassHeld as ClassRow
from app.services import changes, policies
from app.services.changes import Difference, compare
from app.services.effects import EffectQueue, ask

RECOMPUTE = "attendance/recompute"


@dataclass(frozen=True)
class ParticipantAttendance:
    participant_id: int
    person: Person
    result: AttendanceResult


def hours_of(action: TrainingAction) -> Fraction:
    return hours_for(action.activity, action.credited_hours, action.partial_hours)


def compute(
    session: Session, action: TrainingAction, *, only: Sequence[int] | None = None
) -> list[ParticipantAttendance]:
    """Every participant's attendance from the marks as they are now, in order of name. Four queries, whatever the size.

    `only` limits it to the participants with these ids.
    """
    classes = classes_of(session, action)
    marks, approved = _marks_by_participant(session, action, only)
    hours, policy = hours_of(action), policies.policy_of(session, action)
    return [
        ParticipantAttendance(
            participant.id,
            participant.person,
            compute_attendance(
                classes,
                marks[participant.id],
                hours=hours,
                policy=policy,
                retroactive=approved[participant.id],
                zone=action.time_zone,
            ),
        )
        for participant in _participants(session, action, only)
    ]


def compute_one(
    session: Session, participant: Participant, *, supposing: Sequence[RetroactiveMark] = ()
) -> AttendanceResult:
    """One participant's attendance, for the page that explains it; as it would be, if something were approved."""
    action = participant.action
    marks, approved = _marks_by_participant(session, action, [participant.id])
    return compute_attendance(
        classes_of(session, action),
        marks[participant.id],
        hours=hours_of(action),
        policy=policies.policy_of(session, action),
        retroactive=[*approved[participant.id], *supposing],
        zone=action.time_zone,
    )


def classes_of(session: Session, action: TrainingAction) -> list[ClassHeld]:
    rows = session.execute(_held(), {"action_id": action.id})
    held: defaultdict[str, list[FacilitatorInterval]] = defaultdict(list)
    for class_id, started_at, ended_at in rows:
        held[class_id].append(FacilitatorInterval(started_at, ended_at))
    return [ClassHeld(class_id, tuple(intervals)) for class_id, intervals in held.items()]


@cache
def _held() -> Select[*tuple[Any, ...]]:
    columns = (ClassRow.class_id, ClassInstructor.started_at, ClassInstructor.ended_at)
    of_action = select(*columns).join(ClassRow.instructors).where(ClassRow.action_id == bindparam("action_id"))
    return of_action.order_by(ClassRow.id, ClassInstructor.started_at)


def as_held(rows: Iterable[ClassRow]) -> list[ClassHeld]:
    """The classes as plain values; one that nobody started was not held."""
    return [
        ClassHeld(row.class_id, tuple(FacilitatorInterval(held.started_at, held.ended_at) for held in row.instructors))
        for row in rows
        if row.instructors
    ]


def class_rows(session: Session, action: TrainingAction) -> Sequence[ClassRow]:
    """The classes with their facilitators' names, for the pages."""
    return session.scalars(
        select(ClassRow)
        .where(ClassRow.action_id == action.id)
        .options(selectinload(ClassRow.instructors).joinedload(ClassInstructor.person))
    ).all()


def ask_recompute(session: Session, action_id: int, *, reason: str) -> None:
    """Have the stored figures of an action made again; `reason` names what changed, so that each change asks once."""
    ask(
        session,
        RECOMPUTE,
        identity=f"{RECOMPUTE}:{action_id}:{reason}",
        queue=EffectQueue.BULK,
        payload={"action_id": action_id},
    )


def recompute(session: Session, payload: Mapping[str, Any]) -> None:
    """Store the figures of `payload["action_id"]` as the marks are now. Harmless when run twice."""
    # Two recomputations of one action take turns, so that the later marks win.
    action = session.get_one(TrainingAction, payload["action_id"], with_for_update={"key_share": True})
    computed = compute(session, action)
    session.execute(delete(StoredResult).where(StoredResult.action_id == action.id))
    if computed:
        session.execute(insert(StoredResult), [to_store(action, attendance) for attendance in computed])
    changes.refresh(session, [action.id])


def differences(document: CertificateDocument, computed: Sequence[ParticipantAttendance]) -> list[Difference]:
    """Where the attendance as of now differs from what the certificate printed, in order of name."""
    now = {entry.person.rut.screen: (entry.person.full_name, f"{entry.result.percentage}") for entry in computed}
    return compare(document, now)


def _participants(session: Session, action: TrainingAction, only: Sequence[int] | None) -> Sequence[Participant]:
    return session.scalars(_by_name(only is None), {"action_id": action.id, "only": only}).all()


@cache
def _by_name(everybody: bool) -> Select[Participant]:
    with_person = select(Participant).join(Participant.person).options(contains_eager(Participant.person))
    return with_person.where(_of_action(everybody)).order_by(Person.sort_name, Person.rut_body)


@cache
def _marks(everybody: bool) -> Select[*tuple[Any, ...]]:
    own = select(Participant.id).where(_of_action(everybody))
    mark = AttendanceMark
    columns = (mark.participant_id, ClassRow.class_id, mark.marked_at, mark.kind, mark.validation)
    of_class = select(*columns).join(ClassRow, ClassRow.id == mark.class_held_id)
    return of_class.where(mark.participant_id.in_(own))


def _of_action(everybody: bool) -> ColumnElement[bool]:
    """The participants of the action in the parameter `action_id`; of them, unless it is everybody, those in `only`."""
    some = true() if everybody else Participant.id.in_(bindparam("only", expanding=True))
    return and_(Participant.action_id == bindparam("action_id"), some)


def _marks_by_participant(
    session: Session, action: TrainingAction, only: Sequence[int] | None
) -> tuple[Mapping[int, list[Mark]], Mapping[int, list[RetroactiveMark]]]:
    """The marks taken, and what approved requests became: the day of the decision is what people know that by."""
    rows = session.execute(_marks(only is None), {"action_id": action.id, "only": only})
    taken: defaultdict[int, list[Mark]] = defaultdict(list)
    approved: defaultdict[int, list[RetroactiveMark]] = defaultdict(list)
    for owner, class_id, marked_at, kind, validation in rows:
        if kind is RecordedKind.RETROACTIVE:
            day = local_date(marked_at, action.time_zone)
            approved[owner].append(RetroactiveMark(class_id, f"resolución del {day:%d/%m/%Y}"))
        else:
            taken[owner].append(Mark(class_id, marked_at, MarkKind(kind), validation))
    return taken, approved


def to_store(action: TrainingAction, attendance: ParticipantAttendance) -> dict[str, Any]:
    """The row of figures."""
    return {
        "participant_id": attendance.participant_id,
        "action_id": action.id,
        "policy_id": attendance.result.policy_id,
        # No class closed yet under a policy that divides by the time held: nothing of one second is nothing too.
        "required_seconds": max(1, int(attendance.result.hours * 3600)),
        "credited_seconds": attendance.result.credited_seconds,
        "provisional_seconds": attendance.result.provisional_seconds,
        "flags": [flag.value for flag in attendance.result.flags],
        "computed_at": datetime.now(UTC),
    }
