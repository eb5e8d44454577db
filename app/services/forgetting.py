"""Files that nobody may fetch any more leave the disk. Those of certificates and of requests never do."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, select, union_all
from sqlalchemy.orm import Session

from app.adapters.storage import Storage
from app.models import Document, Job, RetroactiveAttachment
from app.services.exports import KEPT_FOR

# What was stored so lately may be of a transaction that has not ended.
GRACE = timedelta(days=1)
AT_A_TIME = 500


def forget_expired_exports(session: Session, *, storage: Storage) -> int:
    """Forget the files of exports that were kept long enough, some hundreds at a time; how many jobs lost theirs.

    A file is its content, so it stays on disk while any other row has the same. To run twice, or to be interrupted
    after a file went and before its row says so, is harmless.
    """
    now = datetime.now(UTC)
    expired = session.scalars(
        select(Job)
        .where(Job.result_sha256.is_not(None), Job.ended_at < now - KEPT_FOR)
        .order_by(Job.id)
        .limit(AT_A_TIME)
        .with_for_update(skip_locked=True)
    ).all()
    needed = _needed(session, expired)
    forgotten = [job for job in expired if _is_gone(job, needed, storage, now - GRACE)]
    for job in forgotten:
        job.result_sha256 = job.result_size = job.result_filename = job.result_content_type = None
    return len(forgotten)


def _needed(session: Session, expired: Sequence[Job]) -> set[str]:
    """The contents of these jobs that another row has too."""
    contents = [job.result_sha256 for job in expired]
    others: CompoundSelect[Any] = union_all(
        select(Document.sha256).where(Document.sha256.in_(contents)),
        select(RetroactiveAttachment.sha256).where(RetroactiveAttachment.sha256.in_(contents)),
        select(Job.result_sha256).where(Job.result_sha256.in_(contents), Job.id.not_in([job.id for job in expired])),
    )
    return set(session.scalars(others))


def _is_gone(job: Job, needed: set[str], storage: Storage, since: datetime) -> bool:
    assert job.result_sha256 is not None, "only jobs with a file are looked for"
    return job.result_sha256 in needed or storage.forget(job.result_sha256, unless_stored_since=since)
