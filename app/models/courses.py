"""Training actions, who takes part in them, the classes held and the attendance marks."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Instant, Model, one_of, reference
from app.domain.attendance_records import Validation
from app.domain.faces import Face
from app.domain.terms import ActionStatus, Activity, Line, Modality
from app.models.people import Organisation, Person


class TrainingAction(Model):
    """Acción de capacitación: what a certificate is about. `code` is Código Curso, Id de Acción and Folio SENCE."""

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(50), unique=True)
    sence_code: Mapped[str] = mapped_column(String(10), default="", index=True)
    name: Mapped[str]
    line: Mapped[Line] = mapped_column(one_of(Line, "line"))
    activity: Mapped[Activity] = mapped_column(one_of(Activity, "activity"))
    region: Mapped[str] = mapped_column(String(2))
    commune: Mapped[str]
    time_zone: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    credited_hours: Mapped[Decimal] = mapped_column(Numeric(7, 2))
    partial_hours: Mapped[Decimal | None] = mapped_column(Numeric(7, 2))
    modality: Mapped[Modality] = mapped_column(one_of(Modality, "modality"))
    status: Mapped[ActionStatus] = mapped_column(one_of(ActionStatus, "status"))
    otec_id: Mapped[int] = reference("organisation.id")
    otic_id: Mapped[int | None] = reference("organisation.id", index=True)
    company_id: Mapped[int | None] = reference("organisation.id", index=True)

    otec: Mapped[Organisation] = relationship(foreign_keys=[otec_id])
    otic: Mapped[Organisation | None] = relationship(foreign_keys=[otic_id])
    company: Mapped[Organisation | None] = relationship(foreign_keys=[company_id])

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("credited_hours > 0", name="has_hours"),
        CheckConstraint("partial_hours > 0 AND partial_hours < credited_hours", name="partial_within_credited"),
        CheckConstraint("activity = 'normal' OR partial_hours IS NOT NULL", name="split_has_partial_hours"),
        Index("ix_training_action_otec_line_code", "otec_id", "line", "code"),
        Index("ix_training_action_region_code", "region", "code"),
    )


class Participant(Model):
    id: Mapped[Id]
    action_id: Mapped[int] = reference("training_action.id")
    person_id: Mapped[int] = reference("person.id", index=True)

    action: Mapped[TrainingAction] = relationship()
    person: Mapped[Person] = relationship()

    __table_args__ = (UniqueConstraint("action_id", "person_id"),)


class ClassHeld(Model):
    """A class (block) of an action; when it was held is told by the intervals of its instructors."""

    id: Mapped[Id]
    action_id: Mapped[int] = reference("training_action.id")
    class_id: Mapped[str] = mapped_column(String(80))

    instructors: Mapped[list["ClassInstructor"]] = relationship(order_by="ClassInstructor.started_at")

    __table_args__ = (UniqueConstraint("action_id", "class_id"),)


class ClassInstructor(Model):
    """One facilitator's presence in a class. `ended_at` is empty while the class is open."""

    id: Mapped[Id]
    class_held_id: Mapped[int] = reference("class_held.id")
    person_id: Mapped[int] = reference("person.id", index=True)
    instructor_entry_at: Mapped[datetime | None]
    started_at: Mapped[Instant]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("class_held_id", "person_id"),
        CheckConstraint("ended_at > started_at", name="ends_after_start"),
    )


class RecordedKind(Face):
    """What a recorded mark is: an entry or exit by fingerprint, or what an approved request became."""

    IN = "in", "Entrada"
    OUT = "out", "Salida"
    RETROACTIVE = "retroactive", "Asistencia retroactiva"


class AttendanceMark(Model):
    """One entry or exit by fingerprint. `mark_id` is the device's; a correction replaces the values and keeps the old ones.

    A retroactive mark stands for what is missing in its class; it has the decision behind it, and was marked when that
    was taken. `received_at` is when it first came in, which for a mark taken without a network may be days later.
    """

    id: Mapped[Id]
    mark_id: Mapped[str] = mapped_column(String(80), unique=True)
    participant_id: Mapped[int] = reference("participant.id")
    class_held_id: Mapped[int] = reference("class_held.id")
    kind: Mapped[RecordedKind] = mapped_column(one_of(RecordedKind, "kind"))
    marked_at: Mapped[Instant]
    validation: Mapped[Validation] = mapped_column(one_of(Validation, "validation"))
    device_id: Mapped[str] = mapped_column(String(80), default="")
    decision_id: Mapped[int | None] = reference("retroactive_decision.id")
    received_at: Mapped[Instant] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("(kind = 'retroactive') = (decision_id IS NOT NULL)", name="retroactive_by_decision"),
        # All that the arithmetic asks of a mark: one participant's marks lie scattered over the weeks of the course, and
        # read from here they are read in one place. Everything that asks for a course's marks asks by participant.
        Index(
            "ix_attendance_mark_participant",
            "participant_id",
            "class_held_id",
            postgresql_include=["marked_at", "kind", "validation"],
        ),
        # Partial: almost no mark has a decision, and millions are loaded at once.
        Index(
            "uq_attendance_mark_decision",
            "decision_id",
            unique=True,
            postgresql_where=text("decision_id IS NOT NULL"),
        ),
    )


class AttendanceResult(Model):
    """What the recomputation found for one participant; a cache of facts, always reproducible."""

    participant_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("participant.id"), primary_key=True)
    action_id: Mapped[int] = reference("training_action.id", index=True)
    policy_id: Mapped[str] = mapped_column(String(20))
    required_seconds: Mapped[int]
    credited_seconds: Mapped[int]
    provisional_seconds: Mapped[int]
    flags: Mapped[list[str]]
    computed_at: Mapped[Instant]

    __table_args__ = (
        CheckConstraint("credited_seconds >= 0", name="never_negative"),
        CheckConstraint("required_seconds > 0", name="has_hours"),
    )
