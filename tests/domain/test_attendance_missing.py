"""What is missing in a class: the marks that an approved request would make good."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from app.domain.attendance import GCA_1, ClassHeld, FacilitatorInterval, Mark, MarkKind, Validation, compute_attendance
from app.domain.attendance_missing import Missing, missing_in

NINE, TEN, ELEVEN, ONE = (datetime(2026, 6, 10, hour, tzinfo=UTC) for hour in (9, 10, 11, 13))
VALID, PENDING, REJECTED = Validation.VALID, Validation.PENDING, Validation.REJECTED
Taken = tuple[str, datetime, Validation]


def missing(*taken: Taken, ended_at: datetime | None = ONE) -> Missing | None:
    held = ClassHeld("c1", (FacilitatorInterval(NINE, ended_at),))
    marks = [Mark("c1", at, MarkKind(kind), validation) for kind, at, validation in taken]
    (breakdown,) = compute_attendance([held], marks, hours=Fraction(4), policy=GCA_1).classes
    return missing_in(breakdown)


@pytest.mark.parametrize(
    ("taken", "found"),
    [
        ((), Missing.BOTH),
        ((("in", TEN, VALID),), Missing.EXIT),
        ((("out", TEN, VALID),), Missing.ENTRY),
        ((("in", NINE, VALID), ("out", ONE, VALID)), None),
        ((("in", NINE, VALID), ("out", ONE, PENDING)), None),
        ((("in", NINE, VALID), ("out", ONE, REJECTED)), Missing.EXIT),
        ((("in", NINE, REJECTED), ("out", ONE, REJECTED)), Missing.BOTH),
        ((("in", NINE, VALID), ("out", TEN, VALID), ("in", ELEVEN, VALID)), Missing.EXIT),
        ((("in", NINE, VALID), ("out", TEN, VALID)), None),
    ],
    ids=[
        "no marks: both are missing",
        "an entry left open: the exit",
        "an exit before any entry: the entry",
        "a pair: nothing",
        "a mark that waits for its validation is not missing",
        "a rejected exit is missing",
        "rejected marks only: both",
        "came back and never left: the exit",
        "who left early lacks nothing",
    ],
)
def test_what_is_missing(taken: tuple[Taken, ...], found: Missing | None) -> None:
    assert missing(*taken) == found


def test_nothing_is_missing_yet_in_a_class_that_goes_on() -> None:
    assert missing(("in", NINE, VALID), ended_at=None) is None
