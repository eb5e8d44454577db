"""Courses with one participant's marks, drawn by Hypothesis: few instants, so that the odd cases are the frequent ones."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import Phase, settings
from hypothesis import strategies as st

from app.domain.attendance import (
    GCA_1,
    POLICIES,
    AttendancePolicy,
    AttendanceResult,
    ClassHeld,
    FacilitatorInterval,
    Mark,
    MarkKind,
    RetroactiveMark,
    Validation,
    compute_attendance,
)

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
FOUR_HOURS = Fraction(4)
STEP = timedelta(minutes=5)
STEPS = 36
quick = settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
)


@dataclass(frozen=True)
class Case:
    """The classes of a course with one participant's marks in them, and the classes with an approved request."""

    classes: tuple[ClassHeld, ...]
    marks: tuple[Mark, ...]
    approved: tuple[RetroactiveMark, ...]


def at(step: int) -> datetime:
    # Instants fall on few values on purpose, so that marks often meet each other and the edges of a class.
    return NOON + STEP * (step % STEPS)


def _case(shape: bytes) -> Case:
    """Three classes of up to three facilitators and up to ten marks, read from bytes.

    Drawn as bytes because Hypothesis makes and shrinks them many times faster than lists of objects.
    """
    numbers = shape.ljust(42, b"\0")
    groups: list[list[FacilitatorInterval]] = [[], [], []]
    for n, group in enumerate((0, 0, 1, 1, 2, 2)):
        start, end = sorted((at(numbers[2 * n]), at(numbers[2 * n + 1])))
        is_open = numbers[2 * n] > 250
        if n % 2 == 0 or start != end:
            groups[group].append(FacilitatorInterval(start, None if is_open else end))
    classes = tuple(ClassHeld(f"c{n}", tuple(group)) for n, group in enumerate(groups))
    marks = tuple(_mark(numbers[n], numbers[n + 1]) for n in range(14, len(numbers) - 1, 2) if numbers[n + 1])
    approved = tuple(RetroactiveMark(f"c{n}") for n in range(3) if numbers[12] & (1 << n))
    return Case(classes, marks, approved)


def _mark(instant: int, code: int) -> Mark:
    # Half of the marks fall in the first class and most are valid, so that pairs are frequent.
    class_id = ("c0", "c0", "c1", "c2")[code >> 6]
    validation = (Validation.VALID, Validation.VALID, Validation.PENDING, Validation.REJECTED)[(code >> 4) & 3]
    return Mark(class_id, at(instant), MarkKind.OUT if code & 1 else MarkKind.IN, validation)


cases = st.binary(min_size=20, max_size=36).map(_case)
policies = st.sampled_from(list(POLICIES.values()))


def compute(case: Case, policy: AttendancePolicy = GCA_1) -> AttendanceResult:
    return compute_attendance(
        case.classes, case.marks, hours=FOUR_HOURS, policy=policy, retroactive=case.approved, zone="UTC"
    )


def figures(result: AttendanceResult) -> tuple[object, ...]:
    return result.firm, result.provisional
