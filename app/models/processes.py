"""Running processes: definitions by content hash, instances, tasks that wait for people, effects that wait for the queue."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Instant, Model, one_of, reference
from app.domain.faces import Face
from app.models.certificates import Certificate
from app.models.people import Organisation, Person

if TYPE_CHECKING:
    from app.models.awaited import AwaitedEvent
    from app.models.table_decisions import TableDecision
    from app.models.timers import TaskTimer


class InstanceStatus(Face):
    OPEN = "open", "En curso"
    COMPLETED = "completed", "Terminado"


class TaskStatus(Face):
    OPEN = "open", "Pendiente"
    COMPLETED = "completed", "Resuelta"
    CANCELLED = "cancelled", "Sin efecto"


class ProcessDefinition(Model):
    """One version of a process, published and never edited: its canonical XML, its forms, decision tables and scenarios, by hash.

    Whoever wrote and approved it is a person, or, for what came with the installation, a name. From `starts_at` until
    `retired_at` new cases follow it; the highest version that has begun wins.
    """

    id: Mapped[Id]
    process_id: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    content_sha256: Mapped[str] = mapped_column(String(64))
    xml: Mapped[str]
    forms: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    # The processes that it calls, each as it was current when this was published; see app/process/calling.py.
    called: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    decision_tables: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    scenarios: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    # The fact that begins a case of it, by its name in the catalogue of messages; empty where people begin them.
    begins_with: Mapped[str] = mapped_column(String(60), default="", server_default="")
    author: Mapped[str | None]
    approver: Mapped[str | None]
    author_id: Mapped[int | None] = reference("person.id")
    approver_id: Mapped[int | None] = reference("person.id")
    note: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    published_at: Mapped[Instant]
    starts_at: Mapped[Instant]
    # When another version takes over, known as soon as that one is published.
    retired_at: Mapped[datetime | None]
    retired_by_id: Mapped[int | None] = reference("person.id")

    author_person: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    approver_person: Mapped[Person | None] = relationship(foreign_keys=[approver_id])

    @property
    def author_name(self) -> str:
        return self.author_person.full_name if self.author_person else self.author or ""

    @property
    def approver_name(self) -> str:
        return self.approver_person.full_name if self.approver_person else self.approver or ""

    __table_args__ = (
        UniqueConstraint("process_id", "version"),
        Index("ix_process_definition_content", "process_id", "content_sha256"),
        CheckConstraint("author <> approver", name="author_does_not_approve"),
        CheckConstraint("author_id <> approver_id", name="who_wrote_it_does_not_approve"),
        CheckConstraint("num_nonnulls(author, author_id) = 1", name="one_author"),
        CheckConstraint("num_nonnulls(approver, approver_id) = 1", name="one_approver"),
        CheckConstraint("author_id IS NULL OR length(trim(note)) > 0", name="people_say_why"),
        CheckConstraint("starts_at >= published_at", name="starts_once_published"),
        CheckConstraint("retired_by_id IS NULL OR retired_at IS NOT NULL", name="retired_at_a_time"),
    )


class ProcessInstance(Model):
    """One case of a diagram. `state` is the engine's task tree without the diagram; `version` counts its changes."""

    id: Mapped[Id]
    definition_id: Mapped[int] = reference("process_definition.id")
    process_id: Mapped[str] = mapped_column(String(60))
    certificate_id: Mapped[int] = reference("certificate.id")
    # What else than the certificate the case is about, such as "participant:12/class:33"; ids only.
    subject: Mapped[str] = mapped_column(String(120), default="", server_default="")
    status: Mapped[InstanceStatus] = mapped_column(one_of(InstanceStatus, "status"))
    state: Mapped[dict[str, Any]]
    engine_version: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column()
    outcome: Mapped[str | None] = mapped_column(String(60))
    started_at: Mapped[Instant]
    started_by_id: Mapped[int] = reference("person.id")
    # The fact that began it, where none of its people did; `started_by_id` is then who is behind the fact.
    begun_by_event_id: Mapped[int | None] = reference("history_event.id")
    ended_at: Mapped[datetime | None]

    definition: Mapped[ProcessDefinition] = relationship()
    certificate: Mapped[Certificate] = relationship()
    tasks: Mapped[list["HumanTask"]] = relationship(order_by="HumanTask.id", back_populates="instance")
    awaited: Mapped[list["AwaitedEvent"]] = relationship(order_by="AwaitedEvent.id", back_populates="instance")
    table_decisions: Mapped[list["TableDecision"]] = relationship(
        order_by="TableDecision.id", back_populates="instance"
    )

    # Every change of the case checks and counts the version: a copy read before somebody else's change cannot be saved.
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        # Two open cases of one kind about the same thing would be two truths.
        Index(
            "uq_process_instance_one_open",
            "certificate_id",
            "process_id",
            "subject",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
        UniqueConstraint("process_id", "begun_by_event_id"),
        CheckConstraint("(status = 'open') = (ended_at IS NULL)", name="ended_when_completed"),
        CheckConstraint("(status = 'open') = (outcome IS NULL)", name="outcome_when_completed"),
    )


class HumanTask(Model):
    """A task that waits for an office, never for a person: who sees it follows from the offices held today."""

    id: Mapped[Id]
    instance_id: Mapped[int] = reference("process_instance.id")
    engine_task_id: Mapped[str] = mapped_column(String(36))
    # Both `process/name` for a task of a called process.
    key: Mapped[str] = mapped_column(String(121))
    name: Mapped[str]
    form: Mapped[str] = mapped_column(String(121))
    office: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int | None] = reference("organisation.id")
    region: Mapped[str | None] = mapped_column(String(2))
    due_at: Mapped[datetime | None]
    status: Mapped[TaskStatus] = mapped_column(one_of(TaskStatus, "status"))
    opened_at: Mapped[Instant]
    closed_at: Mapped[datetime | None]
    completed_by_id: Mapped[int | None] = reference("person.id")
    answers: Mapped[dict[str, Any] | None]
    # From here on the national level sees the task too.
    escalated_at: Mapped[datetime | None]

    instance: Mapped[ProcessInstance] = relationship(back_populates="tasks")
    organisation: Mapped[Organisation | None] = relationship()
    completed_by: Mapped[Person | None] = relationship()
    timers: Mapped[list["TaskTimer"]] = relationship(order_by="TaskTimer.id", back_populates="task")

    __table_args__ = (
        UniqueConstraint("instance_id", "engine_task_id"),
        Index("ix_human_task_office", "office", "region", "opened_at", postgresql_where=text("status = 'open'")),
        CheckConstraint("(status = 'completed') = (completed_by_id IS NOT NULL)", name="completed_by_somebody"),
        CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed_when_not_open"),
        CheckConstraint("region IS NOT NULL OR organisation_id IS NOT NULL", name="office_is_scoped"),
    )


class Effect(Model):
    """A row of the outbox: work to be done after the commit. `identity` makes asking twice the same as asking once."""

    id: Mapped[Id]
    identity: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    queue: Mapped[str] = mapped_column(String(20))
    payload: Mapped[dict[str, Any]]
    asked_at: Mapped[Instant]
    due_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(default=0)
    # When the last try began, written before it: a try that takes its worker with it counts too.
    begun_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    gave_up_at: Mapped[datetime | None]
    last_error: Mapped[str | None]

    __table_args__ = (
        Index("ix_effect_waiting", "due_at", postgresql_where=text("done_at IS NULL AND gave_up_at IS NULL")),
        CheckConstraint("done_at IS NULL OR gave_up_at IS NULL", name="done_or_given_up"),
    )


class ClaimedRequest(Model):
    """A form's one-time token or an Idempotency-Key, with the answer its first use got."""

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    person_id: Mapped[int] = reference("person.id")
    claimed_at: Mapped[Instant]
    answer: Mapped[str | None]
