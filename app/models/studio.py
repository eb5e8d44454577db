"""What analysts work on before it is published: drafts, who is in them, and what was done to each."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Instant, Model, one_of, reference
from app.domain.faces import Face
from app.models.people import Person
from app.models.processes import ProcessDefinition


class DraftStatus(Face):
    DRAFT = "draft", "Borrador"
    PROPOSED = "proposed", "Propuesta"
    PUBLISHED = "published", "Publicado"
    DISCARDED = "discarded", "Descartado"


class DraftEventKind(Face):
    STARTED = "started", "comenzó el borrador"
    PROPOSED = "proposed", "lo propuso"
    RETURNED = "returned", "devolvió la propuesta"
    PUBLISHED = "published", "aprobó la propuesta"
    DISCARDED = "discarded", "descartó el borrador"


class ProcessDraft(Model):
    """A version in the making. `version` counts its changes: what was read before another's cannot be saved over it.

    `writers` are all whose hand is in it; none of them approves it.
    """

    id: Mapped[Id]
    process_id: Mapped[str] = mapped_column(String(60))
    base_id: Mapped[int | None] = reference("process_definition.id")
    xml: Mapped[str]
    forms: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    decision_tables: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    scenarios: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[DraftStatus] = mapped_column(one_of(DraftStatus, "status"))
    author_id: Mapped[int] = reference("person.id")
    writers: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    started_at: Mapped[Instant]
    saved_at: Mapped[Instant]
    saved_by_id: Mapped[int] = reference("person.id")
    note: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    # When new cases are to follow it; empty: from the approval on.
    starts_at: Mapped[datetime | None]
    proposed_at: Mapped[datetime | None]
    proposed_by_id: Mapped[int | None] = reference("person.id")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = reference("person.id")
    definition_id: Mapped[int | None] = reference("process_definition.id", unique=True)

    base: Mapped[ProcessDefinition | None] = relationship(foreign_keys=[base_id])
    definition: Mapped[ProcessDefinition | None] = relationship(foreign_keys=[definition_id])
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    saved_by: Mapped[Person] = relationship(foreign_keys=[saved_by_id])
    proposed_by: Mapped[Person | None] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    events: Mapped[list["DraftEvent"]] = relationship(order_by="DraftEvent.id", back_populates="draft")

    __table_args__ = (
        Index("ix_process_draft_process", "process_id", "status"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("author_id = ANY (writers) AND saved_by_id = ANY (writers)", name="writers_are_known"),
        CheckConstraint("(status IN ('proposed', 'published')) = (proposed_at IS NOT NULL)", name="proposed_at_a_time"),
        CheckConstraint("(proposed_at IS NULL) = (proposed_by_id IS NULL)", name="proposed_by_somebody"),
        CheckConstraint("proposed_at IS NULL OR length(trim(note)) > 0", name="a_proposal_says_why"),
        CheckConstraint("(status IN ('published', 'discarded')) = (decided_at IS NOT NULL)", name="decided_at_a_time"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        CheckConstraint("(status = 'published') = (definition_id IS NOT NULL)", name="published_as_a_version"),
        CheckConstraint(
            "status <> 'published' OR (decided_by_id <> ALL (writers) AND decided_by_id <> proposed_by_id)",
            name="who_wrote_it_does_not_approve",
        ),
    )


class DraftEvent(Model):
    """Something done to a draft: who, when and why. Added, never edited."""

    id: Mapped[Id]
    draft_id: Mapped[int] = reference("process_draft.id", index=True)
    kind: Mapped[DraftEventKind] = mapped_column(one_of(DraftEventKind, "kind"))
    at: Mapped[Instant]
    person_id: Mapped[int] = reference("person.id")
    note: Mapped[str] = mapped_column(String(1000), default="")

    draft: Mapped[ProcessDraft] = relationship(back_populates="events")
    person: Mapped[Person] = relationship()

    __table_args__ = (
        CheckConstraint("kind NOT IN ('proposed', 'returned') OR length(trim(note)) > 0", name="says_why"),
    )


class DraftPresence(Model):
    """That somebody had a draft open a moment ago."""

    draft_id: Mapped[int] = reference("process_draft.id", primary_key=True)
    person_id: Mapped[int] = reference("person.id", primary_key=True)
    seen_at: Mapped[Instant]

    person: Mapped[Person] = relationship()


class CoverageRule(Model):
    """The share of its arrows, in percent, that the scenarios of a draft go through before it is proposed. The last one holds."""

    id: Mapped[Id]
    percent: Mapped[int]
    set_at: Mapped[Instant]
    set_by_id: Mapped[int] = reference("person.id")

    set_by: Mapped[Person] = relationship()

    __table_args__ = (CheckConstraint("percent BETWEEN 0 AND 100", name="a_share"),)
