"""Drafts: starting one, saving it, discarding it, and who else is in it. Functions here never commit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain.errors import AlreadyDecided, NotFound
from app.domain.permissions import Action, Actor
from app.models import (
    DraftEvent,
    DraftEventKind,
    DraftStatus,
    ProcessDefinition,
    ProcessDraft,
)
from app.process import definitions, diagrams, layout
from app.process.decision_tables import Stored
from app.process.decision_tables import canonical as decision_table
from app.process.diagrams import Diagram
from app.process.safe_xml import InvalidDiagram

# A process is the whole country's; its dates are told as the capital's clocks say.
ZONE = ZoneInfo("America/Santiago")
LARGEST_ID = 2**62
LARGEST_FORMS, LARGEST_TABLES = 200_000, 1_000_000


class DraftChanged(AlreadyDecided):
    """Somebody saved the draft since it was read; the sentence says who and when."""

    code = "draft_changed"

    def __init__(self, draft: ProcessDraft) -> None:
        self.saved_by, self.saved_at = draft.saved_by.full_name, draft.saved_at
        super().__init__(
            f"{self.saved_by} guardó este borrador el {moment(self.saved_at)}. "
            "Abra la versión guardada y repita en ella su cambio."
        )


def moment(at: datetime) -> str:
    """`30/11/2026 a las 09:14`."""
    return f"{at.astimezone(ZONE):%d/%m/%Y a las %H:%M}"


def get(session: Session, draft_id: int, process_id: str) -> ProcessDraft:
    """Raises NotFound for a draft of another process."""
    draft = numbered(session, draft_id)
    if draft.process_id != process_id:
        raise NotFound
    return draft


def numbered(session: Session, draft_id: int) -> ProcessDraft:
    """The draft of whichever process. Raises NotFound."""
    draft = session.get(ProcessDraft, draft_id) if draft_id <= LARGEST_ID else None
    if draft is None:
        raise NotFound
    return draft


def locked(session: Session, draft_id: int) -> ProcessDraft:
    """The draft as it is once its row is ours. Raises NotFound."""
    draft = session.get(ProcessDraft, draft_id, with_for_update=True, populate_existing=True)
    if draft is None:
        raise NotFound
    return draft


def start(session: Session, definition: ProcessDefinition, actor: Actor) -> ProcessDraft:
    """A draft that begins as a published version."""
    content = _Content(
        diagrams.stored(definition.xml), definition.forms, definition.scenarios, definition.decision_tables
    )
    return _begin(session, content, definition, actor)


def start_from_file(
    session: Session,
    content: bytes,
    actor: Actor,
    forms: Mapping[str, Any] | None = None,
    scenarios: Mapping[str, Any] | None = None,
    decision_tables: Stored | None = None,
) -> ProcessDraft:
    """A draft that begins as somebody's file, drawn where it brings no drawing; what is not given is as it was.

    Raises InvalidDiagram for one that is not safe or not a process, InvalidTable for a table that is none.
    """
    diagram = diagrams.read(layout.with_drawing(content))
    latest = definitions.latest_or_none(session, diagram.process_id)
    before = (latest.forms, latest.scenarios, latest.decision_tables) if latest else ({}, {}, {})
    given = (forms, scenarios, None if decision_tables is None else _checked_tables(decision_tables))
    parts = [old if new is None else new for old, new in zip(before, given, strict=True)]
    return _begin(session, _Content(diagram, *parts), latest, actor)


@dataclass(frozen=True)
class _Content:
    diagram: Diagram
    forms: Mapping[str, Any]
    scenarios: Mapping[str, Any]
    decision_tables: Mapping[str, Any]


def _begin(session: Session, content: _Content, base: ProcessDefinition | None, actor: Actor) -> ProcessDraft:
    actor.require(Action.DESIGN_PROCESSES)
    now = datetime.now(UTC)
    draft = ProcessDraft(
        process_id=content.diagram.process_id,
        base=base,
        xml=content.diagram.xml,
        forms=dict(content.forms),
        scenarios=dict(content.scenarios),
        decision_tables=dict(content.decision_tables),
        version=1,
        status=DraftStatus.DRAFT,
        author_id=actor.person_id,
        writers=[actor.person_id],
        started_at=now,
        saved_at=now,
        saved_by_id=actor.person_id,
    )
    session.add(draft)
    record(draft, DraftEventKind.STARTED, actor)
    session.flush()
    return draft


def save(
    session: Session,
    draft_id: int,
    *,
    xml: str,
    version: int,
    actor: Actor,
    forms: Mapping[str, Any] | None = None,
    decision_tables: Stored | None = None,
) -> ProcessDraft:
    """Keep what was drawn, sound or not. Raises DraftChanged, InvalidDiagram, InvalidTable for what is no decision table, and
    Refusal once it is no draft any more.
    """
    actor.require(Action.DESIGN_PROCESSES)
    draft = locked(session, draft_id)
    require_status(draft, DraftStatus.DRAFT)
    if draft.version != version:
        raise DraftChanged(draft)
    diagram = diagrams.read(xml.encode())
    if diagram.process_id != draft.process_id:
        raise InvalidDiagram(
            f"El proceso se llama «{draft.process_id}» y no cambia de id. Para otro proceso, suba un archivo nuevo."
        )

    forms = draft.forms if forms is None else _checked(forms)
    tables = draft.decision_tables if decision_tables is None else _checked_tables(decision_tables)
    if (diagram.xml, forms, tables) != (draft.xml, draft.forms, draft.decision_tables):
        draft.xml, draft.forms, draft.decision_tables = diagram.xml, dict(forms), dict(tables)
        _count(draft, actor)
    session.flush()
    return draft


def _count(draft: ProcessDraft, actor: Actor) -> None:
    draft.version += 1
    had_a_hand(draft, actor)


def had_a_hand(draft: ProcessDraft, actor: Actor) -> None:
    """Note who changed something of it, who then does not approve it."""
    draft.saved_at, draft.saved_by_id = datetime.now(UTC), actor.person_id
    if actor.person_id not in draft.writers:
        # A new list: a changed one would not be seen.
        draft.writers = [*draft.writers, actor.person_id]


def _checked(forms: Mapping[str, Any]) -> Mapping[str, Any]:
    if len(json.dumps(forms)) > LARGEST_FORMS:
        raise InvalidDiagram("Los formularios pesan demasiado. Deje solo los que este proceso usa.")
    return forms


def _checked_tables(given: Stored) -> Stored:
    if sum(map(len, given.values())) > LARGEST_TABLES:
        raise InvalidDiagram("Las tablas de decisión pesan demasiado. Deje solo las que este proceso usa.")
    return {name: decision_table(name, xml.encode()) for name, xml in given.items()}


def discard(session: Session, draft_id: int, actor: Actor) -> ProcessDraft:
    """The draft is kept, and nobody works on it any more. Raises Refusal for a proposal, which is returned first."""
    actor.require(Action.DESIGN_PROCESSES)
    draft = locked(session, draft_id)
    require_status(draft, DraftStatus.DRAFT)

    draft.status = DraftStatus.DISCARDED
    draft.version += 1
    draft.decided_at, draft.decided_by_id = datetime.now(UTC), actor.person_id
    record(draft, DraftEventKind.DISCARDED, actor)
    session.flush()
    return draft


def require_status(draft: ProcessDraft, status: DraftStatus) -> None:
    """Raises AlreadyDecided, saying who made it something else and when."""
    if draft.status is status:
        return
    last = draft.events[-1]
    raise AlreadyDecided(f"{last.person.full_name} {last.kind.label} el {moment(last.at)}. No se guardó nada más.")


def record(draft: ProcessDraft, kind: DraftEventKind, actor: Actor, note: str = "") -> None:
    draft.events.append(DraftEvent(kind=kind, at=datetime.now(UTC), person_id=actor.person_id, note=note))
