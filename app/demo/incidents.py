"""What an operator of the demo finds waiting: a recomputation that met a full disk three times. Trying again mends it."""

import errno

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.courses import STORY_CODE
from app.models import Effect, TrainingAction
from app.services import attendance, effects, incidents, reasons
from app.unit_of_work import unit_of_work

WHY = "demo"


def leave_incident() -> None:
    """Once; a second time changes nothing."""
    with unit_of_work() as session:
        action_id = session.scalars(select(TrainingAction.id).where(TrainingAction.code == STORY_CODE)).one()
        attendance.ask_recompute(session, action_id, reason=WHY)
        effect = session.scalars(
            select(Effect).where(Effect.kind == attendance.RECOMPUTE, Effect.identity.endswith(f":{action_id}:{WHY}"))
        ).one()
        if effect.attempts == 0:
            _fail(session, effect)


def _fail(session: Session, effect: Effect) -> None:
    for _ in range(effects.TRIES):
        taken = effects.begin(effect, effect.asked_at)
        session.flush()
        incidents.record_failure(session, taken, reasons.of(OSError(errno.ENOSPC, "")))
