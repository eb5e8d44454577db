"""Holidays that an administrator adds: they count everywhere, move what is still open and nothing that has fired."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import travel

from app.domain.errors import NotAllowed, NotFound
from app.domain.permissions import Actor, Profile
from app.models import AnnulmentDecision, Effect, Holiday, HumanTask, TaskTimer, TimerKind
from app.process import deadlines
from app.services import annulments, effects, holidays
from tests.factories import CertificateFactory, TrainingActionFactory
from tests.support.jobs import national_admin, somebody
from tests.support.queries import statements
from tests.support.timers import due_of, fire, fired, letters_about_timers, waiting_for_the_director

HALF, MOST, OVER, NATIONAL_LEVEL = TimerKind
# A Monday without holidays in the weeks after it.
MONDAY = datetime(2026, 10, 19, 15, tzinfo=UTC)
WEDNESDAY = date(2026, 10, 28)


@pytest.fixture
def task(session: Session) -> HumanTask:
    with travel(MONDAY, tick=False):
        return waiting_for_the_director(session)


@pytest.fixture
def actor(session: Session) -> Actor:
    return national_admin()


def add(session: Session, actor: Actor, day: date, region: str | None = None) -> Holiday:
    with travel(MONDAY, tick=False):
        return holidays.add(session, day=day, region=region, name="Por decreto", actor=actor)


def reschedule(session: Session) -> None:
    """What the worker does with what was asked."""
    asked = select(Effect).where(Effect.kind == holidays.RESCHEDULE, effects.waits()).order_by(Effect.id)
    while found := session.scalars(asked).first():
        deadlines.reschedule(session, found.payload)
        effects.record_done(found)
        session.flush()
    session.expire_all()


def at(day: int, month: int) -> datetime:
    return datetime(2026, month, day, 3, tzinfo=UTC)


@pytest.mark.parametrize("region", [None, "13"])
def test_a_holiday_moves_what_is_still_to_come(
    session: Session, task: HumanTask, actor: Actor, region: str | None
) -> None:
    add(session, actor, WEDNESDAY, region)
    reschedule(session)

    assert due_of(task) == {HALF: at(27, 10), MOST: at(2, 11), OVER: at(4, 11), NATIONAL_LEVEL: at(18, 11)}
    assert task.due_at == at(4, 11)


@pytest.mark.parametrize(
    ("day", "region"),
    [(WEDNESDAY, "05"), (date(2026, 10, 19), None), (date(2026, 12, 1), None)],
    ids=["of another region", "the day it began", "after its end"],
)
def test_a_holiday_outside_a_term_moves_nothing(
    session: Session, task: HumanTask, actor: Actor, day: date, region: str | None
) -> None:
    before = due_of(task)

    add(session, actor, day, region)
    reschedule(session)

    assert due_of(task) == before


def test_a_holiday_withdrawn_moves_it_back(session: Session, task: HumanTask, actor: Actor) -> None:
    before, due_at = due_of(task), task.due_at
    holiday = add(session, actor, WEDNESDAY)
    reschedule(session)

    holidays.withdraw(session, holiday.id, actor=actor)
    reschedule(session)

    assert (due_of(task), task.due_at) == (before, due_at)
    with pytest.raises(NotFound):
        holidays.withdraw(session, holiday.id, actor=actor)


def test_what_fired_is_never_moved_nor_a_term_told_to_be_over(session: Session, task: HumanTask, actor: Actor) -> None:
    before, due_at = due_of(task), task.due_at
    fire(session, before[OVER])

    add(session, actor, WEDNESDAY)
    reschedule(session)

    assert due_of(task) == before | {NATIONAL_LEVEL: at(18, 11)}
    assert task.due_at == due_at
    assert letters_about_timers(session) == ["reminder"]
    fire(session, at(18, 11))
    assert fired(task) == set(TimerKind)


def test_a_task_that_opens_afterwards_counts_it(session: Session, actor: Actor) -> None:
    add(session, actor, WEDNESDAY)

    with travel(MONDAY, tick=False):
        task = waiting_for_the_director(session)

    assert task.due_at == at(4, 11)


def test_a_closed_task_is_left_as_it_is(session: Session, task: HumanTask, actor: Actor) -> None:
    before, due_at = due_of(task), task.due_at
    CertificateFactory(action=task.instance.certificate.action, steps=("grant",))

    add(session, actor, WEDNESDAY)
    reschedule(session)

    assert (due_of(task), task.due_at) == (before, due_at)


def test_many_tasks_are_brought_in_line_chunk_by_chunk(
    session: Session, task: HumanTask, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "CHUNK", 1)
    with travel(MONDAY, tick=False):
        tasks = [task, waiting_for_the_director(session, region="12"), waiting_for_the_director(session, region="11")]

    add(session, actor, WEDNESDAY)
    reschedule(session)

    assert [one.due_at and one.due_at.day for one in tasks] == [4, 4, 4]
    assert len(set(asked(session))) == 4


def asked(session: Session) -> Sequence[str]:
    return session.scalars(select(Effect.identity).where(Effect.kind == holidays.RESCHEDULE)).all()


def test_a_reconsideration_has_a_day_more(session: Session, actor: Actor) -> None:
    with travel(MONDAY, tick=False):
        action = TrainingActionFactory(participants=2, classes=2, attended=True)
        CertificateFactory(action=action, rejected=True)
    decision = session.query(AnnulmentDecision).one()
    before = annulments.reconsideration_ends_at(session, decision, action)

    add(session, actor, date(2026, 10, 22))

    assert (before, annulments.reconsideration_ends_at(session, decision, action)) == (at(27, 10), at(28, 10))


def test_holidays_are_read_once_a_transaction_and_anew_in_the_next(session: Session, actor: Actor) -> None:
    add(session, actor, WEDNESDAY)
    session.commit()

    with statements(session) as first:
        found = [holidays.days_off(session, region) for region in ("13", "05", "13")]
    session.commit()
    with statements(session) as second:
        holidays.days_off(session, "13")

    assert found == [frozenset({WEDNESDAY})] * 3
    assert (len(first), len(second)) == (1, 1)


def test_only_who_may_manages_them(session: Session) -> None:
    with pytest.raises(NotAllowed):
        add(session, somebody(Profile.REGIONAL_DIRECTOR, region="13"), WEDNESDAY)


def test_tasks_from_before_there_were_timers_get_theirs_once(session: Session, task: HumanTask) -> None:
    before = due_of(task)
    session.query(TaskTimer).delete()
    session.expire_all()

    given = [deadlines.give_missing(session) for _ in range(2)]

    assert given == [1, 0]
    session.expire_all()
    assert due_of(task) == before


def test_one_that_was_long_overdue_then_is_told_once(session: Session, task: HumanTask) -> None:
    session.query(TaskTimer).delete()
    session.expire_all()
    deadlines.give_missing(session)

    fire(session, MONDAY + timedelta(days=200))

    assert letters_about_timers(session) == ["escalation"]
