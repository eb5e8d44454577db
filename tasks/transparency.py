"""The clock of the public log: facts come in every minute, and a head is signed every day whatever happened."""

from flask import current_app

from app.services import transparency
from app.unit_of_work import unit_of_work
from tasks.celery_app import celery


@celery.task(name="transparency.seal")
def seal(even_if_unchanged: bool = False) -> None:
    """Append what waits and sign the head of a log that grew; every day, of one that did not as well."""
    with unit_of_work() as session:
        transparency.seal(session, current_app.extensions["log_key"], even_if_unchanged=even_if_unchanged)
