"""Which service performs which kind of effect."""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from flask import current_app
from sqlalchemy.orm import Session

from app.adapters.storage import Storage
from app.models import JobKind
from app.process import awaited as awaited_rows
from app.process import deadlines, happening
from app.process.bulk_issues import issue_chunk
from app.services import attendance, awaited, bulk_issues, documents, exports, holidays, jobs, mail, transparency
from app.services.recomputation_work import recompute_chunk


class Handler(Protocol):
    """Performs one effect inside the caller's transaction. May run twice: the second time must be harmless."""

    def __call__(self, session: Session, payload: dict[str, Any], *, storage: Storage) -> None: ...


def _render(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:
    documents.render(session, payload, storage=storage, signer=current_app.extensions["signer"])


def _recompute(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:  # noqa: ARG001
    attendance.recompute(session, payload)


def _reschedule(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:  # noqa: ARG001
    deadlines.reschedule(session, payload)


def _reschedule_awaited(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:  # noqa: ARG001
    awaited_rows.reschedule(session, payload)


def _deliver(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:  # noqa: ARG001
    awaited.deliver(session, payload)


def _happen(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:  # noqa: ARG001
    happening.happen(session, payload)


def _start(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:  # noqa: ARG001
    happening.start(session, payload)


def _recompute_chunk(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:  # noqa: ARG001
    jobs.perform(session, payload, work=recompute_chunk)


def _export_chunk(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:
    jobs.perform(session, payload, work=partial(exports.make_chunk, storage=storage))


def _review_chunk(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:  # noqa: ARG001
    jobs.perform(session, payload, work=bulk_issues.review_chunk)


def _issue_chunk(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:  # noqa: ARG001
    jobs.perform(session, payload, work=issue_chunk)


def _send_mail(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:  # noqa: ARG001
    mail.send(session, payload, post_office=current_app.extensions["post_office"])


def _seal(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:  # noqa: ARG001
    transparency.seal(session, current_app.extensions["log_key"], even_if_unchanged=True)


def _seal_waiting(session: Session) -> None:
    transparency.seal_waiting(session, current_app.extensions["log_key"])


HANDLERS: dict[str, Handler] = {
    documents.RENDER: _render,
    mail.SEND: _send_mail,
    transparency.SEAL: _seal,
    attendance.RECOMPUTE: _recompute,
    holidays.RESCHEDULE: _reschedule,
    holidays.RESCHEDULE_AWAITED: _reschedule_awaited,
    awaited.DELIVER: _deliver,
    awaited.HAPPEN: _happen,
    awaited.START: _start,
    jobs.effect_kind(JobKind.RECOMPUTATION): _recompute_chunk,
    jobs.effect_kind(JobKind.ATTENDANCE_EXPORT): _export_chunk,
    jobs.effect_kind(JobKind.BULK_REVIEW): _review_chunk,
    jobs.effect_kind(JobKind.BULK_ISSUE): _issue_chunk,
}
# What is to be true, in a transaction of its own, before an effect of the kind is performed: what it locks is not to stay
# locked for as long as the effect takes.
FIRST: dict[str, Callable[[Session], None]] = {documents.RENDER: _seal_waiting}
# Told when an effect of the kind is given up, so that who waits for it does not wait for ever.
WHEN_GIVEN_UP: dict[str, Callable[[Session, dict[str, Any]], None]] = {
    jobs.effect_kind(kind): jobs.give_up for kind in JobKind
}
