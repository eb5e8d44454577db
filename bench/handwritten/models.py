"""The tables of the hand-written approval; courses, people, profiles and stored figures are those of the application."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Index, MetaData, String, text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry, relationship

from app.models import Person, TrainingAction

SCHEMA = "handwritten"
PENDING, ISSUED, REQUESTED, ANNULLED, DENIED = "pending", "issued", "requested", "annulled", "denied"


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(schema=SCHEMA),
        type_annotation_map={dict[str, Any]: JSONB, datetime: DateTime(timezone=True), int: BigInteger},
    )


def of_person(**options: Any) -> Any:
    return mapped_column(ForeignKey(Person.__table__.c.id), **options)


class Approval(Base):
    """Where the certificate of a course stands: a column, changed under the row's lock."""

    __tablename__ = "approval"

    action_id: Mapped[int] = mapped_column(ForeignKey(TrainingAction.__table__.c.id), primary_key=True)
    status: Mapped[str] = mapped_column(String(20), default=PENDING)
    document_reference: Mapped[str] = mapped_column(String(60), default="")

    action: Mapped[TrainingAction] = relationship(TrainingAction)

    __table_args__ = (CheckConstraint("status IN ('pending', 'issued', 'requested', 'annulled', 'denied')"),)


class Certificate(Base):
    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey(Approval.action_id))
    sequence: Mapped[int]
    folio_number: Mapped[int]
    folio_year: Mapped[int]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    snapshot: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int] = of_person()

    issued_by: Mapped[Person] = relationship(Person)

    __table_args__ = (Unique("action_id", "sequence"), Unique("folio_year", "folio_number"))

    @property
    def folio(self) -> str:
        return f"{self.folio_number}-{self.folio_year}"


class Request(Base):
    """A request for annulment and, once it is taken, the decision."""

    __tablename__ = "request"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey(Certificate.id), index=True)
    region: Mapped[str] = mapped_column(String(2))
    reason: Mapped[str] = mapped_column(String(500))
    requested_at: Mapped[datetime]
    requested_by_id: Mapped[int] = of_person()
    due_at: Mapped[datetime]
    granted: Mapped[bool | None]
    decision_reason: Mapped[str | None] = mapped_column(String(2000))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = of_person()

    certificate: Mapped[Certificate] = relationship()
    requested_by: Mapped[Person] = relationship(Person, foreign_keys=[requested_by_id])
    decided_by: Mapped[Person | None] = relationship(Person, foreign_keys=[decided_by_id])

    __table_args__ = (
        Index("ix_request_open", "region", "id", postgresql_where=text("decided_at IS NULL")),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)"),
        CheckConstraint("decided_by_id <> requested_by_id"),
    )


class Event(Base):
    __tablename__ = "event"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey(Approval.action_id), index=True)
    what: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    person_id: Mapped[int] = of_person()
    data: Mapped[dict[str, Any]]

    person: Mapped[Person] = relationship(Person)


class Outbox(Base):
    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    identity: Mapped[str] = mapped_column(String(120), unique=True)
    payload: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class UsedToken(Base):
    """A form's one-time token and the address that its first use led to."""

    __tablename__ = "used_token"

    token: Mapped[str] = mapped_column(String(100), primary_key=True)
    person_id: Mapped[int] = of_person()
    used_at: Mapped[datetime]
    answer: Mapped[str | None]


class Counter(Base):
    __tablename__ = "counter"

    year: Mapped[int] = mapped_column(primary_key=True)
    last_number: Mapped[int]
