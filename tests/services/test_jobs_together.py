"""Who watches a long work, and two workers at it at once."""

import threading
from collections.abc import Sequence

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.permissions import Actor, Profile
from app.models import Correction, Job, JobChunk, JobKind, JobState
from app.services import jobs
from app.services.jobs import Part
from app.unit_of_work import unit_of_work
from tests.factories import PersonFactory
from tests.support.database import Work
from tests.support.jobs import national_admin, reread, somebody

KIND = JobKind.RECOMPUTATION
PATIENCE_S = 30


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


@pytest.mark.parametrize(
    ("profile", "watches"),
    [
        (Profile.SENCE_NATIONAL_ADMIN, True),
        (Profile.OPERATOR, True),
        (Profile.SENCE_REGIONAL_ADMIN, False),
        (Profile.REGIONAL_DIRECTOR, False),
    ],
)
def test_a_recomputation_is_watched_by_who_may_recompute_everywhere(
    work: Work, profile: Profile, watches: bool
) -> None:
    owner = national_admin()
    with work() as inner:
        parts = [Part(1, {})]
        job_id = jobs.start(inner, KIND, title="Prueba", scope={}, parts=parts, actor=owner).id
    region = "13" if profile in (Profile.SENCE_REGIONAL_ADMIN, Profile.REGIONAL_DIRECTOR) else None
    other = somebody(profile, region=region)

    with work() as inner:
        found = watched(inner, job_id, other)

    assert found == watches


def watched(session: Session, job_id: int, actor: Actor) -> bool:
    try:
        jobs.get(session, job_id, actor)
    except NotFound:
        return False
    return True


@pytest.fixture
def live_actor(live_session: Session) -> Actor:
    person = PersonFactory(profiles=[(Profile.SENCE_NATIONAL_ADMIN, None, None)])
    live_session.commit()
    return Actor(person.id, "Ñ", Profile.SENCE_NATIONAL_ADMIN)


def start(live: Flask, actor: Actor, parts: int) -> int:
    with live.app_context(), unit_of_work() as session:
        found = [Part(10, {"n": n}) for n in range(parts)]
        return jobs.start(session, KIND, title="Prueba", scope={}, parts=found, actor=actor).id


def at_once(live: Flask, job_id: int, *orders: Sequence[int], work: jobs.Work = note) -> None:
    """One worker for each order of chunks, all begun together."""
    together = threading.Barrier(len(orders))

    def worker(order: Sequence[int]) -> None:
        with live.app_context():
            together.wait(PATIENCE_S)
            for number in order:
                with unit_of_work() as session:
                    jobs.perform(session, {"job_id": job_id, "number": number}, work=work)

    threads = [threading.Thread(target=worker, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_workers_at_once_do_each_chunk_once_and_end_the_job_once(
    live: Flask, live_session: Session, live_actor: Actor
) -> None:
    job_id = start(live, live_actor, 6)

    at_once(live, job_id, range(6), range(6))

    job = reread(live_session, job_id)
    assert (job.done, job.state, worked(live_session)) == (60, JobState.DONE, 6)


def test_of_two_chunks_that_end_at_the_same_moment_one_ends_the_job(
    live: Flask, live_session: Session, live_actor: Actor
) -> None:
    job_id = start(live, live_actor, 2)
    both_worked = threading.Barrier(2)

    def meet(session: Session, job: Job, chunk: JobChunk) -> None:
        note(session, job, chunk)
        both_worked.wait(PATIENCE_S)

    at_once(live, job_id, [0], [1], work=meet)

    job = reread(live_session, job_id)
    assert (job.done, job.state) == (20, JobState.DONE)
