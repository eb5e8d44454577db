"""An emisión masiva in words: how far it is, what came of each course, and what can be done next."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from app.models import BulkIssue, BulkIssueRow, Job
from app.services.certificates import ACCEPTANCE_TEXT
from app.web.filters import local_moment
from app.web.portal.bulk_words import Outcome, outcome_of

FAILED = "No se pudo hacer. Reinténtelo; si se repite, avise a soporte."


def summary(bulk: BulkIssue) -> dict[str, str]:
    """One line of the list of the latest."""
    job = bulk.issue_job or bulk.review_job
    return {
        "url": url_for("portal.bulk_issue", bulk_id=bulk.id),
        "asked_at": local_moment(bulk.review_job.asked_at),
        "title": job.title,
        "state": job.state.label,
    }


def whole(bulk: BulkIssue, rows: Sequence[BulkIssueRow]) -> dict[str, Any]:
    """Plain values for the page and for the part of it that moves."""
    job = bulk.issue_job or bulk.review_job
    outcomes = [outcome_of(row, bulk) for row in rows]
    ready = sum(row.is_ready for row in rows)
    issued = sum(row.issuance_id is not None for row in rows)
    is_over = job.ended_at is not None
    return {
        "title": "Emisión masiva" if bulk.issue_job else "Revise antes de emitir",
        "is_accepted": bulk.issue_job is not None,
        "is_over": is_over,
        "progress": _progress(job, bulk.id),
        "rows": [_row(row, outcome) for row, outcome in zip(rows, outcomes, strict=True)],
        "ready": ready,
        "issued": issued,
        "total": len(rows),
        "left": len(rows) - issued,
        "pdfs": sum(row.issuance is not None and row.issuance.document is not None for row in rows),
        "acceptance_text": ACCEPTANCE_TEXT,
        "bulk_id": bulk.id,
        "job_url": url_for("jobs.job", job_id=job.id),
    }


def _progress(job: Job, bulk_id: int) -> dict[str, Any]:
    return {
        "url": url_for("portal.bulk_progress", bulk_id=bulk_id),
        "state": job.state.label,
        "done": job.done,
        "total": job.total,
        "percent": job.done * 100 // job.total,
    }


def _row(row: BulkIssueRow, outcome: Outcome) -> dict[str, Any]:
    code, issuance = row.action.code, row.issuance
    return {
        "code": code,
        "course_url": url_for("portal.course", code=code),
        "name": row.action.name,
        "reference": row.document_reference,
        "participants": "–" if row.participants is None else f"{row.participants}",
        "outcome": outcome.label,
        "remarks": _remarks(row, outcome),
        "folio": str(issuance.folio) if issuance else "",
        "pdf_url": url_for("portal.certificate_pdf", code=code, sequence=issuance.sequence)
        if issuance and issuance.document
        else "",
    }


def _remarks(row: BulkIssueRow, outcome: Outcome) -> list[str]:
    """Why there is no certificate and what to do, or what a reviewer should look at."""
    if row.problem:
        return [row.problem]
    if outcome is Outcome.FAILED:
        return [FAILED]
    told = (
        (row.below_threshold, "bajo el mínimo"),
        (row.provisional, "con huellas por validar"),
    )
    return [f"{count} {words}" for count, words in told if count]
