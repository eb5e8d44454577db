"""Effects are performed once, or harmlessly again; one that fails says why and stops nobody."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.adapters.queue import PERFORM
from app.adapters.storage import Storage
from app.domain.errors import EffectFailed
from app.models import Correction, Effect, Incident
from app.services import effects, reasons
from app.services.effects import EffectQueue
from tasks.effects import perform, sweep
from tasks.handlers import HANDLERS, WHEN_GIVEN_UP
from tests.support.database import Work
from tests.support.effects import run
from tests.support.queue import Job, SentJobs

KIND = "tests/note"
RING = Job("documents", PERFORM, ["documents"])
SECRET = "Rosa Ñancupil, 12345678-5"


def note(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:
    """Leaves a row for each time it ran, then fails if it is told to."""
    now = datetime.now(UTC)
    session.add(Correction(record="note", natural_key="", before={}, after=payload, corrected_at=now, source="test"))
    session.flush()
    if payload.get("fails"):
        raise ZeroDivisionError(SECRET)
    if payload.get("hopeless"):
        raise EffectFailed("Esa dirección no existe. Corríjala y reintente.", for_good=True)


@pytest.fixture(autouse=True)
def note_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(HANDLERS, KIND, note)


@pytest.fixture
def asked(work: Work) -> Callable[..., int]:
    """Asks for an effect as an action would; its id."""

    def ask(identity: str, queue: EffectQueue = EffectQueue.DOCUMENTS, **payload: Any) -> int:
        with work() as session:
            effects.ask(session, KIND, identity=identity, queue=queue, payload=payload)
            return session.scalars(select(Effect.id).where(Effect.identity == identity)).one()

    return ask


def notes(session: Session) -> list[dict[str, Any]]:
    found = list(session.scalars(select(Correction.after).order_by(Correction.id)))
    session.commit()
    return found


def effect(session: Session, effect_id: int) -> Effect:
    """The row as it is. Nothing stays open: what a worker does inside a savepoint of this session would go with it."""
    session.commit()
    row = session.get_one(Effect, effect_id)
    session.expunge(row)
    session.commit()
    return row


def hear(app: Flask, queue: str = "documents") -> None:
    """What a worker does that hears a ring."""
    with app.app_context():
        perform(queue)


def is_due(session: Session, *effect_ids: int) -> None:
    """Nobody waits for its time any longer."""
    past = datetime.now(UTC) - timedelta(minutes=1)
    session.execute(update(Effect).where(Effect.id.in_(effect_ids)).values(due_at=past))
    session.commit()


def test_an_effect_asked_for_rings_its_own_queue(asked: Callable[..., int], sent_jobs: SentJobs) -> None:
    asked("a")

    assert sent_jobs() == [RING]


def test_however_much_waits_one_ring_hangs_in_a_queue(asked: Callable[..., int], sent_jobs: SentJobs) -> None:
    for n in range(5):
        asked(f"d{n}")
        asked(f"b{n}", EffectQueue.BULK)

    assert sent_jobs() == [RING, Job("bulk", PERFORM, ["bulk"])]


def test_asking_twice_is_asking_once(asked: Callable[..., int], session: Session) -> None:
    assert asked("a", n=1) == asked("a", n=2)
    assert session.scalars(select(Effect.payload)).one() == {"n": 1}


def test_what_waits_in_a_queue_is_done_oldest_first_and_no_other(
    app: Flask, session: Session, asked: Callable[..., int]
) -> None:
    asked("c", EffectQueue.BULK, n=3)
    done = [asked("a", n=1), asked("b", n=2)]

    hear(app)

    assert notes(session) == [{"n": 1}, {"n": 2}]
    assert all(effect(session, effect_id).done_at for effect_id in done)


def test_a_second_ring_does_nothing(app: Flask, session: Session, asked: Callable[..., int]) -> None:
    asked("a", n=1)

    hear(app)
    hear(app)

    assert notes(session) == [{"n": 1}]


def test_who_takes_one_while_more_wait_rings_for_the_idle(
    app: Flask, broker: Redis, work: Work, asked: Callable[..., int], sent_jobs: SentJobs
) -> None:
    asked("a")
    asked("b")
    broker.flushall()

    with work() as session:
        effects.take(session, EffectQueue.DOCUMENTS)
    assert sent_jobs() == [RING]

    broker.flushall()
    with work() as session:
        effects.take(session, EffectQueue.DOCUMENTS)
    assert sent_jobs() == []


def test_a_failing_effect_leaves_no_trace_but_type_and_place(
    app: Flask, session: Session, asked: Callable[..., int]
) -> None:
    effect_id = asked("a", fails=True)

    hear(app)

    failed = effect(session, effect_id)
    assert (failed.attempts, failed.done_at, notes(session)) == (1, None, [])
    assert failed.last_error is not None
    assert failed.last_error.startswith("ZeroDivisionError en tests/tasks/test_effects.py:")
    assert SECRET not in failed.last_error


def test_one_bad_effect_stops_no_other(app: Flask, session: Session, asked: Callable[..., int]) -> None:
    asked("a", n=1), asked("b", fails=True), asked("c", n=3)

    hear(app)

    assert notes(session) == [{"n": 1}, {"n": 3}]


def test_the_tries_of_a_failing_effect_wait_longer_and_longer(
    app: Flask, session: Session, asked: Callable[..., int]
) -> None:
    effect_id = asked("a", fails=True)
    waited = []
    for _ in range(2):
        run(app, effect_id)
        failed = effect(session, effect_id)
        assert failed.begun_at is not None
        waited.append(round((failed.due_at - failed.begun_at).total_seconds()))

    assert waited == [wait.total_seconds() for wait in effects.WAITS] == [10, 60]


def test_an_effect_is_given_up_after_three_tries_and_an_incident_says_why(
    app: Flask, session: Session, asked: Callable[..., int]
) -> None:
    effect_id = asked("a", fails=True)

    run(app, *[effect_id] * 4)

    given_up = effect(session, effect_id)
    assert given_up.attempts == effects.TRIES == 3
    assert given_up.gave_up_at is not None
    incident = session.scalars(select(Incident)).one()
    assert (incident.kind, incident.effect_id, incident.reason) == (KIND, effect_id, reasons.UNKNOWN)
    assert incident.detail == given_up.last_error


def test_what_no_further_try_can_mend_is_given_up_at_once(
    app: Flask, session: Session, asked: Callable[..., int]
) -> None:
    effect_id = asked("a", hopeless=True)

    run(app, effect_id)

    assert (effect(session, effect_id).attempts, effect(session, effect_id).gave_up_at is None) == (1, False)
    assert session.scalars(select(Incident.reason)).one() == "Esa dirección no existe. Corríjala y reintente."


def test_who_waits_for_an_effect_is_told_when_it_is_given_up(
    app: Flask, session: Session, asked: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setitem(WHEN_GIVEN_UP, KIND, lambda _session, payload: told.append(payload))
    effect_id = asked("a", fails=True)

    run(app, effect_id, effect_id)
    assert told == []
    run(app, effect_id)

    assert told == [{"fails": True}]


def test_a_try_counts_from_its_beginning_so_losing_the_worker_three_times_is_an_incident(
    app: Flask, session: Session, work: Work, asked: Callable[..., int]
) -> None:
    effect_id = asked("a", n=1)
    for _ in range(3):
        with work() as inner:
            assert effects.take(inner, EffectQueue.DOCUMENTS) is not None
        is_due(session, effect_id)

    hear(app)

    assert notes(session) == []
    assert effect(session, effect_id).gave_up_at is not None
    assert session.scalars(select(Incident.reason)).one() == reasons.WORKER_LOST


def test_a_try_that_another_one_overtook_changes_nothing(
    app: Flask, session: Session, work: Work, asked: Callable[..., int]
) -> None:
    effect_id = asked("a", n=1)
    with work() as inner:
        late = effects.take(inner, EffectQueue.DOCUMENTS)
    is_due(session, effect_id)
    hear(app)

    assert late is not None
    with work() as inner:
        assert effects.hold(inner, late) is None
        assert effects.record_failure(inner, late, reasons.of(ZeroDivisionError())) is None
    assert (notes(session), effect(session, effect_id).last_error) == ([{"n": 1}], None)


def test_a_kind_nobody_handles_is_a_failure_with_its_place(
    app: Flask, session: Session, asked: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    effect_id = asked("a")
    monkeypatch.delitem(HANDLERS, KIND)

    run(app, effect_id)

    assert (effect(session, effect_id).last_error or "").startswith("KeyError en tasks/effects.py:")


def test_the_sweep_rings_for_what_the_broker_forgot_and_only_then(
    app: Flask, session: Session, broker: Redis, asked: Callable[..., int], sent_jobs: SentJobs
) -> None:
    effect_id = asked("a")
    broker.flushall()

    with app.app_context():
        sweep()
        sweep()
        assert sent_jobs() == [RING]

        run(app, effect_id)
        broker.flushall()
        sweep()
        assert sent_jobs() == []
