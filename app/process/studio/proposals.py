"""From draft to version: proposing, returning, approving, and back to an earlier version. Functions here never commit."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.domain.errors import AlreadyDecided, Refusal
from app.domain.permissions import Action, Actor
from app.models import DraftEventKind, DraftStatus, ProcessDefinition, ProcessDraft
from app.process import definitions, diagrams
from app.process.definitions import Signed
from app.process.studio import checking, drafts, readiness

LONGEST_NOTE = 1000


def propose(
    session: Session, draft_id: int, *, version: int, note: str, starts_at: datetime | None, actor: Actor
) -> ProcessDraft:
    """Ask a colleague to publish the draft as it was read. Raises DraftChanged, gate.Refused, and Refusal.

    Its scenarios pass and go through as much of it as is asked. Without `starts_at` new cases follow it once approved.
    """
    actor.require(Action.DESIGN_PROCESSES)
    draft = drafts.locked(session, draft_id)
    drafts.require_status(draft, DraftStatus.DRAFT)
    if draft.version != version:
        raise drafts.DraftChanged(draft)
    note = _required(note, "Falta la nota del cambio. Escriba qué cambia y por qué.")
    if starts_at is not None and starts_at <= datetime.now(UTC):
        raise Refusal("La fecha de inicio ya pasó. Elija una futura, o déjela vacía para que rija al aprobarse.")
    readiness.require(session, draft)

    draft.starts_at = starts_at
    return _proposed(session, draft, note, actor)


def note_down(session: Session, draft_id: int, *, note: str, starts_at: datetime | None, actor: Actor) -> ProcessDraft:
    """Keep what somebody wrote so far of why and from when, before it is proposed. Raises Refusal once it is no draft any more."""
    actor.require(Action.DESIGN_PROCESSES)
    draft = drafts.locked(session, draft_id)
    drafts.require_status(draft, DraftStatus.DRAFT)

    if (draft.note, draft.starts_at) != (note, starts_at):
        draft.note, draft.starts_at = note, starts_at
        drafts.had_a_hand(draft, actor)
    session.flush()
    return draft


def _proposed(session: Session, draft: ProcessDraft, note: str, actor: Actor) -> ProcessDraft:
    draft.status, draft.note = DraftStatus.PROPOSED, note
    draft.proposed_at, draft.proposed_by_id = datetime.now(UTC), actor.person_id
    draft.version += 1
    drafts.record(draft, DraftEventKind.PROPOSED, actor, note)
    session.flush()
    return draft


def give_back(session: Session, draft_id: int, *, reason: str, actor: Actor) -> ProcessDraft:
    """A proposal becomes a draft again, with the reason; who proposed it may take it back so. Raises Refusal."""
    actor.require(Action.DESIGN_PROCESSES)
    draft = drafts.locked(session, draft_id)
    drafts.require_status(draft, DraftStatus.PROPOSED)
    reason = _required(reason, "Falta la razón. Escriba qué hay que corregir.")

    draft.status = DraftStatus.DRAFT
    draft.proposed_at = draft.proposed_by_id = None
    draft.version += 1
    drafts.record(draft, DraftEventKind.RETURNED, actor, reason)
    session.flush()
    return draft


def approve(session: Session, draft_id: int, *, version: int, against: int | None, actor: Actor) -> ProcessDefinition:
    """Publish a proposal exactly as it was read, `against` the version it was compared with (its number).

    Raises AlreadyDecided, Refusal for whoever wrote in it or for another comparison, and gate.Refused.
    """
    actor.require(Action.DESIGN_PROCESSES)
    draft = drafts.locked(session, draft_id)
    drafts.require_status(draft, DraftStatus.PROPOSED)
    if draft.version != version:
        raise AlreadyDecided("La propuesta cambió desde que la abrió. Ábrala de nuevo y revise la diferencia.")
    if not may_approve(draft, actor.person_id):
        raise Refusal("Usted escribió en este borrador o lo propuso. Pida a un colega que lo apruebe.")
    definitions.keep_others_out(session, draft.process_id)
    latest = definitions.latest_or_none(session, draft.process_id)
    if (latest.version if latest else None) != against:
        raise AlreadyDecided("Entretanto se publicó otra versión. Abra la propuesta de nuevo y revise la diferencia.")
    return _publish(session, draft, actor)


def may_approve(draft: ProcessDraft, person_id: int) -> bool:
    """Nobody approves what they had a hand in."""
    return person_id not in draft.writers and person_id != draft.proposed_by_id


def _publish(session: Session, draft: ProcessDraft, actor: Actor) -> ProcessDefinition:
    signed = Signed(draft.proposed_by_id, actor.person_id, draft.note, draft.starts_at)
    definition = definitions.publish(
        session,
        diagrams.stored(draft.xml),
        draft.forms,
        signed,
        scenarios=draft.scenarios,
        tables=draft.decision_tables,
    )
    draft.status, draft.definition = DraftStatus.PUBLISHED, definition
    draft.decided_at, draft.decided_by_id = datetime.now(UTC), actor.person_id
    draft.version += 1
    drafts.record(draft, DraftEventKind.PUBLISHED, actor)
    session.flush()
    return definition


def propose_earlier(session: Session, process_id: str, version: int, actor: Actor) -> ProcessDraft:
    """Propose an earlier version as a new one, with its note written: a colleague approves it as any other change.

    Raises NotFound, and Refusal for the newest one.
    """
    earlier = definitions.numbered(session, process_id, version)
    if earlier.version == definitions.latest(session, process_id).version:
        raise Refusal("Esta ya es la última versión. No hay a qué volver.")
    draft = drafts.start(session, earlier, actor)
    checking.require_sound(draft)
    note = f"Volver a la versión {version}, publicada el {drafts.moment(earlier.published_at)}."
    # Without asking what its scenarios cover: it ran before, and the way back stays open.
    return _proposed(session, draft, note, actor)


def _required(text: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise Refusal(missing)
    if len(text) > LONGEST_NOTE:
        raise Refusal(f"El texto tiene {len(text)} caracteres y el máximo es {LONGEST_NOTE}. Acórtelo.")
    return text
