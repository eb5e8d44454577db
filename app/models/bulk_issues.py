"""Emisión masiva: several certificates reviewed together, accepted once and issued one by one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Model, reference
from app.models.certificates import Issuance
from app.models.courses import TrainingAction
from app.models.jobs import Job


class BulkIssue(Model):
    """The courses chosen at once. Who chose them is who asked for the review; accepted, the issue is a job of its own."""

    id: Mapped[Id]
    review_job_id: Mapped[int] = reference("job.id", unique=True)
    issue_job_id: Mapped[int | None] = reference("job.id", unique=True)
    authenticated_by: Mapped[str | None] = mapped_column(String(20))

    review_job: Mapped[Job] = relationship(foreign_keys=[review_job_id])
    issue_job: Mapped[Job | None] = relationship(foreign_keys=[issue_job_id])

    __table_args__ = (
        CheckConstraint("(issue_job_id IS NULL) = (authenticated_by IS NULL)", name="accepted_by_somebody_known"),
    )


class BulkIssueRow(Model):
    """One course of them: what its review found, and what came of the issue.

    `problem` is the sentence that tells why there is no certificate; without one and reviewed, it may be accepted.
    """

    id: Mapped[Id]
    bulk_issue_id: Mapped[int] = reference("bulk_issue.id")
    position: Mapped[int]
    action_id: Mapped[int] = reference("training_action.id")
    document_reference: Mapped[str] = mapped_column(String(60))
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    participants: Mapped[int | None]
    below_threshold: Mapped[int | None]
    provisional: Mapped[int | None]
    problem: Mapped[str | None] = mapped_column(String(500))
    issuance_id: Mapped[int | None] = reference("issuance.id")
    settled_at: Mapped[datetime | None]

    action: Mapped[TrainingAction] = relationship()
    issuance: Mapped[Issuance | None] = relationship()

    __table_args__ = (
        UniqueConstraint("bulk_issue_id", "position"),
        UniqueConstraint("bulk_issue_id", "action_id"),
        CheckConstraint("issuance_id IS NULL OR problem IS NULL", name="issued_or_not"),
        CheckConstraint("issuance_id IS NULL OR content_sha256 IS NOT NULL", name="issued_as_reviewed"),
    )

    @property
    def is_ready(self) -> bool:
        """Reviewed, and nothing against it."""
        return self.content_sha256 is not None and self.problem is None
