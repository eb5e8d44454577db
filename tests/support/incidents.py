"""Effects that were given up, with the incidents they left."""

import errno

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Effect, Incident
from app.services import effects, incidents, reasons
from app.services.effects import EffectQueue

RECOMPUTE = "attendance/recompute"
FULL = reasons.of(OSError(errno.ENOSPC, "No space left on device"))


def give_up(session: Session, identity: str, kind: str = RECOMPUTE, **payload: object) -> int:
    """An effect whose three tries failed for want of space; its incident's number."""
    effects.ask(session, kind, identity=identity, queue=EffectQueue.BULK, payload=dict(payload))
    effect = session.scalars(select(Effect).where(Effect.identity == identity)).one()
    for _ in range(effects.TRIES):
        taken = effects.begin(effect, effect.due_at)
        session.flush()
        incidents.record_failure(session, taken, FULL)
    open_ones = select(Incident.id).where(Incident.effect_id == effect.id, Incident.resolved_at.is_(None))
    return session.scalars(open_ones).one()
