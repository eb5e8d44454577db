"""The clock's beat: fires what has fallen due about waiting tasks, and has cases go on whose term is over."""

import time

from app.services import awaited, timers
from app.unit_of_work import unit_of_work
from tasks.celery_app import celery

# After a long time without a clock there is much to say; the next beat goes on, and other chores come between.
TURN_S = 2


@celery.task(name="deadlines.tick")
def tick() -> None:
    """Fire what is due, some tasks at a time; two at once share the work."""
    until = time.monotonic() + TURN_S
    while (_fire_some() + _ask_some()) and time.monotonic() < until:
        pass


def _fire_some() -> int:
    with unit_of_work() as session:
        return timers.fire_due(session, now=timers.clock(session))


def _ask_some() -> int:
    with unit_of_work() as session:
        return awaited.ask_due(session, now=timers.clock(session))
