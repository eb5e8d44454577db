"""Cases that wait, with real connections and workers: each goes on once, whoever dies, and whoever else is at it."""

from contextlib import ExitStack
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.errors import AlreadyDecided
from app.models import AwaitedEvent, AwaitedStatus, Certificate, Effect, HumanTask, Person, ProcessInstance, TaskStatus
from app.process import awaited as rows
from app.process import happening, runner
from app.services import awaited, timers
from app.unit_of_work import unit_of_work
from tests.factories import CertificateFactory
from tests.support import waits
from tests.support.awaited import ANNULLED, STEPS, case_of, let_pass
from tests.support.effects import eventually
from tests.support.letters import DIRECTOR, certificate_at
from tests.support.queue import WorkerProcess
from tests.support.stories import WHY_DECIDED, actor_of

PATIENCE_S = 60
HOW_MANY = 12


@pytest.fixture
def paused(live_session: Session) -> Certificate:
    """Its annulment waits for a term before anybody is asked, committed."""
    waits.published(live_session, waits.annulment(), waits.FORMS)
    certificate = certificate_at("issue", "request")
    live_session.commit()
    return certificate


def pass_all(session: Session) -> None:
    """Every term that runs was over a moment ago."""
    running = AwaitedEvent.status == AwaitedStatus.WAITING, AwaitedEvent.due_at.is_not(None)
    session.execute(update(AwaitedEvent).where(*running).values(due_at=func.now()))
    session.commit()


def ask_due(app: Flask) -> int:
    with app.app_context(), unit_of_work() as session:
        return awaited.ask_due(session, now=timers.clock(session))


def outcomes(session: Session, process_id: str) -> list[str | None]:
    session.rollback()
    return [case.outcome for case in waits.cases(session, process_id)]


def test_two_clocks_at_once_share_the_rows(
    live: Flask, live_session: Session, paused: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = waits.awaited(live_session, waits.PAUSE)
    let_pass(live_session, row)
    live_session.commit()
    both_looked = Barrier(2, timeout=PATIENCE_S)
    found = []

    def beat() -> None:
        with live.app_context(), unit_of_work() as session:
            found.append(awaited.ask_due(session, now=timers.clock(session)))
            both_looked.wait()

    threads = [Thread(target=beat) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)

    assert sorted(found) == [0, 1]
    assert live_session.scalar(select(func.count()).select_from(Effect).where(Effect.kind == awaited.HAPPEN)) == 1


def test_two_workers_have_each_case_go_on_once(
    live: Flask, live_session: Session, celery_worker_process: WorkerProcess
) -> None:
    waits.published(live_session, waits.follow_up())
    CertificateFactory.create_batch(HOW_MANY, issued=True)
    live_session.commit()

    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(celery_worker_process())
        assert eventually(lambda: len(outcomes(live_session, "follow_up")) == HOW_MANY, patience_s=PATIENCE_S)
        pass_all(live_session)
        assert eventually(lambda: outcomes(live_session, "follow_up") == ["followed"] * HOW_MANY, patience_s=PATIENCE_S)

    happened = select(func.count()).select_from(AwaitedEvent).where(AwaitedEvent.status == AwaitedStatus.HAPPENED)
    tries = live_session.scalars(select(Effect.attempts).where(Effect.kind == awaited.HAPPEN)).all()
    assert (live_session.scalar(happened), tries) == (HOW_MANY, [1] * HOW_MANY)


def test_who_answers_while_the_term_runs_out_takes_turns_with_the_worker(
    live: Flask, live_session: Session, paused: Certificate
) -> None:
    happen(live, live_session, waits.PAUSE)
    task = waits.task(live_session, "decide_annulment")
    row = waits.awaited(live_session, waits.LATE)
    let_pass(live_session, row)
    assert task is not None
    task_id, row_id, told = task.id, row.id, []
    live_session.commit()
    ask_due(live)

    def late() -> None:
        with live.app_context(), unit_of_work() as session:
            happening.happen(session, {"awaited_id": row_id})
            told.append("went on")

    with live.app_context(), unit_of_work() as deciding:
        decide(deciding, task_id)
        worker = Thread(target=late)
        worker.start()
        worker.join(0.5)
        assert worker.is_alive()
    worker.join(PATIENCE_S)

    live_session.expire_all()
    live_session.rollback()
    assert told == ["went on"]
    assert outcomes(live_session, "annulment") == ["annulment_granted"]
    assert live_session.get_one(AwaitedEvent, row_id).status is AwaitedStatus.CANCELLED


def test_the_other_way_round_the_answer_finds_nothing_pending(
    live: Flask, live_session: Session, paused: Certificate
) -> None:
    happen(live, live_session, waits.PAUSE)
    task = waits.task(live_session, "decide_annulment")
    assert task is not None
    task_id, told = task.id, []
    live_session.commit()

    def answer() -> None:
        try:
            with live.app_context(), unit_of_work() as session:
                decide(session, task_id)
        except AlreadyDecided as refusal:
            told.append(refusal.sentence)

    row = waits.awaited(live_session, waits.LATE)
    let_pass(live_session, row)
    row_id = row.id
    live_session.commit()
    with live.app_context(), unit_of_work() as running_out:
        happening.happen(running_out, {"awaited_id": row_id})
        person = Thread(target=answer)
        person.start()
        person.join(0.5)
        assert person.is_alive()
    person.join(PATIENCE_S)

    assert told == ["Esta tarea ya no está pendiente. Vuelva a la bandeja para ver las que siguen."]
    live_session.rollback()
    live_session.expire_all()
    assert live_session.get_one(HumanTask, task_id).status is TaskStatus.CANCELLED


def test_a_fact_waits_for_who_begins_to_wait_so_that_it_is_told_to_that_case_too(
    live: Flask, live_session: Session
) -> None:
    certificate = certificate_at(*STEPS)
    case_id = case_of(live_session, certificate, "retroactive_attendance").id
    task = waits.task(live_session, "decide_annulment")
    assert task is not None
    task_id = task.id
    live_session.commit()

    def fact() -> None:
        with live.app_context(), unit_of_work() as session:
            decide(session, task_id)

    with live.app_context(), unit_of_work() as beginning:
        case = beginning.get_one(ProcessInstance, case_id)
        rows.open_for(beginning, case, ANNULLED, str(uuid4()))
        beginning.flush()
        deciding = Thread(target=fact)
        deciding.start()
        deciding.join(0.5)
        assert deciding.is_alive()
    deciding.join(PATIENCE_S)
    with live.app_context(), unit_of_work() as telling:
        (asked,) = telling.scalars(select(Effect).where(Effect.kind == awaited.DELIVER))
        awaited.deliver(telling, asked.payload)

    live_session.rollback()
    assert waits.awaited(live_session, ANNULLED.key).status is AwaitedStatus.ASKED


@pytest.mark.parametrize(("point", "tries"), [("awaited.asked", 1), ("awaited.happened", 2)])
def test_a_worker_killed_in_the_middle_leaves_the_case_to_the_next(
    live_session: Session, paused: Certificate, celery_worker_process: WorkerProcess, point: str, tries: int
) -> None:
    let_pass(live_session, waits.awaited(live_session, waits.PAUSE))
    live_session.commit()

    with celery_worker_process(fault=f"{point}:kill:once", visibility_timeout=10):
        assert eventually(lambda: is_asked_to_decide(live_session), patience_s=PATIENCE_S)

    attempts = live_session.scalars(select(Effect.attempts).where(Effect.kind == awaited.HAPPEN)).one()
    case = live_session.scalars(select(ProcessInstance).where(ProcessInstance.process_id == "annulment")).one()
    assert attempts == tries
    assert [row.key for row in case.awaited] == [waits.PAUSE, waits.SOON, waits.LATE]


def is_asked_to_decide(session: Session) -> bool:
    session.rollback()
    return waits.task(session, "decide_annulment") is not None


def happen(app: Flask, session: Session, key: str) -> None:
    row = waits.awaited(session, key)
    let_pass(session, row)
    row_id = row.id
    session.commit()
    with app.app_context(), unit_of_work() as working:
        happening.happen(working, {"awaited_id": row_id})
    session.rollback()


def decide(session: Session, task_id: int) -> None:
    director = actor_of(session.scalars(select(Person).where(Person.email == DIRECTOR)).one())
    answers = {"granted": True, "reason": WHY_DECIDED}
    runner.complete_task(session, task_id=task_id, actor=director, answers=answers)
