"""The demo's data: what it promises to show, the same for every load of a seed."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from time_machine import travel

from app import demo
from app.demo.accounts import FIRST_ANALYST
from app.demo.courses import AUTUMN_CHANGE, NIGHT_CLASS, OPEN_CLASS, SPRING_CHANGE
from app.demo.days import today_in_chile, utc
from app.demo.marks import held_classes
from app.domain.permissions import Actor, Profile
from app.domain.regions import Region
from app.domain.rut import Rut
from app.domain.states import CertificateState
from app.domain.terms import Activity, Line
from app.models import (
    AttendanceChange,
    AttendanceMark,
    AttendanceResult,
    Certificate,
    Correction,
    DraftStatus,
    Effect,
    HumanTask,
    Incident,
    Issuance,
    Participant,
    Person,
    ProcessDraft,
    RecordedKind,
    RetroactiveRequest,
    TrainingAction,
    state_expression,
)
from app.services import accounts, incidents, profiles, reasons
from app.services.intake import KINDS
from tests.support.database import empty_tables
from tests.support.effects import perform_now

TODAY = date(2026, 11, 24)
RECORDS = demo.generate(60, today=TODAY)


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    again, other = demo.generate(5, today=TODAY), demo.generate(5, seed=7, today=TODAY)
    first = [list(demo.generate(5, today=TODAY).rows(kind.name)) for kind in KINDS]

    assert first == [list(again.rows(kind.name)) for kind in KINDS]
    assert first[-1] != list(other.rows("marks"))


def test_asking_for_more_courses_changes_none_of_the_first() -> None:
    assert demo.generate(20, today=TODAY).courses == RECORDS.courses[:20]


def test_every_row_is_one_that_the_intake_takes() -> None:
    assert all(kind.record(row) for kind in KINDS for row in RECORDS.rows(kind.name))


def test_every_natural_key_comes_once() -> None:
    for kind in KINDS:
        keys = Counter(kind.key_of(kind.record(row)) for row in RECORDS.rows(kind.name))
        assert max(keys.values()) == 1, kind.name


def test_people_are_synthetic_and_their_names_have_accents() -> None:
    people = list(RECORDS.rows("people"))

    fixed = {account.rut for account in demo.ACCOUNTS}
    assert all(1_000_000 <= Rut.parse(row["rut"]).body <= 9_999_999 for row in people if row["rut"] not in fixed)
    assert any("ñ" in row["first_surname"] for row in people)


def test_courses_are_held_in_all_regions_lines_and_activities_by_several_otecs() -> None:
    courses = RECORDS.courses

    assert {course.region for course in courses} == set(Region)
    assert {course.line for course in courses} == set(Line)
    assert {course.activity for course in courses} == set(Activity)
    assert len({course.otec_rut for course in courses}) >= 4
    assert all(5 <= len(course.participants) <= 30 for course in courses)


def test_one_night_class_ends_the_day_after_it_began() -> None:
    (held, *_) = held_classes(demo.SEED, RECORDS.courses[NIGHT_CLASS])
    course = RECORDS.courses[NIGHT_CLASS]

    assert held.started_at < utc(course.days[0] + timedelta(days=1), 0, course.zone) < held.ended_at


@pytest.mark.parametrize(
    ("index", "eve"), [(AUTUMN_CHANGE, date(2026, 4, 4)), (SPRING_CHANGE, date(2026, 9, 5))], ids=["autumn", "spring"]
)
def test_one_class_is_held_across_each_change_of_hour(index: int, eve: date) -> None:
    course = RECORDS.courses[index]
    held = held_classes(demo.SEED, course)[-1]

    assert course.days[-1] == eve
    offsets = {at.astimezone(ZoneInfo(course.zone)).utcoffset() for at in (held.started_at, held.ended_at)}
    assert len(offsets) == 2


def test_one_class_was_never_closed() -> None:
    code = RECORDS.courses[OPEN_CLASS].code

    assert [row["action_code"] for row in RECORDS.rows("classes") if not row["ended_at"]] == [code]


def test_the_written_files_load_through_the_command(app: Flask, session: Session, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    written = runner.invoke(args=["demo", "load", "--actions", "3", "--to", str(tmp_path / "out")])
    result = runner.invoke(args=["intake", "load", str(tmp_path / "out")])

    assert (written.exit_code, result.exit_code) == (0, 0), result.output
    assert session.scalar(select(func.count()).select_from(TrainingAction)) == 3


@pytest.fixture(scope="module")
def loaded(app: Flask, owner: Engine) -> Iterator[None]:
    """Sixteen courses, committed for all tests of this module: what they show is looked at, never changed."""
    with app.app_context():
        demo.load(actions=16)
    yield
    empty_tables(owner)


def states(session: Session) -> Counter[CertificateState]:
    rows = session.scalars(
        select(func.coalesce(state_expression(), "pending_issuance"))
        .select_from(TrainingAction)
        .outerjoin(Certificate, Certificate.action_id == TrainingAction.id)
    )
    return Counter(CertificateState(state) for state in rows)


def test_courses_come_in_every_state(session: Session, loaded: None) -> None:
    assert set(states(session)) == set(CertificateState)


def test_a_reissue_shows_its_chain(session: Session, loaded: None) -> None:
    assert session.scalar(select(func.max(Issuance.sequence))) == 2


def test_the_course_of_the_story_is_over_and_waits_for_its_certificate(session: Session, loaded: None) -> None:
    action = session.scalars(select(TrainingAction).where(TrainingAction.code == demo.STORY_CODE)).one()

    assert (action.line, action.region, action.sence_code) == (Line.TAX_FRANCHISE, "13", "1238012345")
    assert action.ends_on < today_in_chile()
    assert session.scalar(select(Certificate.id).where(Certificate.action_id == action.id)) is None


def test_the_attendance_of_everybody_is_computed(session: Session, loaded: None) -> None:
    participants = session.scalar(select(func.count()).select_from(Participant))

    assert session.scalar(select(func.count()).select_from(AttendanceResult)) == participants


def test_every_account_enters_with_its_cus_and_has_a_profile(session: Session, loaded: None) -> None:
    for account in demo.ACCOUNTS:
        person = accounts.verify_cus(session, rut=Rut.parse(account.rut), cus=account.cus)

        assert person is not None, account
        assert profiles.choices_of(session, person.id), account


def test_a_proposal_of_one_analyst_waits_for_the_other(session: Session, loaded: None) -> None:
    proposal = session.scalars(select(ProcessDraft)).one()

    assert proposal.status is DraftStatus.PROPOSED
    assert f"{proposal.author.rut.wire}" == FIRST_ANALYST.account.rut


def test_two_retroactive_requests_wait_with_their_evidence_and_one_was_granted(session: Session, loaded: None) -> None:
    asked = session.scalars(select(RetroactiveRequest).order_by(RetroactiveRequest.id)).all()

    assert [one.decision and one.decision.granted for one in asked] == [True, None, None]
    assert all(len(one.attachments) == 2 for one in asked)
    assert session.query(AttendanceMark).filter_by(kind=RecordedKind.RETROACTIVE).count() == 1


def test_of_those_that_wait_one_is_with_the_national_level_and_one_is_nearly_due(
    session: Session, loaded: None
) -> None:
    waiting = select(HumanTask).where(HumanTask.key == "decide_attendance", HumanTask.closed_at.is_(None))
    late, near = session.scalars(waiting.order_by(HumanTask.id)).all()
    now = datetime.now(UTC)

    assert late.escalated_at is not None
    assert late.due_at is not None
    assert near.due_at is not None
    assert late.due_at < now < near.due_at < now + timedelta(days=9)
    assert near.escalated_at is None


def test_most_marks_came_at_once_and_a_few_days_later(session: Session, loaded: None) -> None:
    late = AttendanceMark.received_at - AttendanceMark.marked_at > timedelta(days=1)
    on_devices = session.query(AttendanceMark).filter(AttendanceMark.kind != RecordedKind.RETROACTIVE)

    assert 0 < on_devices.filter(late).count() < on_devices.count() / 20
    assert on_devices.filter(AttendanceMark.received_at > func.now()).count() == 0


def test_two_certificates_no_longer_say_what_the_marks_say(session: Session, loaded: None) -> None:
    corrected = session.scalars(select(Correction).where(Correction.record == "marks")).all()

    assert {tuple(sorted(k for k in one.after if one.after[k] != one.before[k])) for one in corrected} == {
        ("marked_at",),
        ("validation",),
    }
    assert session.query(AttendanceChange).count() == 2


def test_loading_again_even_days_later_changes_nothing(app: Flask, session: Session, loaded: None) -> None:
    corrections = select(func.count()).select_from(Correction)
    before = states(session), session.scalar(corrections)
    with app.app_context(), travel(today_in_chile() + timedelta(days=9)):
        again = demo.load(actions=16)

    assert again == demo.Loaded(new=0, corrected=0, brought=0)
    assert (states(session), session.scalar(corrections)) == before


def test_an_operator_finds_one_incident_which_trying_again_mends(app: Flask, session: Session, loaded: None) -> None:
    with app.app_context():
        demo.leave_incident()
        demo.leave_incident()
        incident = session.scalars(select(Incident)).one()
        assert (incident.reason, incident.resolved_at) == (reasons.STORAGE_FULL, None)
        operator = Actor(session.scalars(select(Person.id)).first() or 0, "", Profile.OPERATOR)
        incidents.retry(session, incident.id, operator)
        session.commit()

        perform_now([incident.effect_id or 0])

    session.commit()
    assert session.get_one(Effect, incident.effect_id).done_at is not None
