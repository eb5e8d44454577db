"""How much of a course one participant attended: exact, to the second, and able to say where each figure comes from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from app.domain.attendance_policy import GCA_1, POLICIES, AttendancePolicy
from app.domain.attendance_records import (
    AttendanceFlag,
    ClassHeld,
    FacilitatorInterval,
    Mark,
    MarkKind,
    Validation,
    hours_for,
)
from app.domain.intervals import Interval, cut, total, unite

__all__ = [
    "GCA_1",
    "POLICIES",
    "AttendanceFlag",
    "AttendancePolicy",
    "AttendanceResult",
    "ClassBreakdown",
    "ClassCredit",
    "ClassHeld",
    "FacilitatorInterval",
    "Figure",
    "Mark",
    "MarkKind",
    "Remark",
    "Stay",
    "Validation",
    "compute_attendance",
    "hours_for",
]

_FIRM = frozenset({Validation.VALID})
_PROVISIONAL = frozenset({Validation.VALID, Validation.PENDING})


@dataclass(frozen=True)
class Stay:
    """One entry with its exit as marked, and the time of it that counts."""

    marked: Interval
    credited: tuple[Interval, ...]
    grace_applied: bool


@dataclass(frozen=True)
class Remark:
    """A mark that counts for nothing, and why."""

    flag: AttendanceFlag
    mark: Mark


@dataclass(frozen=True)
class ClassCredit:
    """What one set of marks is worth in one class."""

    marks: tuple[Mark, ...]
    stays: tuple[Stay, ...]
    remarks: tuple[Remark, ...]
    flags: tuple[AttendanceFlag, ...]

    @property
    def credited(self) -> tuple[Interval, ...]:
        return unite(part for stay in self.stays for part in stay.credited)

    @property
    def seconds(self) -> int:
        return total(self.credited) // timedelta(seconds=1)

    @property
    def grace_applied(self) -> bool:
        return any(stay.grace_applied for stay in self.stays)


@dataclass(frozen=True)
class ClassBreakdown:
    """One class of one participant: all the marks in order, rejected ones too, and what they are worth."""

    class_held: ClassHeld
    marks: tuple[Mark, ...]
    firm: ClassCredit
    provisional: ClassCredit


@dataclass(frozen=True)
class Figure:
    """Time credited and its exact share of the hours; what is shown of the share is cut off, never rounded up."""

    credited: timedelta
    ratio: Fraction

    @property
    def seconds(self) -> int:
        return self.credited // timedelta(seconds=1)

    @property
    def percentage(self) -> Decimal:
        return Decimal(int(self.ratio * 10_000)).scaleb(-2)

    @property
    def shown(self) -> int:
        return int(self.ratio * 100)

    def reaches(self, threshold: Fraction) -> bool:
        """Compares the exact share: 74.999 % does not reach 75 %."""
        return self.ratio >= threshold


@dataclass(frozen=True)
class AttendanceResult:
    """One participant's attendance; the firm figure is the one that may be issued."""

    policy_id: str
    hours: Fraction
    classes: tuple[ClassBreakdown, ...]
    firm: Figure
    provisional: Figure
    flags: tuple[AttendanceFlag, ...]

    @property
    def credited_seconds(self) -> int:
        return self.firm.seconds

    @property
    def provisional_seconds(self) -> int:
        return self.provisional.seconds

    @property
    def ratio(self) -> Fraction:
        return self.firm.ratio

    @property
    def percentage(self) -> Decimal:
        return self.firm.percentage

    @property
    def shown(self) -> int:
        return self.firm.shown


def compute_attendance(
    classes: Sequence[ClassHeld], marks: Iterable[Mark], *, hours: Fraction, policy: AttendancePolicy
) -> AttendanceResult:
    """Attendance of the participant whose marks are given, in whatever order, over the hours of `hours_for`.

    Flags are those of the firm figure. Raises ValueError for hours that are not positive, two classes of one id, or a
    mark of a class not given. Source: domain handbook §4, "The arithmetic, to the second".
    """
    if hours <= 0:
        raise ValueError(f"Attendance needs positive hours: {hours}")
    marks_of = _by_class(classes, marks)

    ordered = sorted(classes, key=lambda class_held: (class_held.started_at, class_held.class_id))
    breakdowns = tuple(_break_down(class_held, marks_of[class_held.class_id], policy) for class_held in ordered)

    return AttendanceResult(
        policy_id=policy.policy_id,
        hours=hours,
        classes=breakdowns,
        firm=_figure((breakdown.firm for breakdown in breakdowns), hours, policy),
        provisional=_figure((breakdown.provisional for breakdown in breakdowns), hours, policy),
        flags=_in_order(flag for breakdown in breakdowns for flag in breakdown.firm.flags),
    )


def _by_class(classes: Sequence[ClassHeld], marks: Iterable[Mark]) -> dict[str, list[Mark]]:
    marks_of: dict[str, list[Mark]] = {class_held.class_id: [] for class_held in classes}
    if len(marks_of) != len(classes):
        raise ValueError("Two classes have the same id")
    for mark in marks:
        if mark.class_id not in marks_of:
            raise ValueError(f"A mark belongs to class {mark.class_id}, which is not among the classes given")
        marks_of[mark.class_id].append(mark)
    return marks_of


def _break_down(class_held: ClassHeld, marks: Iterable[Mark], policy: AttendancePolicy) -> ClassBreakdown:
    # An exit goes before an entry of the same instant: who leaves and returns in one second has left and returned.
    ordered = tuple(sorted(marks, key=lambda mark: (mark.marked_at, mark.kind == MarkKind.IN, mark.validation)))
    return ClassBreakdown(
        class_held=class_held,
        marks=ordered,
        firm=_credit(class_held, tuple(mark for mark in ordered if mark.validation in _FIRM), policy),
        provisional=_credit(class_held, tuple(mark for mark in ordered if mark.validation in _PROVISIONAL), policy),
    )


def _credit(class_held: ClassHeld, marks: tuple[Mark, ...], policy: AttendancePolicy) -> ClassCredit:
    pairs, remarks = _pair(marks)
    stays = tuple(_stay(pair, class_held, policy, is_first=pair is pairs[0]) for pair in pairs)
    unclosed = [] if class_held.held else [AttendanceFlag.CLASS_NOT_CLOSED]
    flags = _in_order([*unclosed, *(remark.flag for remark in remarks)])
    return ClassCredit(marks=marks, stays=stays, remarks=remarks, flags=flags)


def _pair(marks: Iterable[Mark]) -> tuple[tuple[Interval, ...], tuple[Remark, ...]]:
    """Entries with their exits, from marks in order of time, and the marks that found no partner."""
    pairs: list[Interval] = []
    remarks: list[Remark] = []
    entry: Mark | None = None
    for mark in marks:
        if mark.kind == MarkKind.IN and entry is None:
            entry = mark
        elif mark.kind == MarkKind.IN:
            remarks.append(Remark(AttendanceFlag.REPEATED_ENTRY, mark))
        elif entry is None:
            remarks.append(Remark(AttendanceFlag.MISSING_ENTRY, mark))
        else:
            pairs.append(Interval(entry.marked_at, mark.marked_at))
            entry = None
    if entry is not None:
        remarks.append(Remark(AttendanceFlag.MISSING_EXIT, entry))
    return tuple(pairs), tuple(remarks)


def _stay(marked: Interval, class_held: ClassHeld, policy: AttendancePolicy, *, is_first: bool) -> Stay:
    """The time of one entry and exit that counts; the grace is for the first of the class, its last second included."""
    start = class_held.started_at
    grace_applied = is_first and start < marked.start <= start + policy.grace
    counted = Interval(start, marked.end) if grace_applied else marked
    return Stay(marked=marked, credited=cut(counted, to=class_held.held), grace_applied=grace_applied)


def _figure(credits: Iterable[ClassCredit], hours: Fraction, policy: AttendancePolicy) -> Figure:
    credited = total(part for credit in credits for part in credit.credited)
    share = Fraction(credited // timedelta(microseconds=1)) / (hours * 3600 * 1_000_000)
    return Figure(credited=credited, ratio=min(share, policy.cap))


def _in_order(flags: Iterable[AttendanceFlag]) -> tuple[AttendanceFlag, ...]:
    return tuple(sorted(set(flags)))
