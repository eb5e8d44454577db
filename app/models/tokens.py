"""Tokens that let a machine send records for an institution; only their hashes are kept."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Instant, Model, reference
from app.models.people import Organisation


class ApiToken(Model):
    """One device or program of an institution. A token is long and random, so a plain SHA-256 of it tells nothing."""

    id: Mapped[Id]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    organisation_id: Mapped[int] = reference("organisation.id", index=True)
    label: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[Instant]
    revoked_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (CheckConstraint("revoked_at >= created_at", name="revoked_after_made"),)


class ApiAnswer(Model):
    """The answer that one Idempotency-Key of one token got, for whoever repeats the request."""

    token_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("api_token.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    body_sha256: Mapped[str] = mapped_column(String(64))
    claimed_at: Mapped[Instant]
    answer: Mapped[str | None]
