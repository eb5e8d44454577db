"""A real worker on the servers of an application, and how long it takes to leave nothing waiting."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, LiteralString

from flask import Flask
from psycopg import Connection

from app.cli.demo import worker_arguments
from app.cli.supervisor import Children
from app.config import Settings
from bench.ground import connection_to
from bench.processor import pid_of_postgres, seconds_of

LOOK_EVERY_S = 0.05
MISSING = "SELECT (SELECT count(*) FROM issuance) - (SELECT count(signed_with) FROM document)"
WAITING = "SELECT count(*) FROM effect WHERE done_at IS NULL AND gave_up_at IS NULL"
GIVEN_UP = "SELECT count(*) FROM effect WHERE gave_up_at IS NOT NULL"


@dataclass(frozen=True)
class Workers:
    """The worker, by its child, and the PostgreSQL it works on by its process."""

    children: Children
    postgres: int

    def processor(self) -> tuple[float, float]:
        """Seconds of processor time that the worker and the database have taken so far."""
        return seconds_of(self.children.pid("worker")), seconds_of(self.postgres)


@dataclass(frozen=True)
class Work:
    """Seconds until every PDF was there, and until nothing waited any more; and of processor time."""

    documents: float
    everything: float
    worker: float
    database: float


@contextmanager
def at_work(app: Flask, processes: int) -> Iterator[Workers]:
    """A worker with so many processes, with the arguments that `make demo` gives it and the clock of the sweep."""
    settings: Settings = app.extensions["settings"]
    children = Children(settings.logs_dir, settings.to_env())
    clock = ["--beat", "--schedule", str(settings.data_dir / f"beat-{processes}")]
    try:
        arguments = worker_arguments(replace(settings, worker_concurrency=processes))
        children.start("worker", "celery", [*arguments, *clock])
        yield Workers(children, pid_of_postgres(settings.data_dir))
    finally:
        children.stop()


def done(app: Flask, workers: Workers) -> Work:
    """Wait until no effect waits. Raises RuntimeError if one was given up, or if the worker ended."""
    begun, before = time.perf_counter(), workers.processor()
    with connection_to(app) as connection:
        connection.autocommit = True
        documents = _when_none(connection, MISSING, workers) - begun
        everything = _when_none(connection, WAITING, workers) - begun
    worker, database = (after - earlier for after, earlier in zip(workers.processor(), before, strict=True))
    return Work(documents, everything, worker, database)


def _when_none(connection: Connection[Any], count: LiteralString, workers: Workers) -> float:
    while _counted(connection, count):
        if _counted(connection, GIVEN_UP) or workers.children.ended():
            raise RuntimeError(f"It does not get done: {workers.children.log('worker').read_text()[-4000:]}")
        time.sleep(LOOK_EVERY_S)
    return time.perf_counter()


def _counted(connection: Connection[Any], count: LiteralString) -> int:
    row = connection.execute(count).fetchone()
    assert row is not None
    return int(row[0])
