"""Certificates as facts: issuances, annulment requests, decisions, voids. Facts are added, never edited; the state is derived."""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement

from app.db import Id, Instant, Model, reference
from app.domain.folio import Folio
from app.domain.states import RULES
from app.models.courses import TrainingAction
from app.models.people import Organisation, Person


class Certificate(Model):
    """The certificate of one action, from before its first issue to its last re-issue."""

    id: Mapped[Id]
    action_id: Mapped[int] = reference("training_action.id", unique=True)

    action: Mapped[TrainingAction] = relationship()
    issuances: Mapped[list["Issuance"]] = relationship(order_by="Issuance.sequence", back_populates="certificate")


class Issuance(Model):
    """One issue, with the snapshot of everything printed, the evidence of the acceptance and its folio."""

    id: Mapped[Id]
    certificate_id: Mapped[int] = reference("certificate.id")
    sequence: Mapped[int]
    folio_number: Mapped[int]
    folio_year: Mapped[int]
    document_reference: Mapped[str] = mapped_column(String(60))
    policy_id: Mapped[str] = mapped_column(String(20))
    verification_code: Mapped[str] = mapped_column(String(40), unique=True)
    snapshot: Mapped[dict[str, Any]]
    snapshot_sha256: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[dict[str, Any]]
    issued_at: Mapped[Instant]
    issued_by_id: Mapped[int] = reference("person.id")
    issued_for_id: Mapped[int] = reference("organisation.id")

    certificate: Mapped[Certificate] = relationship(back_populates="issuances")
    issued_by: Mapped[Person] = relationship()
    issued_for: Mapped[Organisation] = relationship()
    requests: Mapped[list["AnnulmentRequest"]] = relationship(
        order_by="AnnulmentRequest.sequence", back_populates="issuance"
    )
    void: Mapped["IssuanceVoid | None"] = relationship(back_populates="issuance")
    document: Mapped["Document | None"] = relationship()

    __table_args__ = (
        UniqueConstraint("certificate_id", "sequence"),
        UniqueConstraint("folio_year", "folio_number"),
        CheckConstraint("sequence >= 1", name="sequence_from_one"),
        CheckConstraint("length(trim(document_reference)) > 0", name="has_document_reference"),
    )

    @property
    def folio(self) -> Folio:
        return Folio(self.folio_number, self.folio_year)


class AnnulmentRequest(Model):
    """A provider's request to annul one issuance; the second and later ones are reconsiderations of a denial."""

    id: Mapped[Id]
    issuance_id: Mapped[int] = reference("issuance.id")
    sequence: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    requested_at: Mapped[Instant]
    requested_by_id: Mapped[int] = reference("person.id")
    requested_for_id: Mapped[int] = reference("organisation.id")

    issuance: Mapped[Issuance] = relationship(back_populates="requests")
    requested_by: Mapped[Person] = relationship(foreign_keys=[requested_by_id])
    decision: Mapped["AnnulmentDecision | None"] = relationship(back_populates="request", uselist=False)

    __table_args__ = (
        UniqueConstraint("issuance_id", "sequence"),
        UniqueConstraint("id", "requested_by_id"),
        CheckConstraint("length(reason) BETWEEN 1 AND 500", name="reason_1_to_500"),
    )


class AnnulmentDecision(Model):
    """The regional direction's answer: once per request, with its reason, never by the person who asked."""

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(unique=True)
    requested_by_id: Mapped[int]
    granted: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(2000))
    decided_at: Mapped[Instant]
    decided_by_id: Mapped[int] = reference("person.id")

    request: Mapped[AnnulmentRequest] = relationship(back_populates="decision")
    decided_by: Mapped[Person] = relationship(foreign_keys=[decided_by_id])

    __table_args__ = (
        ForeignKeyConstraint(
            ["request_id", "requested_by_id"], ["annulment_request.id", "annulment_request.requested_by_id"]
        ),
        CheckConstraint("decided_by_id <> requested_by_id", name="who_asks_never_decides"),
        CheckConstraint("length(trim(reason)) > 0", name="has_reason"),
    )


class IssuanceVoid(Model):
    """SENCE changed the origin of the course's communication: the document is void without a request."""

    id: Mapped[Id]
    issuance_id: Mapped[int] = reference("issuance.id", unique=True)
    reason: Mapped[str] = mapped_column(String(2000))
    voided_at: Mapped[Instant]
    voided_by_id: Mapped[int] = reference("person.id")

    issuance: Mapped[Issuance] = relationship(back_populates="void")


class SigningCertificate(Model):
    """A certificate that we signed PDFs with. Kept for ever: by it a signature is known as ours when its key is long replaced."""

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    certificate: Mapped[bytes] = mapped_column(LargeBinary)
    subject: Mapped[str] = mapped_column(String(200))
    first_used_at: Mapped[Instant]


class Document(Model):
    """The first PDF stored for an issuance; it stays. Without a signature only where nobody signs."""

    id: Mapped[Id]
    issuance_id: Mapped[int] = reference("issuance.id", unique=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    created_at: Mapped[Instant]
    signed_with: Mapped[str | None] = mapped_column(
        String(64), ForeignKey("signing_certificate.fingerprint", ondelete="RESTRICT")
    )

    certificate: Mapped[SigningCertificate | None] = relationship()


class FolioCounter(Model):
    """The last correlative given in a year. Locked last in the transaction, so the year has no gaps."""

    year: Mapped[int] = mapped_column(primary_key=True)
    last_number: Mapped[int]


class HistoryEvent(Model):
    """What happened to a certificate, who did it and when; the page's time line and the auditor's thread."""

    id: Mapped[Id]
    certificate_id: Mapped[int] = reference("certificate.id")
    kind: Mapped[str] = mapped_column(String(60))
    at: Mapped[Instant]
    actor_id: Mapped[int | None] = reference("person.id")
    data: Mapped[dict[str, Any]]

    actor: Mapped[Person | None] = relationship()

    __table_args__ = (Index("ix_history_event_certificate", "certificate_id", "id"),)


def _facts() -> dict[str, ColumnElement[bool]]:
    """The facts of `LatestIssuance` as SQL over the row of Certificate being read."""
    latest = (
        select(func.max(Issuance.id)).where(Issuance.certificate_id == Certificate.id).correlate(Certificate)
    ).scalar_subquery()
    last_request = select(func.max(AnnulmentRequest.id)).where(AnnulmentRequest.issuance_id == latest).scalar_subquery()
    decided = select(AnnulmentDecision.id).where(AnnulmentDecision.request_id == last_request)
    return {
        "exists": latest.is_not(None),
        "voided": exists(select(IssuanceVoid.id).where(IssuanceVoid.issuance_id == latest)),
        "has_open_request": and_(last_request.is_not(None), ~exists(decided)),
        "last_request_granted": exists(decided.where(AnnulmentDecision.granted)),
        "last_request_denied": exists(decided.where(~AnnulmentDecision.granted)),
    }


def state_expression() -> ColumnElement[str]:
    """The rule table of `app.domain.states` as a SQL CASE."""
    facts = _facts()
    return case(
        *((facts[rule.fact].is_(true() if rule.value else false()), literal(rule.state.value)) for rule in RULES)
    )
