"""The append-only log of what was done to certificates: what waits for it, its leaves and complete subtrees, its signed heads."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Instant, Model, one_of
from app.domain.log_format import FactKind

HASH = LargeBinary(32)


class LogPending(Model):
    """A fact that is true and not in the log yet. A trigger writes it with the fact, so none is ever forgotten."""

    id: Mapped[Id]
    kind: Mapped[FactKind] = mapped_column(one_of(FactKind, "kind"))
    fact_id: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (UniqueConstraint("kind", "fact_id"),)


class LogLeaf(Model):
    """One fact in its place in the log. `content` is the text that was hashed; without its salt nobody can guess the hash."""

    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[FactKind] = mapped_column(one_of(FactKind, "kind"))
    fact_id: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[str]
    hash: Mapped[bytes] = mapped_column(HASH, unique=True)
    integrated_at: Mapped[Instant]

    __table_args__ = (
        UniqueConstraint("kind", "fact_id"),
        CheckConstraint("index >= 0", name="index_from_zero"),
        CheckConstraint("length(hash) = 32", name="hash_is_sha256"),
    )


class LogNode(Model):
    """A complete subtree of two leaves or more: over those from `number * 2^level` on. It never changes."""

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(HASH)

    __table_args__ = (
        CheckConstraint("level > 0", name="leaves_live_elsewhere"),
        CheckConstraint("length(hash) = 32", name="hash_is_sha256"),
    )


class LogKey(Model):
    """A public key that heads were signed with, as SubjectPublicKeyInfo; kept for as long as its heads."""

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    first_used_at: Mapped[Instant]


class LogHead(Model):
    """The log as it was at an instant, signed: how many leaves and the root over them."""

    id: Mapped[Id]
    size: Mapped[int] = mapped_column(BigInteger)
    root: Mapped[bytes] = mapped_column(HASH)
    signed_at: Mapped[Instant]
    key_id: Mapped[str] = mapped_column(String(64), ForeignKey("log_key.id", ondelete="RESTRICT"))
    signature: Mapped[bytes] = mapped_column(LargeBinary)

    key: Mapped[LogKey] = relationship()

    __table_args__ = (
        Index("ix_log_head_size", "size", "id"),
        CheckConstraint("size >= 0", name="size_from_zero"),
        CheckConstraint("length(root) = 32", name="root_is_sha256"),
    )
