"""One certificate of an emisión masiva, issued as its page would, whatever becomes of the others."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.domain.errors import NotFound, Refusal
from app.models import BulkIssue, BulkIssueRow, Issuance, Job, JobChunk
from app.process import issuance_case
from app.services import bulk_issues


def issue_chunk(session: Session, job: Job, chunk: JobChunk) -> None:
    """Issue one certificate as it was reviewed, or write down why not; a refusal undoes all of the row and no other's.

    Harmless when run twice.
    """
    bulk = session.get_one(BulkIssue, job.scope["bulk_issue_id"])
    (row,) = bulk_issues.rows_of(session, bulk.id, positions=[chunk.content["position"]])
    if row.issuance_id is not None:
        return
    try:
        with session.begin_nested():
            issuance = _issued(session, bulk, row, job)
    except Refusal as refusal:
        row.problem = refusal.sentence
    except NotFound:
        row.problem = bulk_issues.NO_LONGER_YOURS
    else:
        row.issuance = issuance
    row.settled_at = datetime.now(UTC)


def _issued(session: Session, bulk: BulkIssue, row: BulkIssueRow, job: Job) -> Issuance:
    assert bulk.authenticated_by is not None
    assert row.content_sha256 is not None
    return issuance_case.issue_reviewed(
        session,
        code=row.action.code,
        document_reference=row.document_reference,
        content_sha256=row.content_sha256,
        actor=bulk_issues.actor_of(session, job, authenticated_by=bulk.authenticated_by),
    )
