"""What an operator looks at: incidents by kind and one by one, and how long effects have been waiting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import NotFound
from app.domain.permissions import Action, Actor
from app.models import Effect, Incident
from app.services import effects
from app.services.effects import EffectQueue


@dataclass(frozen=True)
class OpenKind:
    """The open incidents of one kind. `retryable` are those of effects; a case is not retried from here."""

    kind: str
    count: int
    retryable: int
    since: datetime
    latest_reason: str


@dataclass(frozen=True)
class IncidentPage:
    """`next_after` is the id of the last incident shown, None on the last page."""

    incidents: Sequence[Incident]
    next_after: int | None


@dataclass(frozen=True)
class Waiting:
    """How many effects of a queue are still to be done, and since when the oldest waits."""

    queue: EffectQueue
    count: int
    since: datetime | None


def open_kinds(session: Session) -> list[OpenKind]:
    """The kinds that have open incidents, the one that began first before the others."""
    latest = func.array_agg(aggregate_order_by(Incident.reason, Incident.id.desc()))[1]
    rows = session.execute(
        select(Incident.kind, func.count(), func.count(Incident.effect_id), func.min(Incident.opened_at), latest)
        .where(Incident.resolved_at.is_(None))
        .group_by(Incident.kind)
        .order_by(func.min(Incident.id))
    )
    return [OpenKind(*row) for row in rows]


def page(session: Session, *, is_open: bool, kind: str = "", before: int | None = None, size: int = 25) -> IncidentPage:
    """Incidents, the newest first, those before the number `before` if given."""
    resolved = Incident.resolved_at
    query = select(Incident).where(resolved.is_(None) if is_open else resolved.is_not(None))
    if kind:
        query = query.where(Incident.kind == kind)
    if before is not None:
        query = query.where(Incident.id < before)
    found = session.scalars(query.options(*_with_all()).order_by(Incident.id.desc()).limit(size + 1)).all()
    shown = found[:size]
    return IncidentPage(shown, shown[-1].id if len(found) > size else None)


def get(session: Session, incident_id: int, actor: Actor) -> Incident:
    """Raises NotFound if there is none of this number."""
    actor.require(Action.OPERATE)
    incident = session.get(Incident, incident_id, options=_with_all())
    if incident is None:
        raise NotFound
    return incident


def waiting(session: Session) -> list[Waiting]:
    """Every queue, the most urgent first."""
    rows = session.execute(
        select(Effect.queue, func.count(), func.min(Effect.asked_at)).where(effects.waits()).group_by(Effect.queue)
    )
    found = {queue: (count, since) for queue, count, since in rows}
    return [Waiting(queue, *found.get(queue.value, (0, None))) for queue in EffectQueue]


def _with_all() -> tuple[Any, ...]:
    return joinedload(Incident.effect), joinedload(Incident.instance), joinedload(Incident.resolved_by)
