"""Who is credited with being in two courses at once: found when somebody looks, for the marks of either may still change."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import attrgetter

from sqlalchemy import ARRAY, CTE, BigInteger, Select, any_, bindparam, select, union
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from app.domain.attendance import (
    AttendanceResult,
    ClassHeld,
    Mark,
    MarkKind,
    RetroactiveMark,
    compute_attendance,
    conflicts,
)
from app.domain.intervals import Interval
from app.models import AttendanceMark, ClassInstructor, Participant, RecordedKind, TrainingAction
from app.models import ClassHeld as ClassRow
from app.services import attendance, policies
from app.services.policies import Timetable


@dataclass(frozen=True)
class Shared:
    """A stretch of time that another action credits to the participant too, fingerprints to be validated included."""

    time: Interval
    action: TrainingAction


def found(session: Session, participant_ids: Collection[int]) -> dict[int, list[Shared]]:
    """What each of the participants shares with other courses, in order of time; those who share nothing are left out.

    One query where nobody can share anything, which is almost always; a fixed number of them otherwise.
    """
    pairs = session.execute(_candidates(), {"ids": list(participant_ids)}).all()
    if not pairs:
        return {}

    ids = {one for pair in pairs for one in pair}
    people = {one.id: one for one in session.scalars(_with_action(ids))}
    credited = _credited(session, people.values())
    shared: defaultdict[int, list[Shared]] = defaultdict(list)
    for own, other in pairs:
        # The participants stand for their actions: one person is in one action once.
        for conflict in conflicts({"own": credited[own], "other": credited[other]}):
            shared[own].append(Shared(conflict.shared, people[other].action))
    return {own: sorted(all_of_one, key=attrgetter("time", "action.code")) for own, all_of_one in shared.items()}


@cache
def _candidates() -> Select[int, int]:
    """Those among the parameter `ids` who were marked in classes of two actions that were held at the same time."""
    own, other = aliased(Participant), aliased(Participant)
    same_person = (
        select(own.id.label("own_id"), other.id.label("other_id"))
        .join(other, (other.person_id == own.person_id) & (other.id != own.id))
        .where(own.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
        .cte("same_person")
    )
    attended = _attended(same_person)
    here, there = attended.alias("here"), attended.alias("there")
    return (
        select(same_person.c.own_id, same_person.c.other_id)
        .distinct()
        .join(here, here.c.participant_id == same_person.c.own_id)
        .join(there, there.c.participant_id == same_person.c.other_id)
        .where(here.c.started_at < there.c.ended_at, there.c.started_at < here.c.ended_at)
    )


def _attended(same_person: CTE) -> CTE:
    """When the classes were held in which either of the participants has a mark."""
    ids = union(select(same_person.c.own_id), select(same_person.c.other_id))
    return (
        select(AttendanceMark.participant_id, ClassInstructor.started_at, ClassInstructor.ended_at)
        .distinct()
        .join(ClassInstructor, ClassInstructor.class_held_id == AttendanceMark.class_held_id)
        .where(AttendanceMark.participant_id.in_(ids), ClassInstructor.ended_at.is_not(None))
        .cte("attended")
    )


def _with_action(ids: Collection[int]) -> Select[Participant]:
    return select(Participant).where(Participant.id.in_(ids)).options(joinedload(Participant.action))


def _credited(session: Session, people: Iterable[Participant]) -> dict[int, list[Interval]]:
    """The time credited to each participant, whatever the action; the queries do not grow with their number."""
    people = list(people)
    timetable = policies.timetable(session)
    classes, marks = _classes(session, people), _marks(session, people)
    return {
        one.id: [
            part
            for breakdown in _result(one, classes[one.action_id], marks[one.id], timetable).classes
            for part in breakdown.provisional.credited
        ]
        for one in people
    }


def _result(
    one: Participant, classes: Sequence[ClassHeld], marks: Sequence[tuple[str, AttendanceMark]], timetable: Timetable
) -> AttendanceResult:
    action = one.action
    return compute_attendance(
        classes,
        [
            Mark(class_id, mark.marked_at, MarkKind(mark.kind), mark.validation)
            for class_id, mark in marks
            if mark.kind is not RecordedKind.RETROACTIVE
        ],
        hours=attendance.hours_of(action),
        policy=timetable.policy_for(action.line, action.starts_on),
        retroactive=[RetroactiveMark(class_id) for class_id, mark in marks if mark.kind is RecordedKind.RETROACTIVE],
        zone=action.time_zone,
    )


def _classes(session: Session, people: Sequence[Participant]) -> defaultdict[int, list[ClassHeld]]:
    rows = session.scalars(
        select(ClassRow)
        .where(ClassRow.action_id.in_({one.action_id for one in people}))
        .options(selectinload(ClassRow.instructors))
        .order_by(ClassRow.action_id)
    )
    classes: defaultdict[int, list[ClassHeld]] = defaultdict(list)
    for action_id, of_action in groupby(rows, key=attrgetter("action_id")):
        classes[action_id] = attendance.as_held(of_action)
    return classes


def _marks(session: Session, people: Sequence[Participant]) -> defaultdict[int, list[tuple[str, AttendanceMark]]]:
    rows = session.execute(
        select(ClassRow.class_id, AttendanceMark)
        .join(ClassRow, ClassRow.id == AttendanceMark.class_held_id)
        .where(AttendanceMark.participant_id.in_([one.id for one in people]))
    )
    marks: defaultdict[int, list[tuple[str, AttendanceMark]]] = defaultdict(list)
    for class_id, mark in rows:
        marks[mark.participant_id].append((class_id, mark))
    return marks
