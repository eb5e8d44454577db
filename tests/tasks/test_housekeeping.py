"""The daily chore that takes exports' files away when their thirty days have passed, and nothing else."""

import os
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.adapters.storage import Storage
from app.domain.errors import Refusal
from app.domain.export_formats import ExportFormat
from app.domain.permissions import Actor
from app.models import Job, RetroactiveAttachment, RetroactiveRequest, TrainingAction
from app.services import exports
from tasks.celery_app import SCHEDULE, celery
from tasks.housekeeping import forget_expired_exports, forget_unfinished_files
from tests.factories import CertificateFactory, TrainingActionFactory
from tests.support.database import Work
from tests.support.jobs import national_admin, reread, work_off


@pytest.fixture
def actor(session: Session) -> Actor:
    return national_admin()


@pytest.fixture
def storage(app: Flask) -> Storage:
    found: Storage = app.extensions["storage"]
    return found


def made(app: Flask, session: Session, work: Work, actor: Actor, *, days_ago: int) -> Job:
    """The job of an export that ended so long ago, its file as old."""
    action = TrainingActionFactory(participants=1, classes=1, attended=True)
    session.commit()
    with work() as inner:
        job_id = exports.ask(inner, inner.get_one(TrainingAction, action.id), ExportFormat.CSV, actor=actor).id
    with app.app_context():
        work_off(session)
    job = reread(session, job_id)
    assert job.ended_at is not None
    job.ended_at -= timedelta(days=days_ago)
    session.commit()
    age(app.extensions["storage"], job.result_sha256 or "")
    return job


def age(storage: Storage, sha256: str) -> None:
    os.utime(storage.base / sha256[:2] / sha256, (0, 0))


def is_kept(storage: Storage, sha256: str) -> bool:
    return (storage.base / sha256[:2] / sha256).exists()


def tidy_up(app: Flask, session: Session) -> None:
    session.commit()
    with app.app_context():
        forget_expired_exports()
    session.expire_all()


def test_after_thirty_days_the_file_leaves_the_disk_and_the_job_still_says_so(
    app: Flask, session: Session, work: Work, actor: Actor, storage: Storage
) -> None:
    job = made(app, session, work, actor, days_ago=31)
    sha256 = job.result_sha256 or ""
    tidy_up(app, session)

    assert not is_kept(storage, sha256)
    assert job.result_sha256 is None
    with pytest.raises(Refusal, match="ya no está"):
        exports.fetchable(session, job.id, actor)
    tidy_up(app, session)


def test_before_them_it_stays(app: Flask, session: Session, work: Work, actor: Actor, storage: Storage) -> None:
    job = made(app, session, work, actor, days_ago=29)
    tidy_up(app, session)

    assert is_kept(storage, job.result_sha256 or "")


def test_what_another_row_needs_stays(app: Flask, session: Session, work: Work, actor: Actor, storage: Storage) -> None:
    job = made(app, session, work, actor, days_ago=31)
    sha256 = job.result_sha256 or ""
    CertificateFactory(retroactive_asked=True)
    request_id = session.query(RetroactiveRequest).one().id
    session.add(
        RetroactiveAttachment(
            request_id=request_id, number=5, filename="a.pdf", content_type="application/pdf", size=1, sha256=sha256
        )
    )
    tidy_up(app, session)

    assert is_kept(storage, sha256)
    assert job.result_sha256 is None


def test_what_was_stored_again_today_stays_until_it_is_known_who_needs_it(
    app: Flask, session: Session, work: Work, actor: Actor, storage: Storage
) -> None:
    job = made(app, session, work, actor, days_ago=31)
    sha256 = storage.put(storage.read(job.result_sha256 or ""))
    tidy_up(app, session)

    assert is_kept(storage, sha256)
    assert job.result_sha256 == sha256


def test_what_a_killed_writer_left_half_written_goes_after_a_day(app: Flask, storage: Storage) -> None:
    sha256 = storage.put(b"whole")
    folder = storage.base / sha256[:2]
    old, young = folder / ".tmp-old", folder / ".tmp-young"
    for path in (old, young):
        path.write_bytes(b"hal")
    os.utime(old, (0, 0))
    age(storage, sha256)

    with app.app_context():
        forget_unfinished_files()

    assert {path.exists() for path in (young, folder / sha256)} == {True}
    assert not old.exists()


@pytest.mark.parametrize("name", ["forget", "tidy"])
def test_the_clock_sends_it(name: str) -> None:
    assert SCHEDULE[name]["task"] in celery.tasks
