"""Looks whether an invariant holds, within its time, and counts the offenders."""

import time
from dataclasses import dataclass
from itertools import islice

from psycopg.errors import LockNotAvailable, QueryCanceled
from sqlalchemy.exc import OperationalError

from app.services.audit.invariant import Ground, Invariant

SHOWN = 10


@dataclass(frozen=True)
class Verdict:
    """What was found of one invariant. `count` is None when a statement took longer than it may, or met a migration."""

    invariant: Invariant
    count: int | None
    examples: tuple[str, ...]
    seconds: float

    @property
    def holds(self) -> bool:
        return self.count == 0


def check(ground: Ground, invariant: Invariant) -> Verdict:
    """Changes nothing, whatever it finds. Memory does not grow with what is wrong."""
    began = time.monotonic()
    count, examples = _found(ground, invariant)
    return Verdict(invariant, count, examples, time.monotonic() - began)


def _found(ground: Ground, invariant: Invariant) -> tuple[int | None, tuple[str, ...]]:
    try:
        # A savepoint, so that a statement that was stopped leaves the others their transaction.
        with ground.session.begin_nested():
            offenders = iter(invariant.offenders(ground))
            examples = tuple(islice(offenders, SHOWN))
            return len(examples) + sum(1 for _ in offenders), examples
    except OperationalError as error:
        if isinstance(error.orig, QueryCanceled | LockNotAvailable):
            return None, ()
        raise
