"""What holds of every attendance, whatever the classes, the marks and the policy."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attendance import (
    AttendancePolicy,
    AttendanceResult,
    ClassHeld,
    FacilitatorInterval,
    Mark,
    MarkKind,
    Validation,
)
from app.domain.attendance_policy import GracePer
from app.domain.intervals import Interval, total
from tests.support.attendance_cases import STEP, STEPS, Case, at, cases, compute, figures, policies, quick


@quick
@given(cases, policies)
def test_nobody_is_credited_less_than_nothing_or_more_than_the_time_held(case: Case, policy: AttendancePolicy) -> None:
    result = compute(case, policy)

    held = total(part for own in result.classes for block in own.blocks for part in block.held)
    for figure in (result.firm, result.provisional):
        assert timedelta() <= figure.credited <= held
        assert 0 <= figure.ratio <= 1
    for own in result.classes:
        class_time = total(part for block in own.blocks for part in block.held)
        assert own.firm.seconds <= class_time.total_seconds()
        assert own.provisional.seconds <= class_time.total_seconds()


@quick
@given(cases, policies)
def test_every_second_counts_once(case: Case, policy: AttendancePolicy) -> None:
    result = compute(case, policy)

    # Everything falls on steps of five minutes, so a step is credited whole or not at all.
    credited = [part for own in result.classes for part in own.firm.credited]
    steps = [Interval(at(n), at(n) + STEP) for n in range(STEPS)]
    covered = [step for step in steps if any(p.start <= step.start and step.end <= p.end for p in credited)]
    assert result.firm.credited == STEP * len(covered)


@quick
@given(cases, policies, st.integers(0, 99))
def test_the_order_of_marks_and_classes_changes_nothing(case: Case, policy: AttendancePolicy, seed: int) -> None:
    random = Random(seed)
    shuffled = Case(
        classes=tuple(random.sample(case.classes, len(case.classes))),
        marks=tuple(random.sample(case.marks, len(case.marks))),
        approved=tuple(random.sample(case.approved, len(case.approved))),
    )

    assert compute(shuffled, policy) == compute(case, policy)


@quick
@given(cases, policies, st.integers(0, 9))
def test_a_mark_that_comes_twice_changes_no_figure(case: Case, policy: AttendancePolicy, which: int) -> None:
    twice = replace(case, marks=case.marks + case.marks[which : which + 1], approved=case.approved * 2)

    once_computed, twice_computed = compute(case, policy), compute(twice, policy)

    assert figures(twice_computed) == figures(once_computed)
    assert set(twice_computed.flags) >= set(once_computed.flags)


@quick
@given(cases, policies, st.integers(-(10**7), 10**7))
def test_a_shift_of_all_instants_changes_nothing(case: Case, policy: AttendancePolicy, seconds: int) -> None:
    # A grace given once a day knows where a day begins: only whole days leave everything where it was.
    by = timedelta(days=seconds // 86_400) if policy.grace_per is GracePer.DAY else timedelta(seconds=seconds)

    now, later = compute(case, policy), compute(_shifted(case, by), policy)

    assert (figures(later), later.flags) == (figures(now), now.flags)


def _shifted(case: Case, by: timedelta) -> Case:
    def moved(held: FacilitatorInterval) -> FacilitatorInterval:
        return FacilitatorInterval(held.started_at + by, held.ended_at + by if held.ended_at else None)

    return replace(
        case,
        classes=tuple(ClassHeld(own.class_id, tuple(map(moved, own.facilitators))) for own in case.classes),
        marks=tuple(replace(mark, marked_at=mark.marked_at + by) for mark in case.marks),
    )


@quick
@given(cases, policies)
def test_rejected_marks_might_as_well_not_exist(case: Case, policy: AttendancePolicy) -> None:
    kept = tuple(mark for mark in case.marks if mark.validation != Validation.REJECTED)

    with_them, without = compute(case, policy), compute(replace(case, marks=kept), policy)

    assert (figures(with_them), with_them.flags) == (figures(without), without.flags)


def _rooms_for_a_pair(case: Case, result: AttendanceResult) -> list[Interval]:
    """Spans of the first class where its participant is out, free of marks, and after the first time he was in.

    There a new entry cannot take the grace from another, nor come between an entry and its exit.
    """
    own = next(held for held in result.classes if held.class_held.class_id == "c0")
    instants = sorted({mark.marked_at for mark in own.provisional.marks})
    entered = {mark.marked_at for mark in own.provisional.marks if mark.kind == MarkKind.IN}
    left = [stay.marked.end for stay in own.provisional.stays if stay.marked.end not in entered]
    return [Interval(end, next((later for later in instants if later > end), end + 2 * STEP)) for end in left]


@quick
@given(cases, policies)
def test_a_valid_pair_of_marks_while_out_never_lowers_the_provisional_figure(
    case: Case, policy: AttendancePolicy
) -> None:
    unapproved = replace(case, approved=tuple(mark for mark in case.approved if mark.class_id != "c0"))
    before = compute(unapproved, policy)
    for room in _rooms_for_a_pair(unapproved, before):
        third = room.length / 3
        pair = (
            Mark("c0", room.start + third, MarkKind.IN, Validation.VALID),
            Mark("c0", room.end - third, MarkKind.OUT, Validation.VALID),
        )

        after = compute(replace(unapproved, marks=unapproved.marks + pair), policy)

        assert after.provisional.credited >= before.provisional.credited


MORNING = ClassHeld("c0", (FacilitatorInterval(at(0), at(24)),))


def _marked(*steps: int) -> tuple[Mark, ...]:
    """Entries and exits by turns, at steps of five minutes from the start of the class."""
    kinds = (MarkKind.IN, MarkKind.OUT)
    return tuple(Mark("c0", at(step), kinds[n % 2], Validation.VALID) for n, step in enumerate(steps))


@pytest.mark.parametrize(
    ("before", "added", "lost"),
    [
        pytest.param((3, 24), (1, 2), 1, id="before the first entry it takes the grace of that entry"),
        pytest.param((0, 24), (6, 12), 12, id="between an entry and its exit it ends the stay early"),
    ],
)
def test_elsewhere_the_rule_itself_may_lower_the_figure(
    before: tuple[int, ...], added: tuple[int, ...], lost: int
) -> None:
    first = compute(Case((MORNING,), _marked(*before), ()))
    both = compute(Case((MORNING,), _marked(*before) + _marked(*added), ()))

    assert first.provisional.credited - both.provisional.credited == STEP * lost
