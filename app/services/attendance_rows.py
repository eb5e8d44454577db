"""A course's computed attendance as the rows that people take along, and those rows as plain values to put aside."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.adapters.workbook import AttendanceSession, AttendanceTotal
from app.domain import attendance_conflicts
from app.domain.attendance import ClassBreakdown, MarkKind
from app.domain.explanations import explain_class
from app.models import ClassHeld
from app.services.attendance import ParticipantAttendance


@dataclass(frozen=True)
class AttendanceRows:
    """One row a participant, and one a participant and class."""

    totals: Sequence[AttendanceTotal]
    sessions: Sequence[AttendanceSession]


def rows_of(
    computed: Sequence[ParticipantAttendance],
    classes: Iterable[ClassHeld],
    zone: str,
    conflicting: Container[int] = frozenset(),
) -> AttendanceRows:
    """The rows of these participants, in their order, on the clock of `zone`.

    `conflicting` are the participants with time that another action credits too.
    """
    facilitators = facilitators_of(classes)
    return AttendanceRows(
        totals=[_total(entry, entry.participant_id in conflicting) for entry in computed],
        sessions=[row for entry in computed for row in _sessions(entry, facilitators, zone)],
    )


def together(parts: Iterable[AttendanceRows]) -> AttendanceRows:
    """The rows of all parts, in their order."""
    all_parts = list(parts)
    return AttendanceRows(
        totals=[row for part in all_parts for row in part.totals],
        sessions=[row for part in all_parts for row in part.sessions],
    )


def to_data(rows: AttendanceRows) -> dict[str, Any]:
    """The rows as JSON can hold them."""
    return {
        "totals": [{name: _plain(value) for name, value in asdict(row).items()} for row in rows.totals],
        "sessions": [{name: _plain(value) for name, value in asdict(row).items()} for row in rows.sessions],
    }


def from_data(data: Mapping[str, Any]) -> AttendanceRows:
    """The rows that `to_data` put aside."""
    return AttendanceRows(
        totals=[AttendanceTotal(**row | _total_values(row)) for row in data["totals"]],
        sessions=[AttendanceSession(**row | _session_values(row)) for row in data["sessions"]],
    )


def facilitators_of(rows: Iterable[ClassHeld]) -> dict[str, str]:
    """Who held each class, by the class's id."""
    return {row.class_id: " y ".join(held.person.full_name for held in row.instructors) for row in rows}


def first_entry(breakdown: ClassBreakdown) -> datetime | None:
    return next((mark.marked_at for mark in breakdown.marks if mark.kind is MarkKind.IN), None)


def last_exit(breakdown: ClassBreakdown) -> datetime | None:
    return next((mark.marked_at for mark in reversed(breakdown.marks) if mark.kind is MarkKind.OUT), None)


def _total(entry: ParticipantAttendance, conflicts: bool) -> AttendanceTotal:
    result = entry.result
    flags = [flag.label for flag in result.flags] + [attendance_conflicts.IN_WORDS] * conflicts
    return AttendanceTotal(
        rut=entry.person.rut.screen,
        name=entry.person.full_name,
        credited=result.firm.credited,
        percentage=result.percentage,
        shown=result.shown,
        provisional_percentage=result.provisional.percentage,
        flags=", ".join(flags),
    )


def _sessions(entry: ParticipantAttendance, facilitators: Mapping[str, str], zone: str) -> Iterator[AttendanceSession]:
    for breakdown in entry.result.classes:
        entered, left = first_entry(breakdown), last_exit(breakdown)
        yield AttendanceSession(
            rut=entry.person.rut.screen,
            name=entry.person.full_name,
            class_id=breakdown.class_held.class_id,
            instructor=facilitators[breakdown.class_held.class_id],
            entered_at=entered.astimezone(ZoneInfo(zone)) if entered else None,
            left_at=left.astimezone(ZoneInfo(zone)) if left else None,
            duration=timedelta(seconds=breakdown.firm.seconds),
            explanation=explain_class(breakdown, zone=zone, policy=entry.result.policy),
        )


def _plain(value: object) -> object:
    match value:
        case timedelta():
            return value // timedelta(microseconds=1)
        case datetime():
            return value.isoformat()
        case Decimal():
            return str(value)
    return value


def _total_values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "credited": timedelta(microseconds=row["credited"]),
        "percentage": Decimal(row["percentage"]),
        "provisional_percentage": Decimal(row["provisional_percentage"]),
    }


def _session_values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "duration": timedelta(microseconds=row["duration"]),
        "entered_at": row["entered_at"] and datetime.fromisoformat(row["entered_at"]),
        "left_at": row["left_at"] and datetime.fromisoformat(row["left_at"]),
    }
