"""What an attendance tells besides its figure, and what it refuses to compute."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from app.domain.attendance import (
    GCA_1,
    POLICIES,
    AttendanceFlag,
    ClassHeld,
    FacilitatorInterval,
    Mark,
    MarkKind,
    RetroactiveMark,
    Validation,
    compute_attendance,
    hours_for,
)
from app.domain.intervals import Interval
from app.domain.terms import Activity


def _at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 6, 10, hour, minute, second, tzinfo=UTC)


def _in(hour: int, minute: int = 0, validation: Validation = Validation.VALID, class_id: str = "c1") -> Mark:
    return Mark(class_id, _at(hour, minute), MarkKind.IN, validation)


def _out(hour: int, minute: int = 0, validation: Validation = Validation.VALID) -> Mark:
    return Mark("c1", _at(hour, minute), MarkKind.OUT, validation)


MORNING = ClassHeld("c1", (FacilitatorInterval(_at(9), _at(13)),))


def test_a_breakdown_shows_what_was_marked_beside_what_is_credited() -> None:
    result = compute_attendance([MORNING], [_in(9, 10), _out(13, 5)], hours=Fraction(4), policy=GCA_1)

    stay = result.classes[0].firm.stays[0]
    assert stay.marked == Interval(_at(9, 10), _at(13, 5))
    assert stay.credited == (Interval(_at(9), _at(13)),)
    assert stay.grace_applied


def test_an_early_entry_needs_no_grace() -> None:
    result = compute_attendance([MORNING], [_in(8, 50), _out(13)], hours=Fraction(4), policy=GCA_1)

    assert not result.classes[0].firm.grace_applied


def test_a_breakdown_keeps_rejected_marks_to_show_and_leaves_them_out_of_the_credit() -> None:
    rejected = _in(9, validation=Validation.REJECTED)

    breakdown = compute_attendance([MORNING], [_out(13), rejected], hours=Fraction(4), policy=GCA_1).classes[0]

    assert breakdown.marks == (rejected, _out(13))
    assert breakdown.provisional.marks == (_out(13),)


def test_a_remark_names_the_very_mark_that_counts_for_nothing() -> None:
    breakdown = compute_attendance([MORNING], [_in(9), _in(9, 30)], hours=Fraction(4), policy=GCA_1).classes[0]

    assert [(remark.flag, remark.mark) for remark in breakdown.firm.remarks] == [
        (AttendanceFlag.REPEATED_ENTRY, _in(9, 30)),
        (AttendanceFlag.MISSING_EXIT, _in(9)),
    ]


def test_classes_come_in_the_order_they_began() -> None:
    evening = ClassHeld("a", (FacilitatorInterval(_at(18), _at(20)),))

    result = compute_attendance([evening, MORNING], [], hours=Fraction(4), policy=GCA_1)

    assert [breakdown.class_held.class_id for breakdown in result.classes] == ["c1", "a"]


def test_a_threshold_compares_the_exact_share() -> None:
    almost = compute_attendance([MORNING], [_in(9), _out(12)], hours=Fraction(4) + Fraction(1, 10**6), policy=GCA_1)
    exactly = compute_attendance([MORNING], [_in(9), _out(12)], hours=Fraction(4), policy=GCA_1)

    assert not almost.firm.reaches(GCA_1.threshold)
    assert exactly.firm.reaches(GCA_1.threshold)


def test_the_policy_is_named_in_the_result() -> None:
    assert compute_attendance([], [], hours=Fraction(4), policy=GCA_1).policy_id == "GCA-1"


def test_another_length_of_grace_is_computed() -> None:
    strict = replace(GCA_1, policy_id="strict", grace=timedelta(minutes=5))

    result = compute_attendance([MORNING], [_in(9, 10), _out(13)], hours=Fraction(4), policy=strict)

    assert result.credited_seconds == 4 * 3600 - 600


def test_a_mark_of_an_unknown_class_is_refused() -> None:
    with pytest.raises(ValueError, match="c9"):
        compute_attendance([MORNING], [_in(9, class_id="c9")], hours=Fraction(4), policy=GCA_1)


def test_a_retroactive_mark_of_an_unknown_class_is_refused() -> None:
    with pytest.raises(ValueError, match="c9"):
        compute_attendance([MORNING], [], hours=Fraction(4), policy=GCA_1, retroactive=[RetroactiveMark("c9")])


def test_a_grace_given_once_a_day_needs_the_zone_of_the_place() -> None:
    with pytest.raises(ValueError, match="zone"):
        compute_attendance([MORNING], [], hours=Fraction(4), policy=POLICIES["GCA-1-GRACE-DAY"])


def test_a_breakdown_names_the_decision_behind_a_retroactive_mark() -> None:
    decided = RetroactiveMark("c1", "Resolución 7")

    result = compute_attendance([MORNING], [_in(9)], hours=Fraction(4), policy=GCA_1, retroactive=[decided, decided])

    breakdown = result.classes[0]
    assert breakdown.retroactive == decided
    assert breakdown.marks == (_in(9),)
    assert breakdown.firm.marks == (_in(9), replace(_out(13), retroactive=True))


def test_the_hours_of_a_result_are_those_its_percentages_refer_to() -> None:
    held = compute_attendance([MORNING], [], hours=Fraction(10), policy=POLICIES["GCA-1-TIME-HELD"])

    assert held.hours == 4


def test_two_classes_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        compute_attendance([MORNING, MORNING], [], hours=Fraction(4), policy=GCA_1)


def test_a_course_of_no_hours_is_refused() -> None:
    with pytest.raises(ValueError, match="positive hours"):
        compute_attendance([MORNING], [], hours=Fraction(0), policy=GCA_1)


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        Mark("c1", datetime(2026, 6, 10, 9), MarkKind.IN, Validation.VALID)  # noqa: DTZ001


def test_a_class_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        FacilitatorInterval(_at(10), _at(9))


def test_a_class_that_nobody_started_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        ClassHeld("c1", ())


@pytest.mark.parametrize(
    ("activity", "credited", "partial", "hours"),
    [
        pytest.param(Activity.NORMAL, 132, None, 132, id="a course within the year has its credited hours"),
        pytest.param(Activity.PARTIAL, 132, 58, 58, id="a partial has its partial hours"),
        pytest.param(Activity.COMPLEMENTARY, 132, 58, 74, id="a complementary has the difference"),
        pytest.param(Activity.NORMAL, Decimal("4.50"), None, Fraction(9, 2), id="hours may have a fraction"),
    ],
)
def test_percentages_refer_to(activity: Activity, credited: Decimal, partial: int | None, hours: Fraction) -> None:
    assert hours_for(activity, credited, partial) == hours


@pytest.mark.parametrize(
    ("activity", "credited", "partial"),
    [
        pytest.param(Activity.PARTIAL, 132, None, id="a partial without partial hours"),
        pytest.param(Activity.COMPLEMENTARY, 132, None, id="a complementary without partial hours"),
        pytest.param(Activity.COMPLEMENTARY, 132, 132, id="a complementary of nothing"),
        pytest.param(Activity.PARTIAL, 132, 140, id="a partial longer than the course"),
        pytest.param(Activity.NORMAL, 0, None, id="a course of no hours"),
    ],
)
def test_hours_that_make_no_sense_are_refused(activity: Activity, credited: int, partial: int | None) -> None:
    with pytest.raises(ValueError, match="horas"):
        hours_for(activity, credited, partial)
