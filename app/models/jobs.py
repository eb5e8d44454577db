"""Long works that a person asked for, watches and may cancel, and the chunks they are done in."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Instant, Model, one_of, reference
from app.domain.faces import Face
from app.domain.permissions import Profile
from app.models.people import Person


class JobKind(Face):
    RECOMPUTATION = "recomputation", "Recálculo de asistencia"
    ATTENDANCE_EXPORT = "attendance_export", "Descarga de asistencia total"
    BULK_REVIEW = "bulk_review", "Revisión de una emisión masiva"
    BULK_ISSUE = "bulk_issue", "Emisión masiva"


class JobState(Face):
    WAITING = "waiting", "En espera"
    RUNNING = "running", "En curso"
    CANCELLING = "cancelling", "Cancelando"
    CANCELLED = "cancelled", "Cancelado"
    FAILED = "failed", "Terminado con errores"
    DONE = "done", "Terminado"


class ChunkOutcome(Face):
    WAITING = "waiting", "En espera"
    DONE = "done", "Hecho"
    SKIPPED = "skipped", "Omitido"
    FAILED = "failed", "Con error"


class Job(Model):
    """One long work. `scope` says what it is about, `total` and `done` count its units; the state follows from the rest.

    Who asked is kept with the profile and institution acted in: what the work may see is what they may see.
    """

    id: Mapped[Id]
    kind: Mapped[JobKind] = mapped_column(one_of(JobKind, "kind"))
    title: Mapped[str] = mapped_column(String(300))
    scope: Mapped[dict[str, Any]]
    asked_by_id: Mapped[int] = reference("person.id")
    asked_profile: Mapped[Profile] = mapped_column(one_of(Profile, "asked_profile"))
    asked_organisation_id: Mapped[int | None] = reference("organisation.id")
    asked_at: Mapped[Instant]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cancel_asked_at: Mapped[datetime | None]
    cancel_asked_by_id: Mapped[int | None] = reference("person.id")
    failed_reason: Mapped[str | None] = mapped_column(String(500))
    result_sha256: Mapped[str | None] = mapped_column(String(64))
    result_size: Mapped[int | None]
    result_filename: Mapped[str | None] = mapped_column(String(200))
    result_content_type: Mapped[str | None] = mapped_column(String(120))

    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    cancel_asked_by: Mapped[Person | None] = relationship(foreign_keys=[cancel_asked_by_id])

    __table_args__ = (
        Index("ix_job_asked_by", "asked_by_id", "id"),
        Index("ix_job_kind", "kind", "id"),
        CheckConstraint("done BETWEEN 0 AND total", name="done_within_total"),
        CheckConstraint("(cancel_asked_at IS NULL) = (cancel_asked_by_id IS NULL)", name="cancelled_by_somebody"),
        CheckConstraint(
            "(result_sha256 IS NULL) = (result_filename IS NULL)"
            " AND (result_sha256 IS NULL) = (result_content_type IS NULL)"
            " AND (result_sha256 IS NULL) = (result_size IS NULL)",
            name="result_is_whole",
        ),
    )

    @property
    def state(self) -> JobState:
        if self.ended_at is None:
            if self.cancel_asked_at is not None:
                return JobState.CANCELLING
            return JobState.WAITING if self.started_at is None else JobState.RUNNING
        # Cancelled too late, nothing was left out: the work is whole.
        if self.done == self.total:
            return JobState.DONE
        return JobState.FAILED if self.cancel_asked_at is None else JobState.CANCELLED


class JobChunk(Model):
    """A part of a job that is done in one transaction. `part` is what it hands to the closing chunk, which runs last."""

    id: Mapped[Id]
    job_id: Mapped[int] = reference("job.id")
    number: Mapped[int]
    units: Mapped[int]
    is_closing: Mapped[bool] = mapped_column(default=False)
    content: Mapped[dict[str, Any]]
    outcome: Mapped[ChunkOutcome] = mapped_column(one_of(ChunkOutcome, "outcome"))
    settled_at: Mapped[datetime | None]
    part: Mapped[dict[str, Any] | None]

    __table_args__ = (
        UniqueConstraint("job_id", "number"),
        Index("uq_job_chunk_one_closing", "job_id", unique=True, postgresql_where=text("is_closing")),
        CheckConstraint("units > 0", name="has_units"),
        CheckConstraint("(outcome = 'waiting') = (settled_at IS NULL)", name="settled_when_not_waiting"),
    )
