"""Horas parciales corrected: within the hours of the course, with what was before, and the percentages over them at once."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.domain.errors import NotAllowed, Refusal
from app.domain.permissions import Profile
from app.domain.terms import ActionStatus, Activity
from app.models import AttendanceResult, Correction, TrainingAction
from app.services import hours
from app.services.changes import percentage_of
from tests.factories import PersonFactory, TrainingActionFactory
from tests.support.stories import actor_of


def course(activity: Activity = Activity.PARTIAL, **other: object) -> TrainingAction:
    """Everybody attended ten hours."""
    made: TrainingAction = TrainingActionFactory(
        participants=1,
        classes=2,
        attended=True,
        activity=activity,
        credited_hours=Decimal(50),
        partial_hours=Decimal(10),
        **other,
    )
    return made


def correct(
    session: Session, action: TrainingAction, amount: str, profile: Profile = Profile.PROVIDER_NATIONAL_ADMIN
) -> None:
    actor = actor_of(PersonFactory(profiles=[(profile, action.otec, None)]))
    hours.correct_partial(session, action.id, hours=Decimal(amount), actor=actor)


def shown(session: Session, action: TrainingAction) -> str:
    session.expire_all()
    return f"{percentage_of(session.query(AttendanceResult).filter_by(action_id=action.id).one())}"


@pytest.mark.parametrize(
    ("activity", "expected"), [(Activity.PARTIAL, "50.00"), (Activity.COMPLEMENTARY, "33.33")], ids=str
)
def test_the_percentages_follow_at_once(session: Session, activity: Activity, expected: str) -> None:
    action = course(activity)

    correct(session, action, "20")

    assert shown(session, action) == expected


def test_what_was_before_stays_with_who_and_when(session: Session) -> None:
    action = course()

    correct(session, action, "12.5")

    kept = session.query(Correction).one()
    assert (kept.before, kept.after) == ({"partial_hours": "10.00"}, {"partial_hours": "12.50"})
    assert kept.corrected_by is not None
    assert kept.action_code == kept.previous_action_code == action.code


def test_the_same_hours_again_record_nothing(session: Session) -> None:
    correct(session, course(), "10")

    assert session.query(Correction).all() == []


@pytest.mark.parametrize("amount", ["0", "50", "51", "-1"])
def test_they_leave_something_on_both_sides(session: Session, amount: str) -> None:
    action = course()

    with pytest.raises(Refusal, match="más que 0 y menos que las 50"):
        correct(session, action, amount)


@pytest.mark.parametrize("status", [ActionStatus.LIQUIDATED, ActionStatus.CANCELLED], ids=str)
def test_a_frozen_course_keeps_its_hours(session: Session, status: ActionStatus) -> None:
    with pytest.raises(Refusal, match="sus horas ya no cambian"):
        correct(session, course(status=status), "20")


def test_a_course_within_the_year_has_none(session: Session) -> None:
    with pytest.raises(Refusal, match="no es parcial"):
        correct(session, course(Activity.NORMAL), "20")


def test_who_only_looks_changes_none(session: Session) -> None:
    with pytest.raises(NotAllowed):
        correct(session, course(), "20", Profile.SUPERVISOR)
