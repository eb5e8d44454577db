"""Effects performed at once, as a worker does but without waiting for their time."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.orm import Session

from app.models import Effect
from app.services import effects
from app.services.effects import EffectQueue, Taken
from app.unit_of_work import unit_of_work
from tasks.effects import perform, perform_one


def perform_now(effect_ids: Sequence[int]) -> None:
    """One try of each effect that waits. Needs an application context."""
    for effect_id in effect_ids:
        if (taken := _begun(effect_id)) is not None:
            perform_one(taken)


def run(app: Flask, *effect_ids: int) -> None:
    """The same, in a context of its own."""
    with app.app_context():
        perform_now(effect_ids)


def perform_all(app: Flask, session: Session) -> None:
    """Everything that is urgent, as a worker does it."""
    session.commit()
    with app.app_context():
        perform(EffectQueue.INTERACTIVE)
    session.expire_all()


def _begun(effect_id: int) -> Taken | None:
    with unit_of_work() as session:
        effect: Effect | None = effects.claim(session, effect_id)
        return None if effect is None else effects.begin(effect, datetime.now(UTC))


def eventually(holds: Callable[[], bool], patience_s: float = 20) -> bool:
    """Whether it comes true in time."""
    until = time.monotonic() + patience_s
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.1)
    return held
