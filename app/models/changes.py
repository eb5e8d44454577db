"""Where the attendance of an issued course is no longer what its certificate printed; a cache, made with the figures."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Instant, Model, reference
from app.models.certificates import Issuance
from app.models.courses import TrainingAction


class AttendanceChange(Model):
    """The differences of one course with its latest issue, `{"participants": […]}`, and when they were first seen."""

    action_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("training_action.id"), primary_key=True)
    issuance_id: Mapped[int] = reference("issuance.id")
    region: Mapped[str] = mapped_column(String(2))
    differences: Mapped[dict[str, Any]]
    found_at: Mapped[Instant]

    action: Mapped[TrainingAction] = relationship()
    issuance: Mapped[Issuance] = relationship()

    __table_args__ = (Index("ix_attendance_change_region", "region", "found_at", "action_id"),)
