"""What became of one course of an emisión masiva, in a word."""

from app.domain.faces import Face
from app.models import BulkIssue, BulkIssueRow


class Outcome(Face):
    IN_REVIEW = "in_review", "En revisión"
    READY = "ready", "Se emitirá"
    WAITING = "waiting", "En espera"
    ISSUED = "issued", "Emitido"
    NOT_ISSUED = "not_issued", "No se emite"
    FAILED = "failed", "Con error"


def outcome_of(row: BulkIssueRow, bulk: BulkIssue) -> Outcome:
    if row.issuance_id is not None:
        return Outcome.ISSUED
    if row.problem is not None:
        return Outcome.NOT_ISSUED
    if row.content_sha256 is None:
        return Outcome.IN_REVIEW if bulk.review_job.ended_at is None else Outcome.FAILED
    if bulk.issue_job is None:
        return Outcome.READY
    return Outcome.WAITING if bulk.issue_job.ended_at is None else Outcome.FAILED
