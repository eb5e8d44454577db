"""Requests for retroactive attendance, what was attached to them and what was decided. Facts are added, never edited."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Instant, Model, reference
from app.models.courses import ClassHeld, Participant
from app.models.people import Person


class RetroactiveRequest(Model):
    """A provider asks that a participant's missing marks in one class be made good; after a denial it may ask again."""

    id: Mapped[Id]
    participant_id: Mapped[int] = reference("participant.id")
    class_held_id: Mapped[int] = reference("class_held.id")
    sequence: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    requested_at: Mapped[Instant]
    requested_by_id: Mapped[int] = reference("person.id")
    requested_for_id: Mapped[int] = reference("organisation.id")

    participant: Mapped[Participant] = relationship()
    class_held: Mapped[ClassHeld] = relationship()
    requested_by: Mapped[Person] = relationship(foreign_keys=[requested_by_id])
    attachments: Mapped[list["RetroactiveAttachment"]] = relationship(order_by="RetroactiveAttachment.number")
    decision: Mapped["RetroactiveDecision | None"] = relationship(back_populates="request", uselist=False)

    __table_args__ = (
        UniqueConstraint("participant_id", "class_held_id", "sequence"),
        UniqueConstraint("id", "requested_by_id"),
        CheckConstraint("sequence >= 1", name="sequence_from_one"),
        CheckConstraint("length(reason) BETWEEN 1 AND 500", name="reason_1_to_500"),
    )


class RetroactiveAttachment(Model):
    """One file of a request: how it was called, what its content is, and the hash it is stored under."""

    id: Mapped[Id]
    request_id: Mapped[int] = reference("retroactive_request.id")
    number: Mapped[int]
    filename: Mapped[str] = mapped_column(String(120))
    content_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        UniqueConstraint("request_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 5", name="five_at_most"),
        CheckConstraint("content_type IN ('application/pdf', 'image/jpeg')", name="pdf_or_jpeg"),
        CheckConstraint("size BETWEEN 1 AND 5242880", name="five_megabytes_at_most"),
    )


class RetroactiveDecision(Model):
    """The regional direction's answer: once per request, with its reason, never by the person who asked."""

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    requested_by_id: Mapped[int] = mapped_column(BigInteger)
    granted: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(2000))
    decided_at: Mapped[Instant]
    decided_by_id: Mapped[int] = reference("person.id")

    request: Mapped[RetroactiveRequest] = relationship(back_populates="decision")
    decided_by: Mapped[Person] = relationship(foreign_keys=[decided_by_id])

    __table_args__ = (
        ForeignKeyConstraint(
            ["request_id", "requested_by_id"], ["retroactive_request.id", "retroactive_request.requested_by_id"]
        ),
        CheckConstraint("decided_by_id <> requested_by_id", name="who_asks_never_decides"),
        CheckConstraint("length(trim(reason)) > 0", name="has_reason"),
    )
