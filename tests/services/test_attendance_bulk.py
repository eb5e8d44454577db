"""The arithmetic over arrays says what the rule says, on every worked example and on marks drawn at random."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.attendance import (
    GCA_1,
    ClassHeld,
    FacilitatorInterval,
    Mark,
    MarkKind,
    RetroactiveMark,
    Validation,
    compute_attendance,
)
from app.services.attendance_bulk.approved import Approved, completed
from app.services.attendance_bulk.intervals import OPEN, united
from app.services.attendance_bulk.kernel import FLAGS, credit, moments
from app.services.attendance_bulk.loop import CLASS_NOT_CLOSED, IS_ENTRY
from app.services.attendance_bulk.marks import put_in_order

VECTORS = Path(__file__).parents[1] / "domain" / "vectors"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
VALIDATIONS = (Validation.VALID, Validation.PENDING, Validation.REJECTED)
Figures = tuple[int, int, list[str]]


def _micro(instant: datetime | None) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1) if instant else OPEN


def _ints(numbers: Iterable[int]) -> Any:
    return np.array(list(numbers), dtype=np.int64)


def _in_bulk(classes: Sequence[ClassHeld], marks: Sequence[Mark], approved: Iterable[str] = ()) -> Figures:
    """What the arrays give for the one participant of these marks."""
    held = sorted(
        (n, _micro(f.started_at), _micro(f.ended_at)) for n, own in enumerate(classes) for f in own.facilitators
    )
    class_times = united(*(_ints(row[column] for row in held) for column in range(3)))
    numbers = {held.class_id: number for number, held in enumerate(classes)}
    codes = _ints((mark.kind == MarkKind.IN) * IS_ENTRY + VALIDATIONS.index(mark.validation) for mark in marks)
    moment = moments(_ints(_micro(mark.marked_at) for mark in marks), codes)
    own_class = _ints(numbers[mark.class_id] for mark in marks)
    laid_out = put_in_order(_ints([7]), _ints(range(len(classes))), _ints(7 for _ in marks), own_class, moment)
    decided = [numbers[class_id] for class_id in approved]

    whole = completed(laid_out, class_times, Approved(_ints(0 for _ in decided), _ints(decided)))
    credited = credit(whole, class_times, GCA_1)
    bits = int(credited.flags[0]) | CLASS_NOT_CLOSED * any(not held.held for held in classes)
    return int(credited.firm[0]), int(credited.provisional[0]), sorted(f for bit, f in FLAGS.items() if bits & bit)


def _by_the_rule(classes: Sequence[ClassHeld], marks: Sequence[Mark], approved: Iterable[str] = ()) -> Figures:
    retroactive = [RetroactiveMark(class_id) for class_id in approved]
    result = compute_attendance(classes, marks, hours=Fraction(4), policy=GCA_1, retroactive=retroactive)
    return result.credited_seconds, result.provisional_seconds, list(result.flags)


def _vectors() -> list[Any]:
    names = ("attendance", "attendance_more", "retroactive")
    rows = [row for name in names for row in json.loads((VECTORS / f"{name}.json").read_text())]
    return [pytest.param(row, id=row["name"]) for row in rows]


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@pytest.mark.parametrize("vector", _vectors())
def test_every_worked_example_of_the_policy_holds_in_bulk(vector: dict[str, Any]) -> None:
    classes = [
        ClassHeld(
            row["class_id"],
            tuple(
                FacilitatorInterval(datetime.fromisoformat(f["started_at"]), _instant(f["ended_at"]))
                for f in row["facilitators"]
            ),
        )
        for row in vector["classes"]
    ]
    marks = [
        Mark(
            row["class_id"],
            datetime.fromisoformat(row["marked_at"]),
            MarkKind(row["kind"]),
            Validation(row["validation"]),
        )
        for row in vector["marks"]
    ]

    approved = vector.get("retroactive", [])
    firm, provisional, flags = _in_bulk(classes, marks, approved)

    assert (firm, flags) == (vector["credited_seconds"], vector["flags"])
    assert provisional == _by_the_rule(classes, marks, approved)[1]


# Few values on purpose, to the microsecond around the edges, so that marks meet each other and the edges of the grace.
_instants = st.builds(
    lambda step, second: NOON + timedelta(minutes=step * 10, microseconds=second),
    st.integers(-3, 12),
    st.sampled_from([0, 0, 0, 1, -1, 999_999]),
)
_facilitators = st.builds(
    lambda one, other, is_open: FacilitatorInterval(min(one, other), None if is_open else max(one, other)),
    *(_instants, _instants),
    st.sampled_from([False] * 9 + [True]),
)
_classes = st.lists(st.lists(_facilitators, min_size=1, max_size=3), min_size=1, max_size=3).map(
    lambda groups: [ClassHeld(f"c{n}", tuple(group)) for n, group in enumerate(groups)]
)
_marks = st.lists(
    st.builds(
        Mark,
        st.sampled_from(["c0", "c0", "c1", "c2"]),
        _instants,
        st.sampled_from(MarkKind),
        st.sampled_from(Validation),
    ),
    max_size=12,
)


@settings(max_examples=400, deadline=None, database=None, derandomize=True)
@given(_classes, _marks, st.lists(st.sampled_from(["c0", "c0", "c1", "c2"]), max_size=3))
def test_bulk_and_rule_agree_on_any_marks_of_any_classes(
    classes: list[ClassHeld], marks: list[Mark], approved: list[str]
) -> None:
    known = {held.class_id for held in classes}
    own = [mark for mark in marks if mark.class_id in known]
    of_known = [class_id for class_id in approved if class_id in known]

    assert _in_bulk(classes, own, of_known) == _by_the_rule(classes, own, of_known)


@settings(max_examples=400, deadline=None, database=None, derandomize=True)
@given(_marks)
def test_bulk_and_rule_agree_on_any_marks_of_a_class_held_in_one_piece(marks: list[Mark]) -> None:
    held = ClassHeld("c0", (FacilitatorInterval(NOON, NOON + timedelta(hours=1)),))
    own = [replace(mark, class_id="c0") for mark in marks]

    assert _in_bulk([held], own) == _by_the_rule([held], own)
