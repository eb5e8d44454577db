"""What went wrong and waits for an operator, in plain words."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Instant, Model, one_of, reference
from app.domain.faces import Face
from app.models.people import Person
from app.models.processes import Effect, ProcessInstance


class IncidentResolution(Face):
    RETRIED = "retried", "Reintentado"
    DISMISSED = "dismissed", "Descartado"


class Incident(Model):
    """An effect that was given up, or a case that could not go on. `kind` groups those that an operator retries at once.

    `reason` is for people; `detail` is the technical text, without anything personal in it.
    """

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(60))
    effect_id: Mapped[int | None] = reference("effect.id")
    instance_id: Mapped[int | None] = reference("process_instance.id")
    reason: Mapped[str] = mapped_column(String(500))
    detail: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[Instant]
    resolution: Mapped[IncidentResolution | None] = mapped_column(one_of(IncidentResolution, "resolution"))
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = reference("person.id")

    effect: Mapped[Effect | None] = relationship()
    instance: Mapped[ProcessInstance | None] = relationship()
    resolved_by: Mapped[Person | None] = relationship()

    __table_args__ = (
        Index("ix_incident_open", "kind", "id", postgresql_where=text("resolved_at IS NULL")),
        # One open incident for one thing that went wrong, however often it is seen.
        Index(
            "uq_incident_one_open_per_effect",
            "effect_id",
            unique=True,
            postgresql_where=text("resolved_at IS NULL AND effect_id IS NOT NULL"),
        ),
        Index(
            "uq_incident_one_open_per_instance",
            "instance_id",
            "kind",
            unique=True,
            postgresql_where=text("resolved_at IS NULL AND instance_id IS NOT NULL"),
        ),
        CheckConstraint("(resolved_at IS NULL) = (resolution IS NULL)", name="resolved_how"),
        CheckConstraint("(resolved_at IS NULL) = (resolved_by_id IS NULL)", name="resolved_by_somebody"),
    )
