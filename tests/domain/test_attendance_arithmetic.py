"""The total puts its arithmetic in front of the reader: seconds ÷ hours, firm and provisional apart, flags in words."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from app.domain.attendance import (
    POLICIES,
    AttendanceResult,
    ClassHeld,
    FacilitatorInterval,
    Mark,
    MarkKind,
    Validation,
    compute_attendance,
)
from app.domain.explanations import explain_total

FOUR_HOURS = "Las horas del curso son 4 h = 14.400 s."


def _at(hour: float) -> datetime:
    return datetime(2026, 6, 10, int(hour), round(hour % 1 * 60), tzinfo=UTC)


def _class(class_id: str, start: float, end: float | None) -> ClassHeld:
    return ClassHeld(class_id, (FacilitatorInterval(_at(start), None if end is None else _at(end)),))


def _stay(class_id: str, start: float, end: float, exit_validation: Validation = Validation.VALID) -> list[Mark]:
    return [
        Mark(class_id, _at(start), MarkKind.IN, Validation.VALID),
        Mark(class_id, _at(end), MarkKind.OUT, exit_validation),
    ]


MORNING = _class("c1", 9, 13)


def _compute(
    marks: list[Mark], *more: ClassHeld, hours: Fraction | int = 4, policy_id: str = "GCA-1"
) -> AttendanceResult:
    return compute_attendance([MORNING, *more], marks, hours=Fraction(hours), policy=POLICIES[policy_id])


@pytest.mark.parametrize(
    ("policy_id", "hours", "until", "sentence"),
    [
        pytest.param(
            "GCA-1",
            4,
            12,
            f"1 clase: 3 h = 10.800 s. {FOUR_HOURS} 10.800 ÷ 14.400 = 75,00 %; se muestra 75 %.",
            id="exactly",
        ),
        pytest.param(
            "GCA-1",
            6,
            13,
            "1 clase: 4 h = 14.400 s. Las horas del curso son 6 h = 21.600 s. "
            "14.400 ÷ 21.600 ≈ 66,66 %; se muestra 66 %, sin redondear.",
            id="cut off",
        ),
        pytest.param(
            "GCA-1-HALF-UP",
            6,
            13,
            "1 clase: 4 h = 14.400 s. Las horas del curso son 6 h = 21.600 s. "
            "14.400 ÷ 21.600 ≈ 66,67 %; se muestra 67 %, redondeado.",
            id="rounded",
        ),
        pytest.param(
            "GCA-1",
            3,
            13,
            "1 clase: 4 h = 14.400 s. Las horas del curso son 3 h = 10.800 s. "
            "14.400 ÷ 10.800 ≈ 133,33 %; el tope es 100 %, se muestra 100 %.",
            id="capped",
        ),
        pytest.param(
            "GCA-1-TIME-HELD",
            10,
            12,
            "1 clase: 3 h = 10.800 s. El tiempo de clase dado es 4 h = 14.400 s. "
            "10.800 ÷ 14.400 = 75,00 %; se muestra 75 %.",
            id="of the time held",
        ),
    ],
)
def test_the_firm_figure_shows_its_division(policy_id: str, hours: int, until: int, sentence: str) -> None:
    assert explain_total(_compute(_stay("c1", 9, until), hours=hours, policy_id=policy_id)).firm == sentence


def test_a_figure_without_pending_marks_has_nothing_provisional_and_nothing_to_look_at() -> None:
    told = explain_total(_compute(_stay("c1", 9, 12)))

    assert (told.provisional, told.flags) == ("", "")
    assert told.lines == (told.firm,)


def test_the_provisional_figure_stands_apart() -> None:
    told = explain_total(_compute(_stay("c1", 9, 12, Validation.PENDING)))

    assert told.lines == (
        f"1 clase: 0 min = 0 s. {FOUR_HOURS} 0 ÷ 14.400 = 0,00 %; se muestra 0 %.",
        f"Con las huellas por validar: 1 clase: 3 h = 10.800 s. {FOUR_HOURS} "
        "10.800 ÷ 14.400 = 75,00 %; se muestra 75 %.",
        "Por revisar: sin marca de salida validada (1 clase).",
    )


def test_time_that_two_classes_share_is_taken_off_before_the_reader() -> None:
    told = explain_total(_compute(_stay("c1", 9, 11) + _stay("c2", 10, 12), _class("c2", 10, 12)))

    assert told.firm.startswith(
        "2 clases: 4 h = 14.400 s. Coinciden entre clases 1 h, que se cuentan una vez: quedan 10.800 s."
    )
    assert told.firm.endswith("10.800 ÷ 14.400 = 75,00 %; se muestra 75 %.")


def test_flags_are_counted_by_class() -> None:
    lonely = [Mark(class_id, _at(15), MarkKind.IN, Validation.VALID) for class_id in ("c2", "c3")]

    told = explain_total(_compute(lonely, _class("c2", 14, 16), _class("c3", 15, None)))

    assert told.flags == "Por revisar: clase sin cerrar (1 clase) y sin marca de salida (2 clases)."


def test_where_nothing_was_held_there_is_nothing_to_divide_by() -> None:
    result = compute_attendance([], [], hours=Fraction(4), policy=POLICIES["GCA-1-TIME-HELD"])

    assert explain_total(result).firm == "0 clases: 0 min = 0 s. Aún no hay clases cerradas: 0 %."


def test_hours_with_a_fraction_keep_their_arithmetic() -> None:
    assert "Las horas del curso son 4 h 30 min = 16.200 s." in explain_total(_compute([], hours=Fraction(9, 2))).firm
