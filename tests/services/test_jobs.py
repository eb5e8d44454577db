"""A long work is done once, in whatever order and however often its chunks come; it can be cancelled, and ends."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.domain.permissions import Actor
from app.models import Correction, Effect, Job, JobChunk, JobKind, JobState
from app.services import jobs
from app.services.jobs import Part
from tests.support.database import Work
from tests.support.jobs import national_admin, reread

KIND = JobKind.RECOMPUTATION
Ask = Callable[..., int]


@pytest.fixture
def actor(session: Session) -> Actor:
    return national_admin()


@pytest.fixture
def asked(work: Work, actor: Actor) -> Ask:
    """A job of `parts` chunks of ten units; its id."""

    def ask(parts: int = 3, closing: Part | None = None) -> int:
        with work() as inner:
            found = [Part(10, {"n": n}) for n in range(parts)]
            return jobs.start(inner, KIND, title="Prueba", scope={}, parts=found, closing=closing, actor=actor).id

    return ask


@pytest.fixture
def chunk(work: Work) -> Callable[[int, int], None]:
    """Performs one chunk of a job as a worker does."""

    def perform(job_id: int, number: int) -> None:
        with work() as inner:
            jobs.perform(inner, {"job_id": job_id, "number": number}, work=note)

    return perform


def note(session: Session, job: Job, chunk: JobChunk) -> None:
    """Leaves a row each time it works."""
    after = {"job": job.id, "number": chunk.number}
    session.add(
        Correction(record="n", natural_key="", before={}, after=after, corrected_at=job.asked_at, source="test")
    )
    session.flush()


def worked(session: Session) -> int:
    session.commit()
    return session.scalars(select(func.count()).select_from(Correction)).one()


def rung(session: Session) -> int:
    session.commit()
    return session.scalars(select(func.count()).select_from(Effect).where(Effect.kind == jobs.effect_kind(KIND))).one()


def test_each_chunk_waits_in_the_outbox_under_an_identity_of_its_own(session: Session, asked: Ask) -> None:
    job_id = asked(3)

    identities = session.scalars(select(Effect.identity).order_by(Effect.id)).all()
    assert identities == [f"jobs/recomputation:{job_id}:{number}" for number in range(3)]
    assert reread(session, job_id).state is JobState.WAITING


def test_progress_is_what_the_chunks_done_so_far_hold(session: Session, asked: Ask, chunk: Callable[..., None]) -> None:
    job_id = asked(3)

    chunk(job_id, 1)

    job = reread(session, job_id)
    assert (job.done, job.total, job.state, job.ended_at) == (10, 30, JobState.RUNNING, None)
    assert job.started_at is not None


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 1, 0, 2), (0, 2, 2, 1, 1, 0)])
def test_the_last_chunk_ends_the_job_whatever_the_order_and_repetition(
    session: Session, asked: Ask, chunk: Callable[..., None], order: tuple[int, ...]
) -> None:
    job_id = asked(3)
    for number in order[:-1]:
        chunk(job_id, number)
    ended_before = reread(session, job_id).ended_at

    chunk(job_id, order[-1])

    job = reread(session, job_id)
    assert (job.done, job.state) == (30, JobState.DONE)
    assert (ended_before is None) == (len(set(order[:-1])) < 3)
    assert worked(session) == 3


def test_a_job_ends_once(session: Session, asked: Ask, chunk: Callable[..., None]) -> None:
    job_id = asked(1)
    chunk(job_id, 0)
    ended_at = reread(session, job_id).ended_at

    chunk(job_id, 0)

    assert reread(session, job_id).ended_at == ended_at is not None


def test_after_a_cancellation_no_chunk_works_and_the_last_one_ends_the_job(
    session: Session, work: Work, asked: Ask, chunk: Callable[..., None], actor: Actor
) -> None:
    job_id = asked(3)
    chunk(job_id, 0)
    with work() as inner:
        jobs.cancel(inner, job_id, actor=actor)
    assert reread(session, job_id).state is JobState.CANCELLING

    chunk(job_id, 1)
    chunk(job_id, 2)

    job = reread(session, job_id)
    assert (job.state, job.done, worked(session)) == (JobState.CANCELLED, 10, 1)


def test_a_job_cancelled_twice_keeps_who_asked_first(session: Session, work: Work, asked: Ask, actor: Actor) -> None:
    job_id, other = asked(), national_admin()
    moments: list[datetime | None] = []
    for who in (actor, other):
        with work() as inner:
            jobs.cancel(inner, job_id, actor=who)
        moments.append(reread(session, job_id).cancel_asked_at)

    assert moments[0] == moments[1] is not None
    assert reread(session, job_id).cancel_asked_by_id == actor.person_id


def test_a_job_that_ended_is_not_cancelled(work: Work, asked: Ask, chunk: Callable[..., None], actor: Actor) -> None:
    job_id = asked(1)
    chunk(job_id, 0)

    with work() as inner, pytest.raises(Refusal, match="ya terminó"):
        jobs.cancel(inner, job_id, actor=actor)


def test_a_chunk_given_up_ends_the_job_with_its_reason(
    session: Session, work: Work, asked: Ask, chunk: Callable[..., None]
) -> None:
    job_id = asked(2)
    chunk(job_id, 0)

    with work() as inner:
        jobs.give_up(inner, {"job_id": job_id, "number": 1})

    job = reread(session, job_id)
    assert (job.state, job.done) == (JobState.FAILED, 10)
    assert job.failed_reason is not None
    assert "10 de 20" in job.failed_reason


def test_a_given_up_chunk_that_is_tried_again_makes_the_job_whole(
    session: Session, work: Work, asked: Ask, chunk: Callable[..., None]
) -> None:
    job_id = asked(1)
    with work() as inner:
        jobs.give_up(inner, {"job_id": job_id, "number": 0})

    chunk(job_id, 0)

    job = reread(session, job_id)
    assert (job.state, job.failed_reason, job.done) == (JobState.DONE, None, 10)


def test_the_closing_chunk_is_asked_for_when_the_others_are_done_and_once(
    session: Session, asked: Ask, chunk: Callable[..., None]
) -> None:
    job_id = asked(2, closing=Part(1, {}))
    assert rung(session) == 2
    chunk(job_id, 1)
    assert rung(session) == 2

    chunk(job_id, 0)
    chunk(job_id, 0)

    assert rung(session) == 3
    assert reread(session, job_id).ended_at is None
    chunk(job_id, 2)
    assert reread(session, job_id).state is JobState.DONE


def test_without_one_of_its_parts_nothing_is_closed(
    session: Session, work: Work, asked: Ask, chunk: Callable[..., None]
) -> None:
    job_id = asked(2, closing=Part(1, {}))
    chunk(job_id, 0)
    with work() as inner:
        jobs.give_up(inner, {"job_id": job_id, "number": 1})

    chunk(job_id, 2)

    assert worked(session) == 1
    assert reread(session, job_id).state is JobState.FAILED
