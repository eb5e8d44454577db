"""So many clients at a site, each taking case after case, without a pause or reading first, and what came of it."""

import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from bench.approvals import Acceptance, Browser
from bench.browser import Browser as HttpBrowser
from bench.cases import Pair, pair
from bench.figures import Figure
from bench.reading import Reading
from bench.sites import Site

LEAST_RATIO, MOST_P99_MS = 0.5, 250


@dataclass(frozen=True)
class Desk:
    """Where one client works: who issues and asks, who decides, each at a browser, and the courses still to be done."""

    pair: Pair
    provider: Browser
    director: Browser
    courses: Iterator[str]


@dataclass(frozen=True)
class Round:
    """`web` and `database` are seconds of processor time of the servers; `client` is the client's share of one processor.

    `reads` is how long each client waited before it opened a page.
    """

    name: str
    clients: int
    reads: float
    seconds: float
    acceptances: Sequence[Acceptance]
    web: float
    database: float
    client: float

    @property
    def cases_a_second(self) -> float:
        return len(self.acceptances) / self.seconds

    def figures(self, beside: "Round | None" = None) -> list[Figure]:
        """`beside` is the same round of the hand-written contestant; only ours is held against something."""
        of, many = f"{self.name}, {self.clients} client{'s' * (self.clients > 1)}", len(self.acceptances)
        of += f" who read {self.reads:g} s before each page" * bool(self.reads)
        answered = [acceptance.answered for acceptance in self.acceptances]
        shown = [acceptance.shown for acceptance in self.acceptances]
        return [
            Figure(f"{of}: cases", self.cases_a_second, "a second", self._ratio(beside)),
            *_percentiles(f"{of}: acceptance", answered, f"under {MOST_P99_MS}" if beside else ""),
            *([] if self.reads else _percentiles(f"{of}: acceptance and the next page", shown)),
            Figure(f"{of}: processor time of the web server", 1000 * self.web / many, "ms a case"),
            Figure(f"{of}: processor time of PostgreSQL", 1000 * self.database / many, "ms a case"),
            Figure(f"{of}: the load client", 100 * self.client, "% of one processor"),
        ]

    def _ratio(self, beside: "Round | None") -> str:
        """Who reads sets the pace, not who answers: there nothing is to be reached."""
        if beside is None:
            return ""
        ratio = f"{self.cases_a_second / beside.cases_a_second:.2f} × hand-written"
        return ratio if self.reads else f"{ratio}; at least {LEAST_RATIO}"


def desks(site: Site, courses: Sequence[int]) -> list[Desk]:
    """A client for each number of courses, signed in; they stay for all rounds."""

    def signed_in(number: int) -> Desk:
        two = pair(number)
        desk = Desk(two, HttpBrowser(site.port), HttpBrowser(site.port), iter(two.courses(range(courses[number]))))
        site.contestant.sign_in(two, desk.provider, desk.director)
        return desk

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(signed_in, range(len(courses))))


def run(site: Site, at: Sequence[Desk], each: int, *, reads: float = 0) -> Round:
    """Each client takes so many of its own courses through, one after the other; `reads` so long before each page."""

    def work(desk: Desk) -> list[Acceptance]:
        two = Reading(desk.provider, reads), Reading(desk.director, reads)
        return [site.contestant.case(*two, code) for code in islice(desk.courses, each)]

    with ThreadPoolExecutor(len(at)) as pool:
        web, database = site.processor()
        begun, client = time.perf_counter(), time.process_time()
        done = [acceptance for some in pool.map(work, at) for acceptance in some]
        seconds, client = time.perf_counter() - begun, time.process_time() - client
        web, database = (after - before for after, before in zip(site.processor(), (web, database), strict=True))
    return Round(site.contestant.name, len(at), reads, seconds, done, web, database, client / seconds)


def _percentiles(name: str, seconds: Sequence[float], limit: str = "") -> list[Figure]:
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return [Figure(f"{name}, p{p}", 1000 * cuts[p - 1], "ms", limit if p == 99 else "") for p in (50, 95, 99)]
