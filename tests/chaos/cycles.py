"""The course of a run: people work, several blows are under way at a time, and after each the checker looks."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from random import Random

import psycopg

from tests.chaos import blows, checker, facts
from tests.chaos.ambushes import ambushes
from tests.chaos.auditor import Auditor, Verdict
from tests.chaos.blows import Blow, Forgetting, Kill
from tests.chaos.country import Country, Everybody
from tests.chaos.disk import Disk, FullDisk
from tests.chaos.house import House
from tests.chaos.ledger import Ledger

BACK_WITHIN_S = 120
AT_REST_WITHIN_S = 240
# Of what lies in wait; and of kills whose parts are not back yet, with at least so many seconds between two.
AMBUSHES_AT_ONCE, KILLS_AT_ONCE, BETWEEN_KILLS_S = 8, 2, (0.5, 2)


@dataclass(frozen=True)
class Cycle:
    """One blow: how many actions were acknowledged while it was under way, seconds until people and workers went on
    after it fell, what was wrong then."""

    name: str
    acknowledged: int
    back_after_s: float
    findings: Sequence[str] = field(default=())


@dataclass
class UnderWay:
    """A blow between being laid and the house being back. Times are of the monotonic clock; `fell_at` is of all clocks."""

    blow: Blow
    laid_at: float
    done_before: int
    fell: float | None = None
    fell_at: datetime | None = None
    findings: list[str] = field(default_factory=list)


class Run:
    def __init__(self, house: House, disk: Disk, country: Country, ledger: Ledger, seed: str) -> None:
        self.house, self.country, self.ledger, self.seed = house, country, ledger, seed
        self.last_audit: Verdict | None = None
        self._disk = FullDisk(disk)
        self._random = Random(seed)
        self._auditor = Auditor(house)
        self._under_way: list[UnderWay] = []
        self._next_kill_at = 0.0
        self._known: set[str] = set()

    def cycles(self, how_many_kills: int, only: str = "", *, retries: bool = True) -> Iterator[Cycle]:
        """All of it, to the end in which everything is done; of the blows those with `only` in their names.

        People stop working when the caller stops asking.
        """
        people = self.country.people(self.house.settings.base_url, self.ledger, self.seed)
        for thread in (*people, self._auditor):
            thread.start()
        try:
            yield from self._together([Kill("nothing yet", lambda _house, _random: None)])
            yield from self._together([one for one in self._all(how_many_kills) if only in one.name])
        finally:
            for thread in (*people, self._auditor):
                thread.leave()
        yield self._at_the_end(people, retries=retries)

    def _all(self, how_many_kills: int) -> list[Blow]:
        """The disk is full first: it takes its time, and the rest goes on meanwhile."""
        rest: list[Blow] = [*blows.kills(how_many_kills, self._random), *ambushes(self.ledger), Forgetting()]
        self._random.shuffle(rest)
        return [self._disk, *rest]

    def _together(self, waiting: list[Blow]) -> Iterator[Cycle]:
        try:
            while waiting or self._under_way:
                self._lay_some(waiting)
                for one in self._under_way:
                    self._watch(one)
                over = [one for one in self._under_way if self._is_over(one)]
                self._under_way = [one for one in self._under_way if one not in over]
                for one in over:
                    yield self._ended(one)
                time.sleep(0.05)
        finally:
            for one in self._under_way:
                one.blow.lift(self.house)
            self._under_way = []

    def _lay_some(self, waiting: list[Blow]) -> None:
        for blow in [blow for blow in waiting if self._may_be_laid(blow)][:1]:
            waiting.remove(blow)
            begun = UnderWay(blow, time.monotonic(), self.ledger.done())
            blow.lay(self.house, self._random)
            self._under_way.append(begun)
            if isinstance(blow, Kill):
                self._next_kill_at = time.monotonic() + self._random.uniform(*BETWEEN_KILLS_S)

    def _may_be_laid(self, blow: Blow) -> bool:
        laid = [one.blow for one in self._under_way]
        kills = [one for one in laid if isinstance(one, Kill)]
        if isinstance(blow, Kill):
            return len(kills) < KILLS_AT_ONCE and time.monotonic() >= self._next_kill_at
        return len(laid) - len(kills) < AMBUSHES_AT_ONCE and not (
            blow.works_on_files and any(one is self._disk for one in laid)
        )

    def _watch(self, one: UnderWay) -> None:
        """Note that it fell, or that nobody came by, and take it away."""
        if one.fell is not None:
            return
        has_fallen = False
        # Another blow may have taken the database away.
        with suppress(psycopg.OperationalError):
            has_fallen = one.blow.has_fallen(self.house)
        is_late = time.monotonic() > one.laid_at + one.blow.patience_s
        if has_fallen or is_late:
            one.blow.lift(self.house)
            one.fell, one.fell_at = time.monotonic(), datetime.now(UTC)
            if not has_fallen:
                one.findings.append(f"nobody came by {one.blow.name} within {one.blow.patience_s:.0f} s")

    def _is_over(self, one: UnderWay) -> bool:
        if one.fell is None or one.fell_at is None:
            return False
        if self._is_back(one.fell, one.fell_at):
            return True
        is_late = time.monotonic() > one.fell + BACK_WITHIN_S
        if is_late:
            one.findings.append(f"not back within {BACK_WITHIN_S} s")
        return is_late

    def _is_back(self, fell: float, fell_at: datetime) -> bool:
        """Whether somebody began something after it and was answered, and a worker took up something and did it."""
        query = "SELECT EXISTS (SELECT FROM effect WHERE begun_at > %s AND done_at IS NOT NULL)"
        if not self.ledger.done_after(fell):
            return False
        with suppress(psycopg.OperationalError):
            return bool(self.house.ask(query, fell_at))
        return False

    def _ended(self, one: UnderWay) -> Cycle:
        back_after_s = time.monotonic() - (one.fell or 0)
        acknowledged = self.ledger.done() - one.done_before
        return Cycle(one.blow.name, acknowledged, back_after_s, [*one.findings, *self._look()])

    def _look(self, ending: Callable[[facts.Facts], list[str]] = lambda _facts: []) -> list[str]:
        """What is wrong and was not told yet.

        Patiently: who kills a session of PostgreSQL may hear of it later than somebody is answered.
        """
        until = time.monotonic() + BACK_WITHIN_S
        while True:
            deeds = self.ledger.deeds()
            try:
                read = facts.read(self.house.settings.database_url)
                break
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
        found = [*checker.always(deeds, read), *self.ledger.complaints(), *self._auditor.taken(), *ending(read)]
        new = [finding for finding in dict.fromkeys(found) if finding not in self._known]
        self._known.update(new)
        return new

    def _at_the_end(self, people: Everybody, *, retries: bool) -> Cycle:
        """Everybody goes home, what waits is done, incidents are tried again, and all of it is looked at once more."""
        begun, done_before = time.monotonic(), self.ledger.done()
        for thread in (*people, self._auditor):
            thread.join()
        findings = self._come_to_rest()
        findings += self._look(checker.unexplained)
        incidents = sum(row.open for row in facts.read(self.house.settings.database_url).incidents)
        if retries:
            self.country.operating(self.house.settings.base_url, self.ledger, self.seed).retry_all_incidents()
            findings += self._come_to_rest()
        self.last_audit = self._auditor.look("--settled", "--deep")
        if self.last_audit is None:
            findings.append("the audit came to no verdict")
        posted = {path.stem.rpartition("-")[2] for path in self.house.settings.mail_dir.glob("*.eml")}
        ending = partial(checker.in_the_end, posted=posted) if retries else checker.unexplained
        findings += self._look(ending)
        took = time.monotonic() - begun
        told = "tried again" if retries else "left open"
        return Cycle(f"at rest, {incidents} incidents {told}", self.ledger.done() - done_before, took, findings)

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
