"""The outbox's tasks: perform what waits in a queue, and ring again for what nobody performed."""

import logging
import time
from types import TracebackType

from celery.exceptions import SoftTimeLimitExceeded
from flask import current_app

from app import faults
from app.adapters.queue import PERFORM
from app.services import effects, incidents, reasons
from app.services.effects import EffectQueue, Taken
from app.services.reasons import TookTooLong, WorkerLost
from app.unit_of_work import unit_of_work
from tasks.celery_app import celery
from tasks.handlers import FIRST, HANDLERS, WHEN_GIVEN_UP

# After so long a worker lets go of a queue, so that what is more urgent gets its turn.
TURN_S = 2
logger = logging.getLogger(__name__)


class Try:
    """A try of an effect: whatever goes wrong inside is written into its row, where people look, and stops no other effect."""

    def __init__(self, taken: Taken) -> None:
        self._taken = taken

    def __enter__(self) -> None:
        if self._taken.is_spent:
            self._record(WorkerLost())

    def __exit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        if isinstance(error, Exception):
            self._record(TookTooLong() if isinstance(error, SoftTimeLimitExceeded) else error)
        # What is no Exception wants the worker itself to end.
        return isinstance(error, Exception)

    def _record(self, error: Exception) -> None:
        reason = reasons.of(error)
        faults.point("failure.to_record")
        with unit_of_work() as session:
            given_up = incidents.record_failure(session, self._taken, reason)
            if given_up is not None and given_up.kind in WHEN_GIVEN_UP:
                WHEN_GIVEN_UP[given_up.kind](session, given_up.payload)
        told = {"effect": self._taken.effect_id, "reason": reason.detail, "given_up": given_up is not None}
        logger.error("effect failed", extra={**told, "trail": reasons.trail(error)})


@celery.task(name=PERFORM)
def perform(queue: str) -> None:
    """Perform what is due in a queue for a turn, one effect after the other, each in transactions of its own."""
    until = time.monotonic() + TURN_S
    while (taken := _take(EffectQueue(queue))) is not None:
        faults.point("effect.taken")
        perform_one(taken)
        faults.point("effect.recorded")
        if time.monotonic() >= until:
            return


@celery.task(name="effects.sweep")
def sweep() -> None:
    """Ring for every queue in which something waits that nobody performs."""
    with unit_of_work() as session:
        effects.ring_for_waiting(session)
        faults.point("sweep.before_ring")


def perform_one(taken: Taken) -> None:
    """The work of a try that has begun, unless the effect came into other hands or was given up meanwhile."""
    with Try(taken):
        if taken.kind in FIRST:
            with unit_of_work() as session:
                FIRST[taken.kind](session)
        with unit_of_work() as session:
            effect = effects.hold(session, taken)
            if effect is not None:
                faults.point("effect.before_work")
                HANDLERS[effect.kind](session, effect.payload, storage=current_app.extensions["storage"])
                effects.record_done(effect)
                faults.point("effect.after_work")


def _take(queue: EffectQueue) -> Taken | None:
    with unit_of_work() as session:
        return effects.take(session, queue)
