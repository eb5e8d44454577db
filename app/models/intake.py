"""Corrections of loaded records: what was before stays, with who and when."""

from typing import Any

from sqlalchemy import Computed, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Instant, Model, reference
from app.models.people import Person

# An action's own record is the one of its code; records about other things have none.
_COURSE = "CASE WHEN record = 'actions' THEN natural_key ELSE {} ->> 'action_code' END"


class Correction(Model):
    """A later record with the same natural key and other values. `source` is the command, page or client that brought it.

    The two courses are the one it counts for now and the one it counted for before; usually the same.
    """

    id: Mapped[Id]
    record: Mapped[str] = mapped_column(String(40))
    natural_key: Mapped[str] = mapped_column(String(200))
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    corrected_at: Mapped[Instant]
    source: Mapped[str] = mapped_column(String(200))
    corrected_by_id: Mapped[int | None] = reference("person.id")
    action_code: Mapped[str | None] = mapped_column(Computed(_COURSE.format("after"), persisted=True))
    previous_action_code: Mapped[str | None] = mapped_column(Computed(_COURSE.format("before"), persisted=True))

    corrected_by: Mapped[Person | None] = relationship()

    __table_args__ = (
        Index("ix_correction_record_key", "record", "natural_key"),
        Index("ix_correction_action", "action_code", "id"),
        Index("ix_correction_previous_action", "previous_action_code", "id"),
    )
