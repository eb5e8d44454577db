"""What decision tables decided in cases: added, never edited."""

from typing import Any

from sqlalchemy import ARRAY, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Instant, Model, reference
from app.models.processes import ProcessInstance


class TableDecision(Model):
    """One decision of a table of the case's version: the answers it read, the rows that held, and what it gave.

    `table_name` is the table's; of a process that the case called, after that one's id: `second_review/review_level`.
    """

    id: Mapped[Id]
    instance_id: Mapped[int] = reference("process_instance.id", index=True)
    table_name: Mapped[str] = mapped_column(String(130))
    rules: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    read: Mapped[dict[str, Any]]
    given: Mapped[dict[str, Any]]
    decided_at: Mapped[Instant]

    instance: Mapped[ProcessInstance] = relationship(back_populates="table_decisions")
