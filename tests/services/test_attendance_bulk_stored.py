"""Attendance of many courses at once is stored as course by course, under every policy, on a country of odd cases."""

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from psycopg import Connection
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.attendance import GCA_1, POLICIES, VARIANTS, AttendancePolicy, Validation
from app.domain.attendance_policy import LateEntry
from app.models import AttendanceMark, AttendanceResult, ClassInstructor, TrainingAction
from app.models import ClassHeld as ClassRow
from app.services import attendance, attendance_bulk
from app.services.attendance_bulk.kernel import FLAGS
from bench.country import Country
from bench.loading import load
from tests.support.approvals import approve
from tests.support.database import rewriting
from tests.support.policies import rule

COUNTRY = Country(courses=220, participants=4, classes=8, block=60, first_id=500_000)


@pytest.fixture
def country(session: Session) -> Session:
    """A session that sees a small country with every odd case of the large one."""
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, Connection)
    load(connection, COUNTRY)
    # The server counts by itself within a minute of such a load; until then it may read the whole table for each course.
    with rewriting(session):
        connection.execute("ANALYZE attendance_mark, class_held, participant")
    return session


@pytest.fixture
def approvals(country: Session) -> None:
    """Some requests for retroactive attendance were approved, wherever a mark was missing or not."""
    approve(country, every=29)


def _stored(session: Session) -> dict[int, tuple[Any, ...]]:
    columns = (c for c in AttendanceResult.__table__.c if c.name != "computed_at")
    return {row[0]: tuple(row) for row in session.execute(select(*columns).order_by(AttendanceResult.participant_id))}


def _recompute_one_by_one(session: Session, action_ids: Iterable[int]) -> None:
    for action_id in action_ids:
        attendance.recompute(session, {"action_id": action_id})


@pytest.mark.usefixtures("approvals")
def test_bulk_stores_what_course_by_course_stores_for_every_participant(country: Session) -> None:
    assert attendance_bulk.recompute_actions(country, COUNTRY.action_ids) == 220 * 4
    in_bulk = _stored(country)
    _recompute_one_by_one(country, COUNTRY.action_ids)

    assert in_bulk == _stored(country)


@pytest.mark.usefixtures("approvals")
@pytest.mark.parametrize("policy", VARIANTS, ids=lambda policy: policy.policy_id)
def test_it_does_so_under_every_policy_of_the_house(country: Session, policy: AttendancePolicy) -> None:
    ids = COUNTRY.action_ids[::6]
    rule(policy)
    attendance_bulk.recompute_actions(country, ids)
    in_bulk = _stored(country)
    _recompute_one_by_one(country, ids)

    assert {row[2] for row in in_bulk.values()} == {policy.policy_id}
    assert in_bulk == _stored(country)


@pytest.mark.usefixtures("approvals")
def test_the_sample_holds_the_odd_cases(country: Session) -> None:
    attendance_bulk.recompute_actions(country, COUNTRY.action_ids)

    results = country.scalars(select(AttendanceResult)).all()
    assert {flag for result in results for flag in result.flags} == set(FLAGS.values())
    assert sum(result.provisional_seconds > result.credited_seconds for result in results) > 100
    assert len({result.required_seconds for result in results}) == 3
    assert _gained_by_approvals(country) > 20
    assert _has_pause_within_a_class(country)
    assert _has_classes_over_each_other(country)


def _gained_by_approvals(session: Session) -> int:
    """How many participants have more because a request was approved."""
    with_them = _stored(session)
    attendance_bulk.recompute_actions(session, COUNTRY.action_ids, policy=POLICIES["GCA-1-MISSING-NONE"])
    without = _stored(session)
    return sum(row[4] > without[key][4] for key, row in with_them.items())


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
