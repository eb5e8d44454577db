"""How much of a course one participant attended: exact, to the second, and able to say where each figure comes from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.attendance_conflicts import Conflict, conflicts
from app.domain.attendance_credit import Arrival, Block, ClassCredit, Stay, blocks_of, credit_classes, flags_in_order
from app.domain.attendance_figures import Figure, figure_of, hours_divided_by
from app.domain.attendance_pairing import Remark, in_order, in_place_of_the_missing
from app.domain.attendance_policy import GCA_1, AttendancePolicy, PendingMarks, UnpairedMark
from app.domain.attendance_records import (
    AttendanceFlag,
    ClassHeld,
    FacilitatorInterval,
    Mark,
    MarkKind,
    RetroactiveMark,
    Validation,
    hours_for,
)
from app.domain.attendance_variants import POLICIES, VARIANTS

__all__ = [
    "GCA_1",
    "POLICIES",
    "VARIANTS",
    "Arrival",
    "AttendanceFlag",
    "AttendancePolicy",
    "AttendanceResult",
    "Block",
    "ClassBreakdown",
    "ClassCredit",
    "ClassHeld",
    "Conflict",
    "FacilitatorInterval",
    "Figure",
    "Mark",
    "MarkKind",
    "Remark",
    "RetroactiveMark",
    "Stay",
    "Validation",
    "compute_attendance",
    "conflicts",
    "hours_for",
]

_VALID = frozenset({Validation.VALID})
_NOT_REJECTED = frozenset({Validation.VALID, Validation.PENDING})


@dataclass(frozen=True)
class ClassBreakdown:
    """One class of one participant: all the marks taken, in order, rejected ones too, and what they are worth.

    `retroactive` is the approved request for this class, if there is one; the marks it stands for are in the credits.
    """

    class_held: ClassHeld
    blocks: tuple[Block, ...]
    marks: tuple[Mark, ...]
    retroactive: RetroactiveMark | None
    firm: ClassCredit
    provisional: ClassCredit


@dataclass(frozen=True)
class AttendanceResult:
    """One participant's attendance; the firm figure is the one that may be issued.

    `hours` are those the percentages refer to, which the policy may take from the classes held.
    """

    policy: AttendancePolicy
    hours: Fraction
    classes: tuple[ClassBreakdown, ...]
    firm: Figure
    provisional: Figure
    flags: tuple[AttendanceFlag, ...]

    @property
    def policy_id(self) -> str:
        return self.policy.policy_id

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
    classes: Sequence[ClassHeld],
    marks: Iterable[Mark],
    *,
    hours: Fraction,
    policy: AttendancePolicy,
    retroactive: Iterable[RetroactiveMark] = (),
    zone: str | None = None,
) -> AttendanceResult:
    """Attendance of the participant whose marks are given, in whatever order, over the hours of `hours_for`.

    Flags are those of the firm figure. Raises ValueError for hours that are not positive, two classes of one id, a mark
    of a class not given, or no `zone` (IANA) for a policy that has to know what a day is. Source: domain handbook §4,
    "The arithmetic, to the second".
    """
    if hours <= 0:
        raise ValueError(f"Attendance needs positive hours: {hours}")
    ordered = sorted(classes, key=lambda class_held: (class_held.started_at, class_held.class_id))
    taken, approved = _by_class(classes, marks), _approved(classes, retroactive)

    breakdowns = _break_down(ordered, taken, approved, policy, zone)

    divided_by = hours_divided_by(hours, (block for own in breakdowns for block in own.blocks), policy)
    firm = figure_of((part for own in breakdowns for part in own.firm.credited), divided_by, policy)
    provisional = firm
    if any(own.provisional is not own.firm for own in breakdowns):
        provisional = figure_of((part for own in breakdowns for part in own.provisional.credited), divided_by, policy)
    return AttendanceResult(
        policy=policy,
        hours=divided_by,
        classes=breakdowns,
        firm=firm,
        provisional=provisional,
        flags=flags_in_order(flag for breakdown in breakdowns for flag in breakdown.firm.flags),
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


def _approved(classes: Sequence[ClassHeld], retroactive: Iterable[RetroactiveMark]) -> dict[str, RetroactiveMark]:
    # The first decision stays where one class has two: order, once more, changes nothing.
    approved = {mark.class_id: mark for mark in sorted(retroactive, key=lambda mark: mark.decision, reverse=True)}
    if unknown := approved.keys() - {class_held.class_id for class_held in classes}:
        raise ValueError(f"A retroactive mark belongs to a class not given: {', '.join(sorted(unknown))}")
    return approved


def _break_down(
    classes: Sequence[ClassHeld],
    taken: dict[str, list[Mark]],
    approved: dict[str, RetroactiveMark],
    policy: AttendancePolicy,
    zone: str | None,
) -> tuple[ClassBreakdown, ...]:
    blocks = [blocks_of(class_held, policy) for class_held in classes]
    marks = [in_order(taken[class_held.class_id]) for class_held in classes]
    provisional = [_only(own, _NOT_REJECTED) for own in marks]
    if policy.unpaired_mark is UnpairedMark.TO_CLASS_END_ONCE_APPROVED:
        provisional = [
            _completed(own, class_held.class_id, own_blocks) if class_held.class_id in approved else own
            for class_held, own, own_blocks in zip(classes, provisional, blocks, strict=True)
        ]
    firm = provisional
    if policy.pending_marks is PendingMarks.PROVISIONAL:
        firm = [_only(own, _VALID) for own in provisional]

    hoped = credit_classes(classes, blocks, provisional, policy, zone=zone)
    # Most participants have nothing pending: one computation then serves both figures.
    sure = hoped if firm == provisional else credit_classes(classes, blocks, firm, policy, zone=zone)
    return tuple(
        ClassBreakdown(one, own_blocks, own, approved.get(one.class_id), firm=certain, provisional=possible)
        for one, own_blocks, own, certain, possible in zip(classes, blocks, marks, sure, hoped, strict=True)
    )


def _only(marks: tuple[Mark, ...], kept: frozenset[Validation]) -> tuple[Mark, ...]:
    return tuple(mark for mark in marks if mark.validation in kept)


def _completed(marks: tuple[Mark, ...], class_id: str, blocks: tuple[Block, ...]) -> tuple[Mark, ...]:
    """The marks, and those that an approved request puts in the place of the missing ones."""
    if not blocks:
        return marks
    start, end = blocks[0].started_at, max(block.ended_at for block in blocks)
    return in_order((*marks, *in_place_of_the_missing(marks, class_id=class_id, start=start, end=end)))
