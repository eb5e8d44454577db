"""A large course's attendance is made aside in chunks, into the same file, for who asked and for thirty days."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refusal
from app.domain.export_formats import ExportFormat
from app.domain.permissions import Actor, Profile
from app.models import JobChunk, JobState, ProfileGrant, TrainingAction
from app.services import exports, jobs
from tests.factories import PersonFactory, TrainingActionFactory
from tests.support.database import Work
from tests.support.effects import run
from tests.support.jobs import national_admin, reread, waiting, work_off
from tests.support.stories import actor_of

TABLES = (ExportFormat.CSV, ExportFormat.CSV_TOTALS)


@pytest.fixture
def action(session: Session) -> TrainingAction:
    found: TrainingAction = TrainingActionFactory(participants=3, classes=2, attended=True)
    return found


@pytest.fixture
def issuer(action: TrainingAction) -> Actor:
    return actor_of(PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, action.otec, None)]))


def content(session: Session, action: TrainingAction, format: ExportFormat, actor: Actor) -> bytes:
    return exports.make(session, action, format, actor=actor).content


@pytest.fixture
def asked(work: Work, action: TrainingAction, issuer: Actor, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Asks for a file in chunks of one participant each; the job's id."""
    monkeypatch.setattr(exports, "ROWS_A_CHUNK", 2)

    def ask(format: ExportFormat = ExportFormat.CSV) -> int:
        with work() as inner:
            return exports.ask(inner, inner.get_one(TrainingAction, action.id), format, actor=issuer).id

    return ask


@pytest.mark.parametrize("format", TABLES)
def test_a_job_makes_the_same_file_as_is_made_at_once(
    app: Flask,
    session: Session,
    action: TrainingAction,
    issuer: Actor,
    asked: Callable[..., int],
    format: ExportFormat,
) -> None:
    expected = content(session, action, format, issuer)
    job_id = asked(format)
    assert len(waiting(session)) == 3

    with app.app_context():
        work_off(session)
        job = reread(session, job_id)
        made = current_app.extensions["storage"].read(job.result_sha256)

    assert made == expected
    assert (job.state, job.done, job.result_filename) == (JobState.DONE, 4, format.filename(action.code))


def test_what_the_chunks_put_aside_is_gone_when_the_job_has_ended(
    app: Flask, session: Session, asked: Callable[..., int]
) -> None:
    asked()
    run(app, waiting(session)[0])
    assert parts(session) == 1

    with app.app_context():
        work_off(session)

    assert parts(session) == 0


def parts(session: Session) -> int:
    session.commit()
    return len(session.scalars(select(JobChunk).where(JobChunk.part.is_not(None))).all())


def test_an_export_cancelled_half_way_makes_no_file(
    app: Flask, session: Session, work: Work, issuer: Actor, asked: Callable[..., int]
) -> None:
    job_id = asked()
    run(app, waiting(session)[0])
    with work() as inner:
        jobs.cancel(inner, job_id, actor=issuer)

    with app.app_context():
        work_off(session)

    job = reread(session, job_id)
    assert (job.state, job.result_sha256, job.done) == (JobState.CANCELLED, None, 1)
    assert parts(session) == 0


def test_who_lost_the_profile_gets_no_file(
    app: Flask, session: Session, issuer: Actor, asked: Callable[..., int]
) -> None:
    job_id = asked()
    for granted in session.query(ProfileGrant).filter_by(person_id=issuer.person_id):
        session.delete(granted)
    session.commit()

    with app.app_context():
        work_off(session)

    job = reread(session, job_id)
    assert (job.state, job.result_sha256) == (JobState.FAILED, None)


def test_the_file_is_for_who_asked_acting_as_then(
    app: Flask, session: Session, work: Work, action: TrainingAction, issuer: Actor, asked: Callable[..., int]
) -> None:
    job_id = asked()
    with app.app_context():
        work_off(session)
    other_hat = Actor(issuer.person_id, "", Profile.PARTICIPANT)
    colleague = actor_of(PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, action.otec, None)]))

    assert exports.fetchable(session, job_id, issuer).id == job_id
    for actor in (other_hat, colleague, national_admin()):
        with pytest.raises(NotFound):
            exports.fetchable(session, job_id, actor)


def test_after_thirty_days_the_file_is_told_to_be_gone(
    app: Flask, session: Session, issuer: Actor, asked: Callable[..., int]
) -> None:
    job_id = asked()
    with app.app_context():
        work_off(session)
    job = reread(session, job_id)
    assert job.ended_at is not None
    job.ended_at -= timedelta(days=30, seconds=1)
    session.commit()

    with pytest.raises(Refusal, match="Pídalo de nuevo"):
        exports.fetchable(session, job_id, issuer)
