"""The picture of a class says where everything lies between 0 and 1000, and says the same in words."""

from fractions import Fraction
from itertools import pairwise

import pytest

from app.domain.attendance import POLICIES, RetroactiveMark, compute_attendance
from app.domain.timeline import LABEL_WIDTH, WIDTH, Align, Point, Span, Timeline, draw_timeline
from tests.support.attendance_text import SANTIAGO, class_held, marks_in


def _draw(marks: str, *held: tuple[str, str | None], policy_id: str = "GCA-1", approved: bool = False) -> Timeline:
    result = compute_attendance(
        [class_held("c1", *held)],
        marks_in(marks),
        hours=Fraction(4),
        policy=POLICIES[policy_id],
        retroactive=[RetroactiveMark("c1")] if approved else [],
    )
    return draw_timeline(result.classes[0], zone=SANTIAGO)


def test_the_class_fills_the_picture_where_no_mark_lies_outside_it() -> None:
    drawn = _draw("in 09:00, out 13:00")

    assert drawn.held == (Span(0, WIDTH, "09:00–13:00"),)
    assert drawn.edges == (Point(0, "09:00", Align.START, 0), Point(WIDTH, "13:00", Align.END, 0))


def test_the_credited_part_lies_where_it_counts() -> None:
    # 09:30 and 12:00 of 09:00–13:00 are one eighth and six eighths of the way.
    assert _draw("in 09:30, out 12:00").credited == (Span(125, 625, "09:30–12:00"),)


def test_the_grace_ends_with_the_last_entry_that_has_it() -> None:
    assert _draw("").grace == (Span(0, 83, "09:00–09:20"),)


def test_each_facilitator_has_a_grace_where_the_policy_says_so() -> None:
    drawn = _draw("", ("09:00", "11:00"), ("10:30", "13:00"), policy_id="GCA-1-FACILITATOR")

    assert [span.label for span in drawn.grace] == ["09:00–09:20", "10:30–10:50"]


def test_marks_near_the_class_widen_the_picture() -> None:
    drawn = _draw("in 08:30, out 13:30")

    assert drawn.held == (Span(100, 800, "09:00–13:00"),)
    assert [mark.point.x for mark in drawn.marks] == [0, WIDTH]
    assert not any(mark.point.beyond for mark in drawn.marks)


def test_a_mark_far_from_the_class_stands_at_the_edge() -> None:
    drawn = _draw("in 09:00, out 18:00")

    assert drawn.held == (Span(0, WIDTH, "09:00–13:00"),)
    assert drawn.marks[1].point == Point(WIDTH, "18:00", Align.END, 0, beyond=True)


def test_time_that_waits_for_validation_is_drawn_apart() -> None:
    drawn = _draw("in 09:00, out 11:00, in 12:00, out 13:00 pending")

    assert drawn.credited == (Span(0, 500, "09:00–11:00"),)
    assert drawn.provisional == (Span(750, 250, "12:00–13:00"),)


def test_every_mark_is_drawn_with_what_became_of_it() -> None:
    drawn = _draw("in 09:00 rejected, in 09:30, out 12:00 pending")

    assert [(mark.point.label, mark.kind.value, mark.validation.value) for mark in drawn.marks] == [
        ("09:00", "in", "rejected"),
        ("09:30", "in", "valid"),
        ("12:00", "out", "pending"),
    ]


def test_a_retroactive_mark_is_drawn_where_it_counts() -> None:
    drawn = _draw("in 09:00", approved=True)

    assert [(mark.point.x, mark.retroactive) for mark in drawn.marks] == [(0, False), (WIDTH, True)]
    assert drawn.text.endswith("Salida por asistencia retroactiva, 13:00. Se cuentan 4 h, de 09:00 a 13:00.")


def test_labels_that_would_touch_stand_on_different_rows() -> None:
    drawn = _draw("in 09:00, out 09:05, in 09:10, out 11:00, in 11:05, out 13:00")

    rows: dict[int, list[int]] = {}
    for mark in drawn.marks:
        rows.setdefault(mark.point.row, []).append(mark.point.x)
    assert len(rows) == 3
    assert all(later - earlier >= LABEL_WIDTH for points in rows.values() for earlier, later in pairwise(points))


def test_a_hole_between_facilitators_stays_empty() -> None:
    drawn = _draw("in 09:00, out 13:00", ("09:00", "10:00"), ("11:00", "13:00"))

    assert [(span.x, span.width) for span in drawn.held] == [(0, 250), (500, 500)]
    assert [point.label for point in drawn.edges] == ["09:00", "10:00", "11:00", "13:00"]


def test_a_class_still_open_is_drawn_as_far_as_its_marks() -> None:
    drawn = _draw("in 09:00, out 11:00", ("09:00", None))

    assert drawn.is_open
    assert (drawn.held, drawn.credited, drawn.grace) == ((), (), ())
    assert [mark.point.x for mark in drawn.marks] == [0, WIDTH]


def test_one_second_is_still_seen() -> None:
    assert _draw("in 09:30, out 09:30:01").credited[0].width == 1
    assert _draw("in 12:59:59, out 13:00").credited == (Span(999, 1, "12:59:59–13:00"),)


@pytest.mark.parametrize(
    ("marks", "held", "text"),
    [
        pytest.param(
            "in 09:24, out 12:00",
            ("09:05", "13:00"),
            "Clase de 09:05 a 13:00. Entrada 09:24. Salida 12:00. Se cuentan 2 h 55 min, de 09:05 a 12:00.",
            id="the plain case",
        ),
        pytest.param(
            "in 09:00 rejected, in 09:30, out 12:00 pending",
            ("09:00", "13:00"),
            "Clase de 09:00 a 13:00. Entrada rechazada, 09:00. Entrada 09:30. Salida por validar, 12:00. "
            "Se cuentan 0 min. Con las huellas por validar serían 2 h 30 min.",
            id="rejected and pending marks",
        ),
        pytest.param(
            "in 09:00",
            ("09:00", None),
            "Clase desde las 09:00. Sigue abierta. Entrada 09:00. Se cuentan 0 min.",
            id="a class still open",
        ),
    ],
)
def test_the_picture_is_told_in_words(marks: str, held: tuple[str, str | None], text: str) -> None:
    assert _draw(marks, held).text == text
