"""Chores of every day that nobody waits for."""

from datetime import UTC, datetime

from flask import current_app

from app.services import forgetting
from app.unit_of_work import unit_of_work
from tasks.celery_app import celery


@celery.task(name="housekeeping.forget_expired_exports")
def forget_expired_exports() -> None:
    """The files of exports leave the disk when their thirty days have passed."""
    forgotten = True
    while forgotten:
        with unit_of_work() as session:
            forgotten = forgetting.forget_expired_exports(session, storage=current_app.extensions["storage"]) > 0


@celery.task(name="housekeeping.forget_unfinished_files")
def forget_unfinished_files() -> None:
    """What killed writers left half-written leaves the disk after a day."""
    current_app.extensions["storage"].forget_unfinished(older_than=datetime.now(UTC) - forgetting.GRACE)
