"""Effects are performed once, or harmlessly again; one that fails says why and stops nobody."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.queue import PERFORM
from app.adapters.storage import Storage
from app.models import Correction, Effect
from app.services import effects
from app.services.effects import EffectQueue
from app.unit_of_work import unit_of_work
from tasks.effects import perform, sweep
from tasks.handlers import HANDLERS
from tests.support.database import Work
from tests.support.queue import Job, SentJobs, WorkerProcess

KIND = "tests/note"


def note(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:
    """Leaves a row for each time it ran, then fails if it is told to."""
    now = datetime.now(UTC)
    session.add(Correction(record="note", natural_key="", before={}, after=payload, corrected_at=now, source="test"))
    session.flush()
    if payload.get("fails"):
        raise ZeroDivisionError("on purpose")


@pytest.fixture(autouse=True)
def note_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HANDLERS, KIND, note)


@pytest.fixture
def asked(work: Work) -> Callable[..., int]:
    """Asks for an effect as an action would; its id."""

    def ask(identity: str, **payload: Any) -> int:
        with work() as session:
            effects.ask(session, KIND, identity=identity, queue=EffectQueue.DOCUMENTS, payload=payload)
            return session.scalars(select(Effect.id).where(Effect.identity == identity)).one()

    return ask


def notes(session: Session) -> list[dict[str, Any]]:
    session.rollback()
    return list(session.scalars(select(Correction.after).order_by(Correction.id)))


def effect(session: Session, effect_id: int) -> Effect:
    session.rollback()
    return session.get_one(Effect, effect_id)


def run(app: Flask, *effect_ids: int) -> None:
    with app.app_context():
        perform(list(effect_ids))


def test_an_effect_asked_for_rings_its_own_queue(asked: Callable[..., int], sent_jobs: SentJobs) -> None:
    effect_id = asked("a")

    assert sent_jobs() == [Job("documents", PERFORM, [[effect_id]])]


def test_asking_twice_is_asking_once(asked: Callable[..., int], sent_jobs: SentJobs) -> None:
    assert asked("a") == asked("a")
    assert len(sent_jobs()) == 1


def test_a_performed_effect_is_done(app: Flask, session: Session, asked: Callable[..., int]) -> None:
    effect_id = asked("a", n=1)

    run(app, effect_id)

    assert notes(session) == [{"n": 1}]
    assert effect(session, effect_id).done_at is not None


def test_a_second_delivery_does_nothing(app: Flask, session: Session, asked: Callable[..., int]) -> None:
    effect_id = asked("a", n=1)

    run(app, effect_id)
    run(app, effect_id)

    assert notes(session) == [{"n": 1}]


def test_a_failing_effect_leaves_no_trace_but_its_reason(
    app: Flask, session: Session, asked: Callable[..., int]
) -> None:
    effect_id = asked("a", fails=True)

    run(app, effect_id)

    failed = effect(session, effect_id)
    assert (failed.attempts, failed.last_error) == (1, "ZeroDivisionError: on purpose")
    assert failed.done_at is None
    assert notes(session) == []


def test_one_bad_effect_stops_no_other(app: Flask, session: Session, asked: Callable[..., int]) -> None:
    run(app, asked("a", n=1), asked("b", fails=True), asked("c", n=3))

    assert notes(session) == [{"n": 1}, {"n": 3}]


def test_an_effect_is_given_up_after_three_tries(app: Flask, session: Session, asked: Callable[..., int]) -> None:
    effect_id = asked("a", fails=True)

    run(app, *[effect_id] * 4)

    given_up = effect(session, effect_id)
    assert given_up.attempts == effects.TRIES == 3
    assert given_up.gave_up_at is not None


def test_a_kind_nobody_handles_is_a_failure_with_its_name(
    app: Flask, session: Session, asked: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    effect_id = asked("a")
    monkeypatch.delitem(HANDLERS, KIND)

    run(app, effect_id)

    assert effect(session, effect_id).last_error == "KeyError: 'tests/note'"


def grow_old(session: Session, effect_id: int) -> None:
    row = effect(session, effect_id)
    row.asked_at = row.due_at = datetime.now(UTC) - timedelta(minutes=5)
    session.commit()


def test_the_sweep_rings_again_for_what_the_broker_forgot_and_only_once(
    app: Flask, session: Session, asked: Callable[..., int], sent_jobs: SentJobs
) -> None:
    forgotten, _fresh = asked("a"), asked("b")
    grow_old(session, forgotten)
    rung = len(sent_jobs())

    with app.app_context():
        sweep()
        sweep()

    assert sent_jobs()[rung:] == [Job("documents", PERFORM, [[forgotten]])]


def test_a_worker_process_does_what_was_asked_while_it_was_away(
    live: Flask, live_session: Session, celery_worker_process: WorkerProcess
) -> None:
    """The worker knows no handler of this test's, so what it does is write down that it knows none."""
    with live.app_context(), unit_of_work() as session:
        effects.ask(session, KIND, identity="a", queue=EffectQueue.BULK, payload={})

    with celery_worker_process():
        assert eventually(lambda: reason(live_session) == "KeyError: 'tests/note'")


def reason(session: Session) -> str | None:
    session.rollback()
    return session.scalars(select(Effect.last_error)).one()


def eventually(holds: Callable[[], bool], patience_s: float = 20) -> bool:
    until = time.monotonic() + patience_s
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.1)
    return held
