"""The one place that commits: a person's action, a command's batch or a task's effect becomes true here, whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import faults
from app.adapters.queue import Queue
from app.db import READING, db
from app.services import effects
from app.services.effects import EffectQueue


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Open a transaction, commit it if the block ends well, then ring the queues in which it left something to do.

    Any exception rolls everything back and passes on. Raises AssertionError if a transaction is already open: psycopg
    would make this one a savepoint that nobody ever commits.
    """
    session = db.session()
    assert not session.in_transaction(), "unit_of_work() inside an open transaction: close the reading first"

    try:
        yield session
        session.flush()
        queues = effects.queues_to_ring(session)
        faults.point("commit.before")
        session.commit()
    except BaseException:
        session.rollback()
        raise
    faults.point("commit.after")
    ring(queues)


@contextmanager
def reading() -> Iterator[Session]:
    """A look at the database, each statement at what is committed by then; the server refuses any change.

    Leaves no transaction open behind it.
    """
    session = db.session()
    looked_already = session.info.get(READING, False)
    session.info[READING] = True
    try:
        yield session
        changed = [*session.new, *session.dirty, *session.deleted]
        assert not changed, "reading() must not change rows"
    finally:
        session.rollback()
        session.info[READING] = looked_already


@contextmanager
def one_snapshot(*, statement_timeout_s: int) -> Iterator[Session]:
    """A `reading()` in which every statement sees the same moment.

    A statement that takes longer than it may is stopped; one that would wait for a migration's lock does not queue.
    """
    with reading() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
        session.execute(text(f"SET LOCAL statement_timeout = '{statement_timeout_s:d}s'"))
        session.execute(text("SET LOCAL lock_timeout = '2s'"))
        yield session


def ring(queues: list[EffectQueue]) -> None:
    """Tell the workers that effects wait. A broker that is down only delays them: the sweep finds the rows."""
    doorbell: Queue = current_app.extensions["queue"]
    for queue in queues:
        doorbell.ring(queue.value, limit_s=queue.limit_s)
