"""Dated policies: which one a course is computed with, that none is ever changed, and what adding one sets in motion."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.domain.attendance_policy import GCA_1, AttendancePolicy, BelowThreshold, Denominator, LateEntry, Rounding
from app.domain.errors import NotAllowed, Refusal
from app.domain.permissions import Profile
from app.domain.terms import Line
from app.models import AttendanceResult, DatedPolicy, Job, TrainingAction
from app.services import attendance, certificates, policies
from app.services.attendance_bulk import recompute_actions
from app.services.changes import percentage_of
from tests.factories import (
    CertificateFactory,
    ClassHeldFactory,
    MarkFactory,
    ParticipantFactory,
    PersonFactory,
    TrainingActionFactory,
    compute,
)
from tests.support.policies import rule
from tests.support.stories import actor_of

NEW = replace(GCA_1, policy_id="GCA-2", grace=timedelta(minutes=10))
OTHER = replace(GCA_1, policy_id="GCA-3", grace=timedelta(minutes=5))
STRICT = replace(GCA_1, policy_id="ESTRICTA", late_entry=LateEntry.NO_CREDIT)


def applied(session: Session, **course: object) -> str:
    return policies.policy_of(session, TrainingActionFactory(**course)).policy_id


def late_course(minutes: int = 60) -> TrainingAction:
    """One participant who came so late to a class of five hours, in a course of ten."""
    action: TrainingAction = TrainingActionFactory()
    participant, held = ParticipantFactory(action=action), ClassHeldFactory(action=action)
    kept = held.instructors[0]
    for kind, at in (("in", kept.started_at + timedelta(minutes=minutes)), ("out", kept.ended_at)):
        MarkFactory(participant=participant, class_held=held, kind=kind, marked_at=at)
    return action


def stored(session: Session, action: TrainingAction) -> AttendanceResult:
    session.expire_all()
    return session.query(AttendanceResult).filter_by(action_id=action.id).one()


def test_every_database_begins_with_gca_1(session: Session) -> None:
    row = session.query(DatedPolicy).one()

    assert AttendancePolicy.from_data(row.fields) == GCA_1
    assert applied(session) == "GCA-1"


def test_a_policy_applies_from_its_day_on_and_not_the_day_before(session: Session) -> None:
    day = date(2026, 3, 2)
    rule(NEW, applies_from=day)

    before = applied(session, starts_on=day - timedelta(days=1), ends_on=day)
    from_then = applied(session, starts_on=day, ends_on=day)

    assert (before, from_then) == ("GCA-1", "GCA-2")


def test_the_policy_of_a_programme_goes_before_a_newer_one_for_all(session: Session) -> None:
    rule(NEW, line=Line.TAX_FRANCHISE, applies_from=date(2025, 1, 1))
    rule(OTHER, applies_from=date(2026, 1, 1))
    day = date(2026, 3, 2)

    own = applied(session, starts_on=day, ends_on=day)
    another = applied(session, starts_on=day, ends_on=day, line=Line.WORKPLACE_TRAINING)

    assert (own, another) == ("GCA-2", "GCA-3")


def test_of_two_that_begin_on_one_day_the_last_added_applies(session: Session) -> None:
    rule(NEW, applies_from=date(2026, 1, 1))
    rule(OTHER, applies_from=date(2026, 1, 1))

    assert applied(session, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 2)) == "GCA-3"


def test_the_certificate_keeps_the_policy_it_was_computed_with(session: Session) -> None:
    rule(NEW)

    certificate = CertificateFactory(issued=True)

    (issuance,) = certificates.issuances_of(session, certificate.action_id)
    assert issuance.policy_id == issuance.snapshot["policy_id"] == "GCA-2"


def test_adding_one_asks_for_the_courses_it_reaches(session: Session) -> None:
    day = date(2026, 3, 2)
    TrainingActionFactory(starts_on=day, ends_on=day)
    TrainingActionFactory(starts_on=day - timedelta(days=1), ends_on=day)
    admin = actor_of(PersonFactory(profiles=[(Profile.SENCE_NATIONAL_ADMIN, None, None)]))

    job = policies.add(session, NEW, line=None, applies_from=day, note="Resolución 1", actor=admin)

    assert job is not None
    assert session.get_one(Job, job.id).total == 1
    assert applied(session, starts_on=day, ends_on=day) == "GCA-2"


def test_one_that_reaches_no_course_yet_is_added_all_the_same(session: Session) -> None:
    admin = actor_of(PersonFactory(profiles=[(Profile.SENCE_NATIONAL_ADMIN, None, None)]))

    job = policies.add(session, NEW, line=None, applies_from=date(2090, 1, 1), note="x", actor=admin)

    assert job is None
    assert policies.called(session, "GCA-2") == NEW


def test_a_name_is_used_once(session: Session) -> None:
    admin = actor_of(PersonFactory(profiles=[(Profile.SENCE_NATIONAL_ADMIN, None, None)]))

    with pytest.raises(Refusal, match="ninguna se edita"):
        policies.add(session, GCA_1, line=None, applies_from=date(2026, 1, 1), note="x", actor=admin)


def test_only_the_national_administrator_adds_one(session: Session) -> None:
    director = actor_of(PersonFactory(profiles=[(Profile.REGIONAL_DIRECTOR, None, "13")]))

    with pytest.raises(NotAllowed):
        policies.add(session, NEW, line=None, applies_from=date(2026, 1, 1), note="x", actor=director)


def test_in_bulk_each_course_has_the_policy_of_its_programme(session: Session) -> None:
    rule(STRICT, line=Line.TAX_FRANCHISE)
    strict, plain = late_course(), late_course()
    plain.line = Line.WORKPLACE_TRAINING
    session.flush()

    assert recompute_actions(session, [strict.id, plain.id]) == 2

    first, second = stored(session, strict), stored(session, plain)
    assert (first.policy_id, first.credited_seconds) == ("ESTRICTA", 0)
    assert (second.policy_id, second.credited_seconds) == ("GCA-1", 4 * 3600)


def test_in_bulk_a_policy_that_only_shortens_the_grace_counts_with_it(session: Session) -> None:
    rule(NEW)
    action = late_course(minutes=15)

    recompute_actions(session, [action.id])

    assert stored(session, action).credited_seconds == 5 * 3600 - 15 * 60


def test_nothing_of_no_time_held_is_stored_as_nothing(session: Session) -> None:
    rule(replace(GCA_1, policy_id="DADO", denominator=Denominator.TIME_HELD))
    action = ParticipantFactory().action

    compute(action)

    assert f"{percentage_of(stored(session, action))}" == "0.00"


def test_a_policy_that_rounds_rounds_what_is_listed(session: Session) -> None:
    rule(replace(GCA_1, policy_id="MITAD", rounding=Rounding.HALF_UP))
    # 3 h 58 min of 10 h: 39,6667 %.
    action = late_course(minutes=62)

    compute(action)

    found = stored(session, action)
    assert f"{percentage_of(found, policies.policy_of(session, action).rounding)}" == "39.67"
    assert f"{attendance.compute(session, action)[0].result.percentage}" == "39.67"


def test_where_the_minimum_blocks_nobody_under_it_is_certified(session: Session) -> None:
    rule(replace(GCA_1, policy_id="BLOQUEA", below_threshold=BelowThreshold.BLOCKS))
    action = late_course()
    actor = actor_of(PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, action.otec, None)]))

    with pytest.raises(Refusal, match="1 participante está bajo el mínimo"):
        certificates.review(session, action, document_reference="1", actor=actor)
