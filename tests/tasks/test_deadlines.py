"""The clock with real connections: two beats at once, a beat beside a decision, a worker's own, and what leaves by SMTP."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Effect, HistoryEvent, HumanTask, Person, TaskStatus, TimerKind
from app.process import deadlines, runner
from app.services import holidays, timers
from app.services.history import EventKind
from app.unit_of_work import unit_of_work
from tasks.celery_app import SCHEDULE
from tasks.deadlines import tick
from tests.support.effects import eventually, perform_all
from tests.support.jobs import national_admin
from tests.support.letters import DIRECTOR, NATIONAL
from tests.support.letters import national_admin as national_admin_with_mail
from tests.support.post import Post
from tests.support.queue import WorkerProcess
from tests.support.stories import WHY_DECIDED, actor_of
from tests.support.timers import another, due_of, fire, fired, letters_about_timers, waiting_for_the_director

PATIENCE_S = 60
LONG_AGO = timedelta(days=200)


@pytest.fixture
def task(live_session: Session) -> HumanTask:
    """A request that waits, committed."""
    task = waiting_for_the_director(live_session)
    live_session.commit()
    return task


@pytest.fixture
def overdue(live_session: Session, task: HumanTask) -> list[HumanTask]:
    """Twenty tasks about which everything is long due, committed."""
    tasks = [another(live_session, task, opened_at=datetime.now(UTC) - LONG_AGO) for _ in range(20)]
    live_session.commit()
    return tasks


@contextmanager
def beside(app: Flask, act: Callable[[], object]) -> Iterator[Event]:
    """`act` in a thread with an application context of its own; the event tells that it has ended."""
    ended = Event()

    def run() -> None:
        with app.app_context():
            act()
        ended.set()

    thread = Thread(target=run)
    thread.start()
    try:
        yield ended
    finally:
        thread.join(PATIENCE_S)


def test_two_beats_at_once_share_the_work_and_each_thing_is_told_once(
    live: Flask, live_session: Session, overdue: list[HumanTask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "CHUNK", 10)
    both_have_fired = Barrier(2, timeout=PATIENCE_S)
    taken = []

    def beat() -> None:
        with unit_of_work() as session:
            taken.append(timers.fire_due(session, now=timers.clock(session)))
            both_have_fired.wait()

    with beside(live, beat), beside(live, beat):
        pass
    live_session.expire_all()

    assert taken == [10, 10]
    assert all(fired(one) == set(TimerKind) for one in overdue)
    assert escalations(live_session) == len(letters_about_timers(live_session)) == 20


def escalations(session: Session) -> int:
    escalated = HistoryEvent.kind == EventKind.ESCALATED
    return session.scalar(select(func.count()).select_from(HistoryEvent).where(escalated)) or 0


def test_a_beat_passes_by_what_is_being_decided_and_finds_nothing_to_tell_after(
    live: Flask, live_session: Session, task: HumanTask
) -> None:
    late = due_of(task)[TimerKind.ESCALATION]
    live_session.commit()

    with live.app_context(), unit_of_work() as deciding:
        decide(deciding, task.id)
        while_deciding = beats(live, late)
    after = beats(live, late)
    live_session.expire_all()

    assert (while_deciding, after) == ([0], [0])
    assert (fired(task), task.status) == (set(), TaskStatus.COMPLETED)


def beats(app: Flask, now: datetime) -> list[int]:
    """One beat in a transaction of its own."""
    taken: list[int] = []

    def beat() -> None:
        with unit_of_work() as session:
            taken.append(timers.fire_due(session, now=now))

    with beside(app, beat) as ended:
        assert ended.wait(PATIENCE_S)
    return taken


def decide(session: Session, task_id: int) -> None:
    director = actor_of(session.scalars(select(Person).where(Person.email == DIRECTOR)).one())
    runner.complete_task(session, task_id=task_id, actor=director, answers={"granted": True, "reason": WHY_DECIDED})


def test_who_decides_while_the_clock_tells_waits_a_moment_and_nothing_is_lost(
    live: Flask, live_session: Session, task: HumanTask
) -> None:
    due, task_id = due_of(task), task.id
    live_session.commit()

    def act() -> None:
        with unit_of_work() as session:
            decide(session, task_id)

    with live.app_context(), unit_of_work() as telling:
        assert timers.fire_due(telling, now=due[TimerKind.REMINDER_50]) == 1
        waiting = Thread(target=in_context, args=(live, act))
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
    waiting.join(PATIENCE_S)
    live_session.expire_all()

    assert (task.status, fired(task)) == (TaskStatus.COMPLETED, {TimerKind.REMINDER_50})


def in_context(app: Flask, act: Callable[[], None]) -> None:
    with app.app_context():
        act()


def test_a_holiday_waits_for_who_opens_a_task_so_that_it_reaches_that_task_too(
    live: Flask, live_session: Session, task: HumanTask
) -> None:
    admin, day = national_admin(), due_of(task)[TimerKind.REMINDER_80].date()
    live_session.commit()

    def add() -> None:
        with unit_of_work() as session:
            holidays.add(session, day=day, region=None, name="Por decreto", actor=admin)

    with live.app_context(), unit_of_work() as opening:
        new_id = another_one(opening, task.id)
        adding = Thread(target=in_context, args=(live, add))
        adding.start()
        adding.join(0.5)
        assert adding.is_alive()
    adding.join(PATIENCE_S)
    with live.app_context(), unit_of_work() as working:
        asked = working.scalars(select(Effect).where(Effect.kind == holidays.RESCHEDULE)).one()
        before = working.get_one(HumanTask, new_id).due_at
        deadlines.reschedule(working, asked.payload)
        after = working.get_one(HumanTask, new_id).due_at

    assert before is not None
    assert after is not None
    assert after > before


def test_who_holds_the_holidays_still_counts_what_was_added_since_they_were_read(
    live: Flask, live_session: Session, task: HumanTask
) -> None:
    admin, day = national_admin(), due_of(task)[TimerKind.REMINDER_80].date()
    live_session.commit()

    def add() -> None:
        with unit_of_work() as session:
            holidays.add(session, day=day, region=None, name="Por decreto", actor=admin)

    with live.app_context(), unit_of_work() as opening:
        before = holidays.days_off(opening, "13")
        with beside(live, add) as added:
            assert added.wait(PATIENCE_S)
        holidays.keep_still(opening)
        after = holidays.days_off(opening, "13")

    assert (day in before, day in after) == (False, True)


def another_one(session: Session, like_id: int) -> int:
    task = another(session, session.get_one(HumanTask, like_id), opened_at=datetime.now(UTC))
    session.flush()
    return task.id


def test_the_worker_of_the_clock_fires_what_is_due(
    live_session: Session, overdue: list[HumanTask], celery_worker_process: WorkerProcess
) -> None:
    with celery_worker_process():
        assert eventually(lambda: all_escalated(live_session, overdue), patience_s=PATIENCE_S)

    assert escalations(live_session) == 20


def all_escalated(session: Session, tasks: list[HumanTask]) -> bool:
    session.commit()
    session.expire_all()
    return all(one.escalated_at is not None for one in tasks)


def test_the_clock_sends_it() -> None:
    assert SCHEDULE["tick"]["task"] == tick.name


def test_the_letters_leave_by_smtp_to_the_office_and_to_the_national_level(
    app: Flask, session: Session, post: Post
) -> None:
    task = waiting_for_the_director(session)
    national_admin_with_mail()
    for due_at in due_of(task).values():
        fire(session, due_at)
        perform_all(app, session)

    (national,) = (m for m in post.messages if NATIONAL in m["To"])
    to_office = [m["Subject"].split(":")[0] for m in post.messages if DIRECTOR in m["To"]]
    assert national["Subject"].startswith("Pasó al nivel central: Resolver la solicitud de anulación, curso ")
    assert to_office[1:] == ["Recordatorio", "Recordatorio", "Plazo cumplido", "Sin resolver en el plazo máximo"]
