"""Real workers that are killed, hang, or meet a broker that forgets: nothing is lost, nothing is done twice, nobody waits long."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Correction, Effect, Incident
from app.services import effects, reasons
from app.services.effects import EffectQueue
from app.unit_of_work import unit_of_work
from tests.support.effects import eventually
from tests.support.queue import Worker, WorkerProcess
from tests.support.worker_app import LONG_S, NOTE, POISON, STUCK_ONCE

BACK_WITHIN_S = 15


def ask(live: Flask, kind: str, identity: str, queue: EffectQueue = EffectQueue.DOCUMENTS, **payload: Any) -> None:
    with live.app_context(), unit_of_work() as session:
        effects.ask(session, kind, identity=identity, queue=queue, payload=payload)


def ask_notes(live: Flask, how_many: int, queue: EffectQueue = EffectQueue.DOCUMENTS, seconds: float = 0) -> None:
    with live.app_context(), unit_of_work() as session:
        for n in range(how_many):
            payload = {"n": n, "seconds": seconds}
            effects.ask(session, NOTE, identity=f"{queue}{n}", queue=queue, payload=payload)


def done(session: Session, kind: str = NOTE) -> int:
    session.rollback()
    done_ones = select(func.count()).select_from(Effect).where(Effect.kind == kind, Effect.done_at.is_not(None))
    return session.scalars(done_ones).one()


def notes(session: Session) -> int:
    session.rollback()
    return session.scalars(select(func.count()).select_from(Correction)).one()


def effect(session: Session, kind: str) -> Effect:
    session.rollback()
    return session.scalars(select(Effect).where(Effect.kind == kind)).one()


@pytest.fixture
def two_workers(celery_worker_process: WorkerProcess) -> Iterator[tuple[Worker, Worker]]:
    with ExitStack() as stack:
        first = stack.enter_context(celery_worker_process(handlers=True))
        yield first, stack.enter_context(celery_worker_process(handlers=True))


@pytest.mark.parametrize("in_sql", [False, True], ids=["in-python", "in-sql"])
def test_the_work_of_a_worker_killed_in_the_middle_is_done_within_fifteen_seconds(
    live: Flask, live_session: Session, two_workers: tuple[Worker, Worker], tmp_path: Path, in_sql: bool
) -> None:
    marker = tmp_path / "begun"
    ask(live, STUCK_ONCE, "a", marker=str(marker), in_sql=in_sql)
    assert eventually(lambda: marker.exists() and bool(marker.read_text()))
    held_by = os.getpgid(int(marker.read_text()))

    killed_at = time.monotonic()
    next(worker for worker in two_workers if worker.pid == held_by).kill()

    assert eventually(lambda: done(live_session, STUCK_ONCE) == 1, patience_s=LONG_S / 2)
    took = time.monotonic() - killed_at
    print(f"back after {took:.1f} s")  # noqa: T201
    assert took < BACK_WITHIN_S
    assert effect(live_session, STUCK_ONCE).attempts == 2


def test_what_was_begun_by_a_worker_that_died_before_the_work_is_done_within_fifteen_seconds(
    live: Flask, live_session: Session, celery_worker_process: WorkerProcess
) -> None:
    with celery_worker_process(handlers=True):
        # Taken in the same moment it is asked for, so that no ring tells the worker.
        with live.app_context(), unit_of_work() as session:
            effects.ask(session, NOTE, identity="a", queue=EffectQueue.DOCUMENTS, payload={})
            assert effects.take(session, EffectQueue.DOCUMENTS) is not None
        taken_at = time.monotonic()

        assert eventually(lambda: done(live_session) == 1, patience_s=60)

    took = time.monotonic() - taken_at
    assert effects.LEASE.total_seconds() - 1 < took < BACK_WITHIN_S
    assert notes(live_session) == 1


def test_an_effect_that_kills_its_worker_becomes_an_incident_and_delays_nobody(
    live: Flask, live_session: Session, celery_worker_process: WorkerProcess
) -> None:
    ask(live, POISON, "poison")
    ask_notes(live, 50)

    with celery_worker_process(handlers=True):
        begun_at = time.monotonic()
        assert eventually(lambda: done(live_session) == 50)
        others_took = time.monotonic() - begun_at
        assert effect(live_session, POISON).gave_up_at is None

        assert eventually(lambda: effect(live_session, POISON).gave_up_at is not None, patience_s=60)

    assert others_took < BACK_WITHIN_S
    assert effect(live_session, POISON).attempts == effects.TRIES
    assert live_session.scalars(select(Incident.reason)).one() == reasons.WORKER_LOST
    # Not one of its neighbours lost a try by it.
    assert live_session.scalars(select(Effect.attempts).where(Effect.kind == NOTE).distinct()).all() == [1]


def test_two_workers_do_nothing_twice(live: Flask, live_session: Session, two_workers: tuple[Worker, Worker]) -> None:
    ask_notes(live, 300)

    assert eventually(lambda: done(live_session) == 300)
    assert notes(live_session) == 300


def test_a_broker_that_forgets_everything_loses_nothing(
    live: Flask, live_session: Session, broker: Redis, celery_worker_process: WorkerProcess
) -> None:
    stop = Event()

    def forget() -> None:
        while not stop.wait(0.2):
            broker.flushall()

    forgetting = Thread(target=forget)
    with celery_worker_process(handlers=True, concurrency=2):
        forgetting.start()
        for n in range(40):
            ask(live, NOTE, f"n{n}", n=n)
        try:
            assert eventually(lambda: done(live_session) == 40, patience_s=30)
        finally:
            stop.set()
            forgetting.join()

    assert notes(live_session) == 40


def test_what_a_person_waits_for_does_not_queue_behind_bulk_work(
    live: Flask, live_session: Session, celery_worker_process: WorkerProcess
) -> None:
    with celery_worker_process(handlers=True):
        ask_notes(live, 60, EffectQueue.BULK, seconds=0.2)
        assert eventually(lambda: done(live_session) > 0)
        ask(live, STUCK_ONCE, "urgent", EffectQueue.INTERACTIVE, marker=os.devnull)

        assert eventually(lambda: done(live_session, STUCK_ONCE) == 1, patience_s=5)
        assert done(live_session) < 60


def test_an_effect_over_its_time_is_stopped_and_says_so(
    live: Flask, live_session: Session, celery_worker_process: WorkerProcess
) -> None:
    ask(live, NOTE, "endless", seconds=LONG_S)

    with celery_worker_process(handlers=True, visibility_timeout=12):
        assert eventually(lambda: effect(live_session, NOTE).last_error is not None, patience_s=30)

    assert effect(live_session, NOTE).last_error == "TookTooLong"
