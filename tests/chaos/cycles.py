"""The course of a run: people work, blows fall one after the other, and after each the checker looks."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

import psycopg

from app.adapters.storage import Storage
from app.cli.supervisor import ROOT
from tests.chaos import blows, checker, facts
from tests.chaos.blows import Blow, NobodyCameBy
from tests.chaos.country import Country, Everybody
from tests.chaos.disk import Disk
from tests.chaos.house import House
from tests.chaos.ledger import Ledger

BACK_WITHIN_S = 120
AT_REST_WITHIN_S = 240
# Longer than the waits between the three tries of an effect together.
DISK_IS_FULL_S = 78


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

    def cycles(self, how_many_kills: int) -> Iterator[Cycle]:
        """All of it, to the end in which everything is done. People stop working when the caller stops asking."""
        people = self.country.people(self.house.settings.base_url, self.ledger, self.seed)
        for person in people:
            person.start()
        try:
            yield self._cycle(Blow("nothing yet", lambda _house, _random: None))
            yield from self._with_a_full_disk(blows.kills(how_many_kills // 2, self._random))
            rest = [
                *blows.kills(how_many_kills - how_many_kills // 2, self._random),
                *blows.fail_points(),
                *blows.refusals(),
                blows.FORGETTING,
            ]
            for blow in self._random.sample(rest, len(rest)):
                yield self._cycle(blow)
        finally:
            for person in people:
                person.leave()
        yield self._at_the_end(people)

    def _with_a_full_disk(self, kills: Sequence[Blow]) -> Iterator[Cycle]:
        until = time.monotonic() + DISK_IS_FULL_S
        yield self._cycle(Blow(f"disk: {self.disk.name}", lambda _house, _random: self.disk.fill()))
        for blow in kills:
            yield self._cycle(blow)
        time.sleep(max(0, until - time.monotonic()))
        yield self._cycle(Blow("disk: free again", lambda _house, _random: self.disk.free()))

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
        findings += self._look()
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
        deeds = self.ledger.deeds()
        return checker.always(deeds, facts.read(self.house.settings.database_url))

    def _at_the_end(self, people: Everybody) -> Cycle:
        """Everybody goes home, what waits is done, incidents are tried again, and all of it is looked at once more."""
        begun, done_before = time.monotonic(), self.ledger.done()
        for person in people:
            person.join()
        url = self.house.settings.database_url
        findings = self._come_to_rest()
        findings += checker.unexplained(facts.read(url))
        self.country.operating(self.house.settings.base_url, self.ledger, self.seed).retry_all_incidents()
        findings += self._come_to_rest()
        findings += self._look() + checker.in_the_end(facts.read(url)) + self._files() + self.ledger.complaints()
        took = time.monotonic() - begun
        return Cycle("everything is done at last", self.ledger.done() - done_before, took, findings)

    def _come_to_rest(self) -> list[str]:
        url = self.house.settings.database_url
        if _eventually(lambda: facts.waiting_effects(url) == 0, AT_REST_WITHIN_S):
            return []
        return [f"{facts.waiting_effects(url)} effects still wait after {AT_REST_WITHIN_S} s"]

    def _files(self) -> list[str]:
        """Every document that a row names is there, whole."""
        storage = Storage(self.house.settings.documents_dir)
        named = {row.document for row in facts.read(self.house.settings.database_url).issuances if row.document}
        return [f"the file {name} is not what was stored" for name in named if not _is_whole(storage, name)]


def _is_whole(storage: Storage, name: str) -> bool:
    try:
        return bool(storage.read(name))
    except (OSError, AssertionError):
        return False


def _eventually(holds: Callable[[], bool], patience_s: float) -> bool:
    until = time.monotonic() + patience_s
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.05)
    return held


def audit(house: House) -> list[str]:
    """What the product's own audit finds."""
    command = [sys.executable, "-m", "flask", "audit"]
    environment = {**os.environ, **house.settings.to_env()}
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return said.stdout.splitlines() if said.returncode else []
