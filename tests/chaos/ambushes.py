"""What lies in wait until somebody comes by: every fail-point with every action, and an insert that fails in every table."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import LiteralString

import psycopg
from psycopg import sql

from app.faults import Fault, FaultAction
from tests.chaos.blows import COMES_BY_WITHIN_S, Blow, patiently, strike_the_clock
from tests.chaos.house import House, every_fault
from tests.chaos.ledger import Kind, Ledger

# The rows of an action and of what follows from it.
TABLES: tuple[LiteralString, ...] = (
    "claimed_request",
    "process_instance",
    "human_task",
    "issuance",
    "folio_counter",
    "annulment_request",
    "annulment_decision",
    "history_event",
    "task_timer",
    "awaited_event",
    "log_pending",
    "log_leaf",
    "effect",
    "document",
)
# What only the clock does, by what lies in wait for it: it strikes early for that.
STRUCK_BY_THE_CLOCK = {
    "sweep.before_ring": "effects.sweep",
    "timers.fired": "deadlines.tick",
    "awaited.asked": "deadlines.tick",
    "awaited.happened": "deadlines.tick",
    "case.begun_by_fact": "deadlines.tick",
    "awaited_event": "deadlines.tick",
    "log.appended": "transparency.seal",
    "log_leaf": "transparency.seal",
}
# Somebody comes by when terms that cases wait for are over; a follow-up that ended lets the next issue begin another one.
WHEN_TERMS_ARE_OVER = {"awaited.asked", "awaited.happened", "case.begun_by_fact", "awaited_event"}
TERMS_ARE_OVER: LiteralString = """
    WITH over AS (
        UPDATE awaited_event SET due_at = now() - interval '1 second' WHERE status = 'waiting' AND kind = 'timer' RETURNING id
    ) SELECT count(*) FROM over
"""
# A sequence goes on when its transaction is rolled back: the first insert fails and no other.
TRAP: tuple[LiteralString, ...] = (
    "CREATE SEQUENCE {turn}",
    # The sequence is not the application's.
    "CREATE FUNCTION {refuse}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
    " $$ BEGIN IF nextval({turn_name}) = 1 THEN RAISE 'chaos'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER chaos BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {refuse}()",
)
TRAP_AWAY: tuple[LiteralString, ...] = ("DROP FUNCTION IF EXISTS {refuse} CASCADE", "DROP SEQUENCE IF EXISTS {turn}")
# Before somebody comes by here, somebody has to fail.
AFTER_A_FAILURE, FAILURE = "failure.to_record", Fault("effect.before_work", FaultAction.ERROR, once=True)
NUDGED_EVERY_S = 2
# Where all kinds of actions come by one of each is struck, for each leaves other traces: armed just before it is sent.
OF_A_CASE = (Kind.ISSUE, Kind.REQUEST, Kind.DECISION)
AIMED_AT: Mapping[str, Sequence[Kind]] = {
    "request.claimed": (*OF_A_CASE, Kind.JOB),
    "task.locked": OF_A_CASE,
    "engine.ran": OF_A_CASE,
    "commit.before": (*OF_A_CASE, Kind.JOB, Kind.MARK),
    "commit.after": (*OF_A_CASE, Kind.JOB, Kind.MARK),
}
# So many effects are killed where all kinds of them come by, and nobody can aim.
OF_ALL_EFFECTS, KILLED_THERE = {"effect.taken", "effect.before_work", "effect.after_work", "effect.recorded"}, 4
ON_FILES = {"document.rendered", "storage.half_written", "document.stored", "document"}


@dataclass(eq=False)
class _Ambush:
    """At a place of the code or at a table."""

    place: str
    patience_s: float = COMES_BY_WITHIN_S
    _nudge_at: float = 0

    @property
    def works_on_files(self) -> bool:
        return self.place in ON_FILES

    def nudge(self, house: House) -> None:
        """Have somebody come by soon where nobody would by himself."""
        if time.monotonic() < self._nudge_at:
            return
        self._nudge_at = time.monotonic() + NUDGED_EVERY_S
        if self.place in WHEN_TERMS_ARE_OVER:
            house.ask(TERMS_ARE_OVER)
        if self.place in STRUCK_BY_THE_CLOCK:
            strike_the_clock(house, STRUCK_BY_THE_CLOCK[self.place])
        if self.place == AFTER_A_FAILURE:
            (house.settings.faults_dir / FAILURE.marker).unlink(missing_ok=True)


class AtPoint(_Ambush):
    """Whoever makes the fault's marker file was struck. It falls when one of each kind aimed at was, or any, so many times."""

    def __init__(self, fault: Fault, ledger: Ledger) -> None:
        super().__init__(fault.point)
        self._fault, self._ledger = fault, ledger
        self._marker, self._is_waiting = Path(), False
        is_cheap = fault.action is not FaultAction.SLOW
        times = KILLED_THERE if fault.action is FaultAction.KILL and fault.point in OF_ALL_EFFECTS else 1
        self._aims: list[Kind | None] = list(AIMED_AT.get(fault.point, ())) if is_cheap else []
        self._aims = self._aims or [None] * times
        self.patience_s = COMES_BY_WITHIN_S * len(self._aims)

    @property
    def name(self) -> str:
        return f"{self.place} {self._fault.action}"

    def lay(self, house: House, random: Random) -> None:
        self._marker = house.settings.faults_dir / self._fault.marker
        self._aim()

    def has_fallen(self, house: House) -> bool:
        if self._is_waiting or not self._marker.exists():
            self.nudge(house)
            return False
        self._aims.pop(0)
        if self._aims:
            self._aim()
        return not self._aims

    def lift(self, house: House) -> None:
        self._ledger.not_at_next(self._arm)
        self._marker.touch()

    def _aim(self) -> None:
        self._is_waiting = True
        if self._aims[0] is None:
            self._arm()
        else:
            self._ledger.at_next(self._aims[0], self._arm)

    def _arm(self) -> None:
        self._marker.unlink(missing_ok=True)
        self._is_waiting = False


@dataclass(eq=False)
class AtInsert(_Ambush):
    """A trigger refuses one row."""

    @property
    def name(self) -> str:
        return f"one insert into {self.place} fails"

    def lay(self, house: House, random: Random) -> None:
        patiently(lambda: self._lay(house))

    def _lay(self, house: House) -> None:
        with _at_once(house) as connection:
            # One try may have been true without our hearing of it.
            for statement in (*TRAP_AWAY, *TRAP):
                connection.execute(self._composed(statement))

    def has_fallen(self, house: House) -> bool:
        if house.ask(self._composed("SELECT is_called FROM {turn}")):
            return True
        self.nudge(house)
        return False

    def lift(self, house: House) -> None:
        patiently(lambda: self._lift(house))

    def _lift(self, house: House) -> None:
        with _at_once(house) as connection:
            for statement in TRAP_AWAY:
                connection.execute(self._composed(statement))

    def _composed(self, statement: LiteralString) -> sql.Composed:
        return sql.SQL(statement).format(
            table=sql.Identifier(self.place),
            turn=sql.Identifier(f"chaos_turn_{self.place}"),
            turn_name=sql.Literal(f"chaos_turn_{self.place}"),
            refuse=sql.Identifier(f"chaos_refuse_{self.place}"),
        )


@contextmanager
def _at_once(house: House) -> Iterator[psycopg.Connection]:
    """A transaction that waits for a table but so long, lest everybody waits behind it."""
    with house.connect() as connection, connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '500ms'")
        yield connection


def ambushes(ledger: Ledger) -> list[Blow]:
    """Every point with every action, every table."""
    points: list[Blow] = [AtPoint(fault, ledger) for fault in every_fault()]
    return [*points, *(AtInsert(table) for table in TABLES)]
