"""What holds of every attendance, whatever the classes and the marks."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.attendance import (
    GCA_1,
    AttendanceResult,
    ClassHeld,
    FacilitatorInterval,
    Mark,
    MarkKind,
    Validation,
    compute_attendance,
)
from app.domain.intervals import total

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
FOUR_HOURS = Fraction(4)
quick = settings(max_examples=20, deadline=None, database=None, derandomize=True)


def _at(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


# Instants fall on few values on purpose, so that marks often meet each other and the edges of a class.
instants = st.integers(-6, 30).map(lambda step: _at(step * 300))
facilitators = st.tuples(instants, instants).map(lambda pair: FacilitatorInterval(min(pair), max(pair)))
classes_held = st.lists(st.lists(facilitators, min_size=1, max_size=3), min_size=1, max_size=3).map(
    lambda groups: [ClassHeld(f"c{n}", tuple(group)) for n, group in enumerate(groups)]
)
marks_in_c0 = st.lists(
    st.builds(Mark, st.just("c0"), instants, st.sampled_from(MarkKind), st.sampled_from(Validation)), max_size=8
)
marks_of_three = st.lists(
    st.builds(
        Mark, st.sampled_from(["c0", "c1", "c2"]), instants, st.sampled_from(MarkKind), st.just(Validation.VALID)
    ),
    max_size=12,
)


def _compute(classes: list[ClassHeld], marks: list[Mark]) -> AttendanceResult:
    known = {class_held.class_id for class_held in classes}
    own = [mark for mark in marks if mark.class_id in known]
    return compute_attendance(classes, own, hours=FOUR_HOURS, policy=GCA_1)


@quick
@given(classes_held, marks_of_three)
def test_nobody_is_credited_less_than_nothing_or_more_than_the_time_held(
    classes: list[ClassHeld], marks: list[Mark]
) -> None:
    result = _compute(classes, marks)

    held = total(interval for class_held in classes for interval in class_held.held)
    assert 0 <= result.credited_seconds <= held.total_seconds()
    assert 0 <= result.ratio <= 1
    for breakdown in result.classes:
        assert breakdown.firm.seconds <= total(breakdown.class_held.held).total_seconds()


@quick
@given(classes_held, marks_in_c0, st.randoms(use_true_random=False))
def test_the_order_of_marks_changes_nothing(classes: list[ClassHeld], marks: list[Mark], random: Random) -> None:
    shuffled = random.sample(marks, len(marks))

    assert _compute(classes, shuffled) == _compute(classes, marks)


@quick
@given(classes_held, marks_in_c0, st.integers(0, 7))
def test_a_mark_that_comes_twice_changes_no_figure(classes: list[ClassHeld], marks: list[Mark], which: int) -> None:
    repeated = marks + marks[which : which + 1]

    once, twice = _compute(classes, marks), _compute(classes, repeated)

    assert (twice.firm, twice.provisional) == (once.firm, once.provisional)
    assert set(twice.flags) >= set(once.flags)


@quick
@given(classes_held, marks_in_c0, st.integers(-(10**7), 10**7))
def test_a_shift_of_all_instants_changes_nothing(classes: list[ClassHeld], marks: list[Mark], seconds: int) -> None:
    by = timedelta(seconds=seconds)
    later_classes = [
        ClassHeld(
            class_held.class_id,
            tuple(
                FacilitatorInterval(f.started_at + by, f.ended_at + by if f.ended_at else None)
                for f in class_held.facilitators
            ),
        )
        for class_held in classes
    ]
    later_marks = [Mark(mark.class_id, mark.marked_at + by, mark.kind, mark.validation) for mark in marks]

    now, later = _compute(classes, marks), _compute(later_classes, later_marks)

    assert (later.firm, later.provisional, later.flags) == (now.firm, now.provisional, now.flags)


@quick
@given(classes_held, marks_in_c0)
def test_rejected_marks_might_as_well_not_exist(classes: list[ClassHeld], marks: list[Mark]) -> None:
    without = [mark for mark in marks if mark.validation != Validation.REJECTED]

    kept, dropped = _compute(classes, marks), _compute(classes, without)

    assert (kept.firm, kept.provisional, kept.flags) == (dropped.firm, dropped.provisional, dropped.flags)
