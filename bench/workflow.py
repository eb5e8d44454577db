"""`make bench B=workflow`: an approval written by hand and ours, case by case in turns, on the same servers."""

import argparse
import os
from collections.abc import Iterator, Sequence

from flask import Flask

from app.unit_of_work import unit_of_work
from bench import cases
from bench.approvals import HandWritten, Ours
from bench.counting import queries_per_action
from bench.figures import Figure
from bench.ground import app_on_own_servers, connection_to
from bench.handwritten import factory
from bench.rounds import desks, run
from bench.sites import both_sites
from bench.state import bytes_of_state

CASES = 480
CLIENTS = (1, 8, 16)
WARM_UP_CASES = 3
# People read: as many clients as at most, each a second before it opens the next page.
READS_S = 1.0
CASES_OF_READERS = 4


def options(parser: argparse.ArgumentParser) -> None:
    many = int(os.environ.get("BENCH_CASES", str(CASES)))
    told = "cases a round, half as many with one client (BENCH_CASES)"
    parser.add_argument("--cases", type=int, default=many, help=told)


def measure(arguments: argparse.Namespace) -> Iterator[Figure]:
    with app_on_own_servers("workflow") as app:
        by_hand = factory.create_app(app.extensions["settings"])
        factory.create_tables(app.extensions["settings"])
        courses = _needed(arguments.cases)
        _load(app, courses)
        yield from _rounds(app, courses, arguments.cases)
        with connection_to(app) as connection:
            yield from bytes_of_state(connection)
        # The last course of the first client is still there.
        yield from queries_per_action(HandWritten(), by_hand, courses[0] - 1)
        yield from queries_per_action(Ours(), app, courses[0] - 1)


def _rounds(app: Flask, courses: Sequence[int], many: int) -> Iterator[Figure]:
    with both_sites(app) as sites:
        at = {site: desks(site, courses) for site in sites}
        for site in sites:
            run(site, at[site], WARM_UP_CASES)
        for clients in CLIENTS:
            by_hand, ours = (run(site, at[site][:clients], _each(many, clients)) for site in sites)
            yield from by_hand.figures()
            yield from ours.figures(beside=by_hand)
        by_hand, ours = (run(site, at[site], CASES_OF_READERS, reads=READS_S) for site in sites)
        yield from by_hand.figures()
        yield from ours.figures(beside=by_hand)


def _each(many: int, clients: int) -> int:
    """Cases of one client: with one of them each takes its time, so half as many are enough."""
    return max(1, many // max(2, clients))


def _needed(many: int) -> list[int]:
    """How many courses each client is going to take through, and one more."""
    return [
        WARM_UP_CASES + CASES_OF_READERS + sum(_each(many, clients) for clients in CLIENTS if number < clients) + 1
        for number in range(max(CLIENTS))
    ]


def _load(app: Flask, courses: Sequence[int]) -> None:
    with app.app_context(), unit_of_work() as session:
        cases.load(session, courses)
    with connection_to(app) as connection:
        connection.autocommit = True
        connection.execute("VACUUM (ANALYZE)")
