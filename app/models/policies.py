"""The attendance policies as dated data: which one applies follows from the programme and the first day of a course."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Instant, Model, one_of, reference
from app.domain.terms import Line
from app.models.people import Person


class DatedPolicy(Model):
    """One policy for courses that start on `applies_from` or later: of one programme, or with no `line` of all.

    Rows are only ever added; a trigger refuses to change one or take it away, for certificates name it.
    """

    __tablename__ = "attendance_policy"

    id: Mapped[Id]
    policy_id: Mapped[str] = mapped_column(String(20), unique=True)
    fields: Mapped[dict[str, Any]]
    line: Mapped[Line | None] = mapped_column(one_of(Line, "line"))
    applies_from: Mapped[date]
    note: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = reference("person.id")

    created_by: Mapped[Person | None] = relationship()

    __table_args__ = (
        Index("ix_attendance_policy_applies", "line", "applies_from"),
        CheckConstraint("fields ->> 'policy_id' = policy_id", name="one_name"),
    )
