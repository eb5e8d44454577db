"""What cases wait for besides people: the end of a term, or a fact about their certificate."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Instant, Model, one_of, reference
from app.domain.faces import Face
from app.models.processes import ProcessInstance


class AwaitedKind(Face):
    TIMER = "timer", "Plazo"
    MESSAGE = "message", "Aviso"


class AwaitedStatus(Face):
    """`asked`: its time or its fact has come and the outbox knows; the engine still stands there."""

    WAITING = "waiting", "En espera"
    ASKED = "asked", "Por ocurrir"
    HAPPENED = "happened", "Ocurrió"
    CANCELLED = "cancelled", "Sin efecto"


class AwaitedEvent(Model):
    """One event of a diagram that one case waits for: it happens once, or is cancelled when the case goes on without it.

    `term` is the expression of the diagram, such as plazo_habil(5); `message` the name of a fact in the catalogue.
    """

    id: Mapped[Id]
    instance_id: Mapped[int] = reference("process_instance.id")
    engine_task_id: Mapped[str] = mapped_column(String(36))
    key: Mapped[str] = mapped_column(String(121))
    name: Mapped[str]
    kind: Mapped[AwaitedKind] = mapped_column(one_of(AwaitedKind, "kind"))
    term: Mapped[str] = mapped_column(String(40), default="")
    message: Mapped[str] = mapped_column(String(60), default="")
    due_at: Mapped[datetime | None]
    opened_at: Mapped[Instant]
    status: Mapped[AwaitedStatus] = mapped_column(one_of(AwaitedStatus, "status"))
    closed_at: Mapped[datetime | None]

    instance: Mapped[ProcessInstance] = relationship(back_populates="awaited")

    @property
    def is_open(self) -> bool:
        """Whether the engine still stands there."""
        return self.status in (AwaitedStatus.WAITING, AwaitedStatus.ASKED)

    __table_args__ = (
        UniqueConstraint("instance_id", "engine_task_id"),
        Index("ix_awaited_event_due", "due_at", postgresql_where=text("status = 'waiting' AND due_at IS NOT NULL")),
        CheckConstraint("(kind = 'timer') = (due_at IS NOT NULL)", name="timers_fall_due"),
        CheckConstraint("(kind = 'timer') = (term <> '')", name="timers_have_a_term"),
        CheckConstraint("(kind = 'message') = (message <> '')", name="messages_have_a_name"),
        CheckConstraint("(status IN ('happened', 'cancelled')) = (closed_at IS NOT NULL)", name="closed_when_over"),
        CheckConstraint("status <> 'happened' OR due_at IS NULL OR closed_at >= due_at", name="never_early"),
    )
