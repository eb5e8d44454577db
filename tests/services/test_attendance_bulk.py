"""Attendance of many courses at once says what the rule says of each, on every odd case, and stores it."""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import Connection
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.attendance import (
    GCA_1,
    ClassHeld,
    FacilitatorInterval,
    Mark,
    MarkKind,
    Validation,
    compute_attendance,
)
from app.domain.attendance_policy import LateEntry
from app.models import AttendanceMark, AttendanceResult, ClassInstructor, TrainingAction
from app.models import ClassHeld as ClassRow
from app.services import attendance, attendance_bulk
from app.services.attendance_bulk.intervals import OPEN, united
from app.services.attendance_bulk.kernel import FLAGS, credit, moments
from app.services.attendance_bulk.loop import CLASS_NOT_CLOSED, IS_ENTRY
from app.services.attendance_bulk.marks import put_in_order
from bench.country import Country
from bench.loading import load

VECTORS = Path(__file__).parents[1] / "domain" / "vectors"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
VALIDATIONS = (Validation.VALID, Validation.PENDING, Validation.REJECTED)
Figures = tuple[int, int, list[str]]


def _micro(instant: datetime | None) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1) if instant else OPEN


def _ints(numbers: Iterable[int]) -> Any:
    return np.array(list(numbers), dtype=np.int64)


def _in_bulk(classes: Sequence[ClassHeld], marks: Sequence[Mark]) -> Figures:
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

    credited = credit(laid_out, class_times, GCA_1)
    bits = int(credited.flags[0]) | CLASS_NOT_CLOSED * any(not held.held for held in classes)
    return int(credited.firm[0]), int(credited.provisional[0]), sorted(f for bit, f in FLAGS.items() if bits & bit)


def _by_the_rule(classes: Sequence[ClassHeld], marks: Sequence[Mark]) -> Figures:
    result = compute_attendance(classes, marks, hours=Fraction(4), policy=GCA_1)
    return result.credited_seconds, result.provisional_seconds, list(result.flags)


def _vectors() -> list[Any]:
    rows = [
        row for name in ("attendance", "attendance_more") for row in json.loads((VECTORS / f"{name}.json").read_text())
    ]
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

    firm, provisional, flags = _in_bulk(classes, marks)

    assert (firm, flags) == (vector["credited_seconds"], vector["flags"])
    assert provisional == _by_the_rule(classes, marks)[1]


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
@given(_classes, _marks)
def test_bulk_and_rule_agree_on_any_marks_of_any_classes(classes: list[ClassHeld], marks: list[Mark]) -> None:
    known = {held.class_id for held in classes}
    own = [mark for mark in marks if mark.class_id in known]

    assert _in_bulk(classes, own) == _by_the_rule(classes, own)


@settings(max_examples=400, deadline=None, database=None, derandomize=True)
@given(_marks)
def test_bulk_and_rule_agree_on_any_marks_of_a_class_held_in_one_piece(marks: list[Mark]) -> None:
    held = ClassHeld("c0", (FacilitatorInterval(NOON, NOON + timedelta(hours=1)),))
    own = [replace(mark, class_id="c0") for mark in marks]

    assert _in_bulk([held], own) == _by_the_rule([held], own)


COUNTRY = Country(courses=220, participants=4, classes=8, block=60, first_id=500_000)


@pytest.fixture
def country(session: Session) -> Session:
    """A session that sees a small country with every odd case of the large one."""
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, Connection)
    load(connection, COUNTRY)
    # The server counts by itself within a minute of such a load; until then it may read the whole table for each course.
    connection.execute("ANALYZE attendance_mark, class_held, participant")
    return session


def _stored(session: Session) -> dict[int, tuple[object, ...]]:
    columns = (c for c in AttendanceResult.__table__.c if c.name != "computed_at")
    return {row[0]: tuple(row) for row in session.execute(select(*columns).order_by(AttendanceResult.participant_id))}


def _recompute_one_by_one(session: Session, action_ids: Iterable[int]) -> None:
    for action_id in action_ids:
        attendance.recompute(session, {"action_id": action_id})


def test_bulk_stores_what_course_by_course_stores_for_every_participant(country: Session) -> None:
    assert attendance_bulk.recompute_actions(country, COUNTRY.action_ids) == 220 * 4
    in_bulk = _stored(country)
    _recompute_one_by_one(country, COUNTRY.action_ids)

    assert in_bulk == _stored(country)


def test_the_sample_holds_the_odd_cases(country: Session) -> None:
    attendance_bulk.recompute_actions(country, COUNTRY.action_ids)

    results = country.scalars(select(AttendanceResult)).all()
    assert {flag for result in results for flag in result.flags} == set(FLAGS.values())
    assert sum(result.provisional_seconds > result.credited_seconds for result in results) > 100
    assert len({result.required_seconds for result in results}) == 3
    assert _has_pause_within_a_class(country)
    assert _has_classes_over_each_other(country)


def _has_pause_within_a_class(session: Session) -> bool:
    rows = session.scalars(
        select(ClassInstructor)
        .where(ClassInstructor.ended_at.is_not(None))
        .order_by(ClassInstructor.class_held_id, ClassInstructor.started_at)
    ).all()
    return any(
        a.class_held_id == b.class_held_id and a.ended_at is not None and b.started_at > a.ended_at
        for a, b in pairwise(rows)
    )


def _has_classes_over_each_other(session: Session) -> bool:
    rows = session.execute(
        select(ClassRow.action_id, ClassInstructor.started_at, ClassInstructor.ended_at)
        .join(ClassRow, ClassRow.id == ClassInstructor.class_held_id)
        .where(ClassInstructor.ended_at.is_not(None))
        .order_by(ClassRow.action_id, ClassRow.id)
    ).all()
    return any(a.action_id == b.action_id and b.started_at < a.ended_at for a, b in pairwise(rows))


def test_a_second_run_changes_no_figure(country: Session) -> None:
    attendance_bulk.recompute_actions(country, COUNTRY.action_ids[:9])
    first = _stored(country)
    attendance_bulk.recompute_actions(country, COUNTRY.action_ids[:9])

    assert len(first) == 9 * 4
    assert _stored(country) == first


def test_a_run_takes_the_place_of_what_was_stored(country: Session) -> None:
    ids = COUNTRY.action_ids[:9]
    attendance_bulk.recompute_actions(country, ids)
    before = _stored(country)
    country.execute(update(AttendanceMark).values(validation=Validation.REJECTED))
    attendance_bulk.recompute_actions(country, ids[:3])

    after = _stored(country)
    assert [row[4] for row in list(after.values())[: 3 * 4]] == [0] * 12
    assert list(after.values())[3 * 4 :] == list(before.values())[3 * 4 :]


def test_actions_are_found_by_region_and_institution_part_by_part(country: Session) -> None:
    first = attendance_bulk.action_ids(country, region="13", limit=5)
    rest = attendance_bulk.action_ids(country, region="13", after=first[-1])

    of_region = country.scalars(select(TrainingAction).where(TrainingAction.region == "13")).all()
    assert first + rest == sorted(action.id for action in of_region)
    assert attendance_bulk.action_ids(country, otec_id=of_region[0].otec_id) == first + rest


def test_a_mark_of_a_class_nobody_held_is_refused_as_it_is_course_by_course(country: Session) -> None:
    some_class = country.scalars(select(ClassRow).where(ClassRow.action_id == COUNTRY.first_id)).first()
    assert some_class is not None
    for instructor in some_class.instructors:
        country.delete(instructor)
    country.flush()
    country.expire_all()

    with pytest.raises(ValueError, match="nobody held"):
        attendance_bulk.recompute_actions(country, [COUNTRY.first_id])
    with pytest.raises(ValueError, match="not among the classes"):
        attendance.recompute(country, {"action_id": COUNTRY.first_id})


def test_a_policy_the_loop_does_not_know_is_refused(country: Session) -> None:
    other = replace(GCA_1, policy_id="OTRA", late_entry=LateEntry.NO_CREDIT)

    with pytest.raises(ValueError, match="OTRA"):
        attendance_bulk.recompute_actions(country, COUNTRY.action_ids[:1], policy=other)


def test_the_length_of_the_grace_is_the_policys(country: Session) -> None:
    strict = replace(GCA_1, policy_id="SIN-GRACIA", grace=timedelta())
    attendance_bulk.recompute_actions(country, COUNTRY.action_ids, policy=strict)
    without = sum(result.credited_seconds for result in country.scalars(select(AttendanceResult)))
    attendance_bulk.recompute_actions(country, COUNTRY.action_ids)
    country.expire_all()

    assert without < sum(result.credited_seconds for result in country.scalars(select(AttendanceResult)))


def test_the_web_application_does_not_load_the_compiler() -> None:
    code = "import sys, app.factory; sys.exit('numba' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
