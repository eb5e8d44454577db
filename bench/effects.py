"""`make bench B=effects`: so many acceptances, and the time until every PDF exists, with one and with two worker processes."""

import argparse
import os
from collections.abc import Iterator

from flask import Flask

from app.unit_of_work import unit_of_work
from bench import cases
from bench.accepting import accept
from bench.drawing import drawn_a_second
from bench.figures import Figure
from bench.ground import app_on_own_servers, connection_to
from bench.working import Work, at_work, done

ACCEPTANCES = 2000
PROCESSES = (1, 2)
# So that each process has drawn before the clock starts.
WARM_UP = 20
DRAWN_ALONE = 400


def options(parser: argparse.ArgumentParser) -> None:
    many = int(os.environ.get("BENCH_ACCEPTANCES", str(ACCEPTANCES)))
    parser.add_argument("--acceptances", type=int, default=many, help="of a round (BENCH_ACCEPTANCES)")
    parser.add_argument("--processes", type=int, nargs="+", default=list(PROCESSES), help="of the worker, a round each")


def measure(arguments: argparse.Namespace) -> Iterator[Figure]:
    rounds, many = arguments.processes, arguments.acceptances
    with app_on_own_servers("effects") as app:
        _load(app, len(rounds) * (WARM_UP + many))
        codes = iter(cases.pair(0).courses(range(len(rounds) * (WARM_UP + many))))
        for processes in rounds:
            with at_work(app, processes) as workers:
                accept(app, [next(codes) for _ in range(WARM_UP)])
                done(app, workers)
                accepted = accept(app, [next(codes) for _ in range(many)])
                work = done(app, workers)
            yield from _figures(processes, many, accepted, work, drawn_a_second(app, processes, DRAWN_ALONE))


def _figures(processes: int, many: int, accepted: float, work: Work, alone: float) -> Iterator[Figure]:
    of, a_second = f"{processes} worker process{'es' * (processes > 1)}", many / work.documents
    yield Figure(f"{of}: accepted within", accepted, "s", f"{many:,} in one transaction, one after the other")
    yield Figure(f"{of}: every PDF, after the first acceptance", accepted + work.documents, "s")
    yield Figure(f"{of}: every PDF, after the last acceptance", work.documents, "s", "all wait by then")
    yield Figure(f"{of}: every letter too, after the last acceptance", work.everything, "s", "the more urgent ones")
    yield Figure(f"{of}: PDFs", a_second, "a second", f"{a_second / alone:.2f} × drawing alone")
    yield Figure(f"{of}: drawing alone", alone, "PDFs a second", "as many processes, no queue, no database")
    yield Figure(f"{of}: processor time of the worker", 1000 * work.worker / many, "ms a PDF", "with its letter")
    yield Figure(f"{of}: processor time of PostgreSQL", 1000 * work.database / many, "ms a PDF", "with its letter")


def _load(app: Flask, courses: int) -> None:
    """All of one institution."""
    with app.app_context(), unit_of_work() as session:
        cases.load(session, [courses])
    with connection_to(app) as connection:
        connection.autocommit = True
        connection.execute("VACUUM (ANALYZE)")
