"""The course of a run: people work, blows fall one after the other, and after each the checker looks."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

import psycopg

from tests.chaos import blows, checker, facts
from tests.chaos.auditor import Auditor
from tests.chaos.blows import Blow, NobodyCameBy
from tests.chaos.country import Country, Everybody
from tests.chaos.disk import Disk
from tests.chaos.house import House
from tests.chaos.ledger import Ledger

BACK_WITHIN_S = 120
AT_REST_WITHIN_S = 240
# Longer than three tries of an effect with the waits between them.
GIVEN_UP_WITHIN_S = 240


@dataclass(frozen=True)
class Cycle:
    """One blow: how many actions were acknowledged during it, seconds until people and workers went on, what was wrong."""

    name: str
    acknowledged: int
    back_after_s: float
    findings: Sequence[str] = field(default=())


@dataclass
class Run:
    house: House
    disk: Disk
    country: Country
    ledger: Ledger
    seed: str

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        self._auditor = Auditor(self.house)

    def cycles(self, how_many_kills: int, only: str = "") -> Iterator[Cycle]:
        """All of it, to the end in which everything is done; of the blows those with `only` in their names.

        People stop working when the caller stops asking.
        """
        people = self.country.people(self.house.settings.base_url, self.ledger, self.seed)
        for thread in (*people, self._auditor):
            thread.start()
        try:
            yield self._cycle(Blow("nothing yet", lambda _house, _random: None))
            yield from self._blows(how_many_kills, only)
        finally:
            for thread in (*people, self._auditor):
                thread.leave()
        yield self._at_the_end(people)

    def _blows(self, how_many_kills: int, only: str) -> Iterator[Cycle]:
        kills = [blow for blow in blows.kills(how_many_kills, self._random) if only in blow.name]
        if not only:
            yield from self._with_a_full_disk(kills[: len(kills) // 2])
            kills = kills[len(kills) // 2 :]
        others = [blow for blow in (*blows.fail_points(), *blows.refusals(), blows.FORGETTING) if only in blow.name]
        rest = [*kills, *others]
        for blow in self._random.sample(rest, len(rest)):
            yield self._cycle(blow)

    def _with_a_full_disk(self, kills: Sequence[Blow]) -> Iterator[Cycle]:
        """Until a document is given up for it, and a while longer if there is more to kill."""
        yield self._cycle(Blow(f"disk: {self.disk.name}", lambda _house, _random: self.disk.fill()))
        for blow in kills:
            yield self._cycle(blow)
        yield self._cycle(Blow("disk: free again", self._free_disk, lies_in_wait=True))

    def _free_disk(self, house: House, _random: Random) -> None:
        url = house.settings.database_url
        try:
            if not _eventually(lambda: facts.given_up_for(url, self.disk.leaves), GIVEN_UP_WITHIN_S):
                raise NobodyCameBy(self.disk.name)
        finally:
            self.disk.free()

    def _cycle(self, blow: Blow) -> Cycle:
        begun, begun_at, done_before = time.monotonic(), datetime.now(UTC), self.ledger.done()
        findings = []
        try:
            blow.strike(self.house, self._random)
        except NobodyCameBy as nobody:
            findings.append(f"nobody came by {nobody} within {blows.COMES_BY_WITHIN_S} s")
        if blow.lies_in_wait:
            begun, begun_at = time.monotonic(), datetime.now(UTC)
        is_back = _eventually(lambda: self._is_back(begun, begun_at), BACK_WITHIN_S)
        back_after_s = time.monotonic() - begun
        if not is_back:
            findings.append(f"not back within {BACK_WITHIN_S} s")
        findings += self._look() + self._auditor.taken()
        return Cycle(blow.name, self.ledger.done() - done_before, back_after_s, findings)

    def _is_back(self, begun: float, begun_at: datetime) -> bool:
        """Whether somebody began something after it and was answered, and a worker took up something and did it."""
        query = "SELECT EXISTS (SELECT FROM effect WHERE begun_at > %s AND done_at IS NOT NULL)"
        if not self.ledger.done_after(begun):
            return False
        with suppress(psycopg.OperationalError), blows.connection_to(self.house) as connection:
            return bool(connection.execute(query, (begun_at,)).fetchall()[0][0])
        return False

    def _look(self) -> list[str]:
        """Patiently: who kills a session of PostgreSQL may hear of it later than somebody is answered."""
        until = time.monotonic() + BACK_WITHIN_S
        while True:
            deeds = self.ledger.deeds()
            try:
                return checker.always(deeds, facts.read(self.house.settings.database_url))
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def _at_the_end(self, people: Everybody) -> Cycle:
        """Everybody goes home, what waits is done, incidents are tried again, and all of it is looked at once more."""
        begun, done_before = time.monotonic(), self.ledger.done()
        for thread in (*people, self._auditor):
            thread.join()
        url = self.house.settings.database_url
        findings = self._come_to_rest()
        findings += checker.unexplained(facts.read(url))
        incidents = sum(row.open for row in facts.read(url).incidents)
        self.country.operating(self.house.settings.base_url, self.ledger, self.seed).retry_all_incidents()
        findings += self._come_to_rest()
        findings += self._look() + checker.in_the_end(facts.read(url)) + self.ledger.complaints()
        if not self._auditor.look("--settled", "--deep"):
            findings.append("the audit came to no verdict")
        findings += self._auditor.taken()
        took = time.monotonic() - begun
        return Cycle(f"at rest, {incidents} incidents tried again", self.ledger.done() - done_before, took, findings)

    def _come_to_rest(self) -> list[str]:
        blows.strike_the_clock(self.house, "transparency.seal")
        url = self.house.settings.database_url
        if _eventually(lambda: facts.waiting(url) == 0, AT_REST_WITHIN_S):
            return []
        return [f"{facts.waiting(url)} effects and leaves still wait after {AT_REST_WITHIN_S} s"]


def _eventually(holds: Callable[[], bool], patience_s: float) -> bool:
    until = time.monotonic() + patience_s
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.05)
    return held
