"""What falls due about a task: written when it opens, fired once and in time, told once, over when the task is."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from time_machine import travel

from app.domain.deadlines import Place, Term
from app.models import HistoryEvent, HumanTask, TaskStatus, TimerKind
from app.services import timers
from app.services.history import EventKind
from tests.factories import CertificateFactory
from tests.support.letters import DIRECTOR, NATIONAL, national_admin, send_all
from tests.support.timers import (
    MOMENT,
    cancelled,
    due_of,
    fire,
    fired,
    letters_about_timers,
    move,
    waiting_for_the_director,
)

HALF, MOST, OVER, NATIONAL_LEVEL = TimerKind
SANTIAGO = Place("13", "America/Santiago")
# A Monday without holidays in the weeks after it.
MONDAY = datetime(2026, 10, 19, 15, tzinfo=UTC)


def at(day: int, month: int) -> datetime:
    """The first instant of that day of 2026 in Santiago, in summer time."""
    return datetime(2026, month, day, 3, tzinfo=UTC)


@pytest.fixture
def task(session: Session) -> HumanTask:
    with travel(MONDAY, tick=False):
        return waiting_for_the_director(session)


def test_a_task_that_opens_has_its_four_instants(task: HumanTask) -> None:
    assert due_of(task) == {HALF: at(27, 10), MOST: at(30, 10), OVER: at(3, 11), NATIONAL_LEVEL: at(17, 11)}
    assert task.due_at == at(3, 11)


def test_a_task_without_a_term_has_none(session: Session) -> None:
    CertificateFactory(requested=True)

    without = session.scalars(select(HumanTask).where(HumanTask.due_at.is_(None))).all()

    assert len(without) > 1
    assert [one.timers for one in without] == [[]] * len(without)


def test_without_an_outer_limit_the_national_level_is_told_with_the_end(session: Session) -> None:
    due = timers.falls_due(Term(10), None, MONDAY, SANTIAGO)

    assert due[NATIONAL_LEVEL] == due[OVER] == at(3, 11)


@pytest.mark.parametrize("kind", TimerKind)
def test_nothing_fires_a_moment_early_and_all_on_time(session: Session, task: HumanTask, kind: TimerKind) -> None:
    due_at = due_of(task)[kind]

    fire(session, due_at - MOMENT)
    before = fired(task)
    fire(session, due_at)

    assert before == set(list(TimerKind)[: list(TimerKind).index(kind)])
    assert fired(task) == before | {kind}


def test_the_database_itself_takes_nothing_that_fired_early(session: Session, task: HumanTask) -> None:
    task.timers[0].fired_at = task.timers[0].due_at - MOMENT

    with pytest.raises(IntegrityError, match="never_early"):
        session.flush()


def test_each_is_told_once_however_often_the_clock_beats(session: Session, task: HumanTask) -> None:
    national_admin()
    for due_at in [*due_of(task).values()] * 2:
        fire(session, due_at)
        fire(session, due_at + timedelta(days=40))

    # The first beat after forty days told all there was.
    assert letters_about_timers(session) == ["reminder", *["escalation"] * 2]


def test_in_time_each_has_its_letter(session: Session, task: HumanTask) -> None:
    for due_at in due_of(task).values():
        fire(session, due_at)

    assert letters_about_timers(session) == ["reminder", "reminder", "reminder", "escalation"]


@pytest.mark.parametrize(
    ("late", "letter"),
    [
        (at(31, 10), "Recordatorio"),
        (at(5, 11), "Plazo cumplido"),
        (at(18, 12), "Sin resolver en el plazo máximo"),
    ],
)
def test_what_fell_due_while_nobody_looked_is_one_letter(
    session: Session, task: HumanTask, late: datetime, letter: str
) -> None:
    fire(session, late)

    (told,) = (one for one in send_all(session).to(DIRECTOR) if "Por resolver" not in one["Subject"])
    assert told["Subject"].startswith(letter)
    assert fired(task) == {kind for kind, due_at in due_of(task).items() if due_at <= late}


def test_past_the_outer_limit_the_national_level_sees_it_and_nothing_is_decided(
    session: Session, task: HumanTask
) -> None:
    national_admin()
    now = due_of(task)[NATIONAL_LEVEL]

    fire(session, now)

    assert (task.escalated_at, task.status, task.answers) == (now, TaskStatus.OPEN, None)
    (event,) = session.scalars(select(HistoryEvent).where(HistoryEvent.kind == EventKind.ESCALATED))
    assert (event.certificate_id, event.actor_id) == (task.instance.certificate_id, None)
    assert len(send_all(session).to(NATIONAL)) == 1


def test_a_decision_cancels_what_has_not_fired(session: Session) -> None:
    certificate = CertificateFactory(steps=("issue", "request"))
    task = session.scalars(select(HumanTask).order_by(HumanTask.id.desc())).first()
    assert task is not None
    fire(session, due_of(task)[HALF])

    CertificateFactory(action=certificate.action, steps=("grant",))
    session.expire_all()
    fire(session, due_of(task)[NATIONAL_LEVEL])

    assert (fired(task), cancelled(task)) == ({HALF}, {MOST, OVER, NATIONAL_LEVEL})
    assert task.escalated_at is None


def test_a_beat_takes_a_few_tasks_and_the_rest_comes_after(
    session: Session, task: HumanTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "CHUNK", 2)
    tasks = [task, *(waiting_for_the_director(session, region=region) for region in ("12", "11"))]
    for one in tasks:
        move(one.timers, to=MONDAY)
    session.flush()

    taken = [timers.fire_due(session, now=MONDAY) for _ in range(3)]

    assert taken == [2, 1, 0]
    assert all(one.escalated_at == MONDAY for one in tasks)
