"""Being credited in two courses at once is told, stretch by stretch."""

from datetime import UTC, datetime

from app.domain.attendance import Conflict, conflicts
from app.domain.intervals import Interval


def _from(start: int, end: int) -> Interval:
    return Interval(datetime(2026, 6, 10, start, tzinfo=UTC), datetime(2026, 6, 10, end, tzinfo=UTC))


def test_time_that_two_actions_share_is_a_conflict() -> None:
    assert conflicts({"1000002": [_from(11, 14)], "1000001": [_from(9, 13)]}) == (
        Conflict(_from(11, 13), ("1000001", "1000002")),
    )


def test_actions_that_only_touch_do_not_conflict() -> None:
    assert conflicts({"1000001": [_from(9, 11)], "1000002": [_from(11, 13)]}) == ()


def test_an_action_does_not_conflict_with_itself() -> None:
    assert conflicts({"1000001": [_from(9, 12), _from(10, 13)], "1000002": []}) == ()


def test_each_pair_of_three_actions_is_told_in_order_of_time() -> None:
    told = conflicts({"a": [_from(9, 12)], "b": [_from(10, 11), _from(15, 17)], "c": [_from(10, 11), _from(16, 18)]})

    assert told == (
        Conflict(_from(10, 11), ("a", "b")),
        Conflict(_from(10, 11), ("a", "c")),
        Conflict(_from(10, 11), ("b", "c")),
        Conflict(_from(16, 17), ("b", "c")),
    )
