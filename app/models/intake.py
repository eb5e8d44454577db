"""Corrections of loaded records: what was before stays, with who and when."""

from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Instant, Model


class Correction(Model):
    """A later record with the same natural key and other values. `source` is the command or the client that brought it."""

    id: Mapped[Id]
    record: Mapped[str] = mapped_column(String(40))
    natural_key: Mapped[str] = mapped_column(String(200))
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    corrected_at: Mapped[Instant]
    source: Mapped[str] = mapped_column(String(200))

    __table_args__ = (Index("ix_correction_record_key", "record", "natural_key"),)
