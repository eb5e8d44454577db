"""What was given up and waits for an operator: opened with its reason, then retried or dismissed, by whom and when."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from app.domain.deadlines import local_date
from app.domain.errors import AlreadyDecided, NotFound, Refusal
from app.domain.permissions import Action, Actor
from app.models import Effect, Incident, IncidentResolution, ProcessInstance
from app.services import effects
from app.services.effects import Taken
from app.services.reasons import Reason

LONGEST_REASON = 500
SANTIAGO = "America/Santiago"


def record_failure(session: Session, taken: Taken, reason: Reason) -> Effect | None:
    """Have a failed effect tried again later or, after its last try, open an incident; the effect if it was given up."""
    effect = effects.record_failure(session, taken, reason)
    if effect is None or effect.gave_up_at is None:
        return None
    open_for_effect(session, effect, reason.sentence, reason.detail)
    return effect


def open_for_effect(session: Session, effect: Effect, reason: str, detail: str) -> int:
    """Open the incident of an effect that was given up, or find the one that is open already. Its number."""
    return _open(session, {"effect_id": effect.id}, kind=effect.kind, reason=reason, detail=detail)


def open_for_instance(session: Session, instance_id: int | None, kind: str, reason: str, detail: str) -> int:
    """Open the incident of a case that cannot go on, or find the one that is open already. Its number.

    `kind` groups the incidents. A case that went with the rollback of what began it leaves one without a case.
    """
    is_there = instance_id is not None and session.get(ProcessInstance, instance_id) is not None
    about = {"instance_id": instance_id, "kind": kind} if is_there else {}
    return _open(session, about, kind=kind, reason=reason, detail=detail)


def retry(session: Session, incident_id: int, actor: Actor) -> Incident:
    """Have the effect of an incident tried again from the first try; if it fails again, there will be a new incident.

    Raises NotFound, AlreadyDecided if it was resolved meanwhile, and Refusal for a case: the person has to act again.
    """
    incident = _locked(session, incident_id, actor)
    if incident.effect_id is None:
        raise Refusal("Un trámite no se reintenta desde aquí. Corrija su diagrama y descarte el incidente.")

    _resolve(incident, IncidentResolution.RETRIED, actor)
    effects.begin_anew(session, [incident.effect_id])
    return incident


def retry_all(session: Session, kind: str, actor: Actor) -> int:
    """The same for every open incident of a kind, in three statements however many they are; how many they were."""
    actor.require(Action.OPERATE)
    open_ones = select(Incident.id).where(
        Incident.kind == kind, Incident.resolved_at.is_(None), Incident.effect_id.is_not(None)
    )
    # In one order, so that two operators wait for each other instead of embracing.
    found = session.scalars(open_ones.order_by(Incident.id).with_for_update()).all()
    effect_ids = session.scalars(_resolve_all(found, actor)).all()
    effects.begin_anew(session, [effect_id for effect_id in effect_ids if effect_id is not None])
    return len(found)


def dismiss(session: Session, incident_id: int, actor: Actor) -> Incident:
    """Close an incident without trying again. Raises NotFound, and AlreadyDecided if it was resolved meanwhile."""
    incident = _locked(session, incident_id, actor)
    _resolve(incident, IncidentResolution.DISMISSED, actor)
    return incident


def _open(session: Session, about: dict[str, Any], *, kind: str, reason: str, detail: str) -> int:
    values = {"kind": kind, "reason": reason[:LONGEST_REASON], "detail": detail, "opened_at": datetime.now(UTC)}
    adding = insert(Incident).values(**about | values)
    if not about:
        return session.scalars(adding.returning(Incident.id)).one()
    # The unique index that allows one open incident for one thing.
    subject = next(iter(about))
    only_open = text(f"resolved_at IS NULL AND {subject} IS NOT NULL")
    adding = adding.on_conflict_do_nothing(index_elements=list(about), index_where=only_open)
    added = session.scalar(adding.returning(Incident.id))
    same = select(Incident.id).filter_by(**about).where(Incident.resolved_at.is_(None))
    return added if added is not None else session.scalars(same).one()


def _locked(session: Session, incident_id: int, actor: Actor) -> Incident:
    actor.require(Action.OPERATE)
    incident = session.get(Incident, incident_id, with_for_update={"of": Incident}, populate_existing=True)
    if incident is None:
        raise NotFound
    if incident.resolved_at is not None:
        raise AlreadyDecided(who_resolved(incident))
    return incident


def who_resolved(incident: Incident) -> str:
    """The sentence for who comes second: who, what and when."""
    assert incident.resolved_by is not None
    assert incident.resolved_at is not None
    did = "reintentó" if incident.resolution is IncidentResolution.RETRIED else "descartó"
    day = local_date(incident.resolved_at, SANTIAGO)
    return f"{incident.resolved_by.full_name} ya {did} este incidente el {day:%d/%m/%Y}. No se registró nada más."


def _resolve(incident: Incident, resolution: IncidentResolution, actor: Actor) -> None:
    incident.resolution, incident.resolved_at = resolution, datetime.now(UTC)
    incident.resolved_by_id = actor.person_id


def _resolve_all(incident_ids: Sequence[int], actor: Actor) -> ReturningUpdate[int | None]:
    return (
        update(Incident)
        .where(Incident.id.in_(incident_ids))
        .values(resolution=IncidentResolution.RETRIED, resolved_at=func.now(), resolved_by_id=actor.person_id)
        .returning(Incident.effect_id)
        .execution_options(synchronize_session=False)
    )
