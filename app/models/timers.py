"""When something must be said or done about a waiting task, and the days that count as holidays beside the country's own."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Instant, Model, one_of, reference
from app.domain.faces import Face
from app.models.people import Person
from app.models.processes import HumanTask


class TimerKind(Face):
    """What falls due, in the order in which it does."""

    REMINDER_50 = "reminder_50", "Aviso a la mitad del plazo"
    REMINDER_80 = "reminder_80", "Aviso al 80 % del plazo"
    REMINDER_100 = "reminder_100", "Aviso de plazo cumplido"
    ESCALATION = "escalation", "Pasa al nivel central"


class TaskTimer(Model):
    """One instant at which one thing falls due about one task. It fires once, or is cancelled when the task closes."""

    id: Mapped[Id]
    task_id: Mapped[int] = reference("human_task.id")
    kind: Mapped[TimerKind] = mapped_column(one_of(TimerKind, "kind"))
    due_at: Mapped[Instant]
    fired_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    task: Mapped[HumanTask] = relationship(back_populates="timers")

    @property
    def waits(self) -> bool:
        return self.fired_at is None and self.cancelled_at is None

    __table_args__ = (
        UniqueConstraint("task_id", "kind"),
        Index("ix_task_timer_waiting", "due_at", postgresql_where=text("fired_at IS NULL AND cancelled_at IS NULL")),
        CheckConstraint("fired_at IS NULL OR cancelled_at IS NULL", name="fired_or_cancelled"),
        CheckConstraint("fired_at >= due_at", name="never_early"),
    )


class Holiday(Model):
    """A day an administrator declared not to be a working day: everywhere, or with `region` in that one only."""

    id: Mapped[Id]
    day: Mapped[date]
    region: Mapped[str | None] = mapped_column(String(2))
    name: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[Instant]
    added_by_id: Mapped[int] = reference("person.id")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = reference("person.id")

    added_by: Mapped[Person] = relationship(foreign_keys=[added_by_id])
    withdrawn_by: Mapped[Person | None] = relationship(foreign_keys=[withdrawn_by_id])

    __table_args__ = (
        Index(
            "uq_holiday_one_standing",
            "day",
            "region",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_by_somebody"),
    )
