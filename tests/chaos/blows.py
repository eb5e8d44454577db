"""What is done to the house: `kill -9` of every part, a broker that forgets, tables that refuse, and every fail-point."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import psutil
import psycopg
from celery import Celery
from psycopg import sql
from redis import Redis

from app.adapters.embedded.postgres import Postgres
from app.adapters.embedded.valkey import Valkey
from app.faults import Fault, FaultAction
from tasks.celery_app import CLOCK
from tests.chaos.house import BEAT, WEB, WORKER, House, every_fault

# The rows of an action and of what follows from it.
TABLES = (
    "claimed_request",
    "process_instance",
    "human_task",
    "issuance",
    "folio_counter",
    "annulment_request",
    "annulment_decision",
    "history_event",
    "task_timer",
    "log_pending",
    "log_leaf",
    "effect",
    "document",
)
# What only the clock does, by what lies in wait for it: it strikes early for that.
STRUCK_BY_THE_CLOCK = {
    "sweep.before_ring": "effects.sweep",
    "timers.fired": "deadlines.tick",
    "log.appended": "transparency.seal",
    "log_leaf": "transparency.seal",
}
SERVERS_START_WITHIN_S = 60
COMES_BY_WITHIN_S = 120
STROKE_EVERY_S = 2
FORGETS_FOR_S, FORGETS_EVERY_S = 10, 2


class NobodyCameBy(Exception):
    """A fault lay in wait and was not met: people do not do what the fault is about."""


@dataclass(frozen=True)
class Blow:
    """`strike` does it, and brings back the server it killed. One that `lies_in_wait` has fallen when that returns."""

    name: str
    strike: Callable[[House, Random], None]
    lies_in_wait: bool = False


def _kill_one_of(name: str) -> Callable[[House, Random], None]:
    def strike(house: House, random: Random) -> None:
        process = house.process(name)
        children = sorted(process.children(), key=lambda child: int(child.pid))
        with suppress(psutil.NoSuchProcess):
            (random.choice(children) if children else process).kill()

    return strike


def _kill_parent(name: str) -> Callable[[House, Random], None]:
    return lambda house, _random: house.process(name).kill()


def _kill_all_of(name: str) -> Callable[[House, Random], None]:
    return lambda house, _random: house.kill_all_of(name)


def _kill_postgres(house: House, random: Random) -> None:
    _kill_and_wait(house.postmaster())
    time.sleep(random.uniform(0, 1.5))
    _bring_back(house.postgres)


def _kill_valkey(house: House, random: Random) -> None:
    _kill_and_wait(house.valkey_server())
    time.sleep(random.uniform(0, 1.5))
    _bring_back(house.valkey)


def _kill_a_session(house: House, random: Random) -> None:
    """The process that serves one connection: PostgreSQL then ends all of them and recovers."""
    with connection_to(house) as connection:
        query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        pids = [int(str(pid)) for (pid,) in connection.execute(query)]
    if pids:
        with suppress(psutil.NoSuchProcess):
            psutil.Process(random.choice(sorted(pids))).kill()


def _kill_everything(house: House, random: Random) -> None:
    """As when the power goes."""
    postmaster, valkey = house.postmaster(), house.valkey_server()
    for name in (WEB, WORKER, BEAT):
        house.kill_all_of(name)
    for server in (postmaster, valkey):
        _kill_and_wait(server)
    for server in (house.postgres, house.valkey):
        _bring_back(server)


KILLS: Sequence[Blow] = (
    Blow("kill -9 one process of the site", _kill_one_of(WEB)),
    Blow("kill -9 the site", _kill_all_of(WEB)),
    Blow("kill -9 a worker's child", _kill_one_of(WORKER)),
    Blow("kill -9 a worker's parent", _kill_parent(WORKER)),
    Blow("kill -9 the worker", _kill_all_of(WORKER)),
    Blow("kill -9 the clock", _kill_parent(BEAT)),
    Blow("kill -9 PostgreSQL", _kill_postgres),
    Blow("kill -9 a session of PostgreSQL", _kill_a_session),
    Blow("kill -9 Valkey", _kill_valkey),
    Blow("kill -9 everything", _kill_everything),
)


def kills(how_many: int, random: Random) -> list[Blow]:
    """Each kind before any comes again, in an order that the seed decides."""
    found: list[Blow] = []
    while len(found) < how_many:
        found += random.sample(KILLS, len(KILLS))
    return found[:how_many]


def _forget_everything(house: House, _random: Random) -> None:
    until = time.monotonic() + FORGETS_FOR_S
    with Redis.from_url(house.valkey.url) as client:
        while time.monotonic() < until:
            client.flushall()
            time.sleep(FORGETS_EVERY_S)


FORGETTING = Blow("FLUSHALL every two seconds", _forget_everything, lies_in_wait=True)


def refusals() -> list[Blow]:
    """One insert into each table fails."""
    return [Blow(f"one insert into {table} fails", _refuse_one(table), lies_in_wait=True) for table in TABLES]


def _refuse_one(table: str) -> Callable[[House, Random], None]:
    def strike(house: House, _random: Random) -> None:
        with connection_to(house) as connection:
            connection.execute("CREATE SEQUENCE chaos_turn")
            connection.execute(
                "CREATE FUNCTION chaos_refuse() RETURNS trigger LANGUAGE plpgsql AS"
                # A sequence goes on when its transaction is rolled back: the first insert fails and no other.
                " $$ BEGIN IF nextval('chaos_turn') = 1 THEN RAISE 'chaos'; END IF; RETURN NEW; END $$"
            )
            name = sql.Identifier(table)
            connection.execute(
                sql.SQL("CREATE TRIGGER chaos BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION chaos_refuse()").format(
                    name
                )
            )
            try:
                _until_met(house, table, lambda: bool(_value(connection, "SELECT is_called FROM chaos_turn")))
            finally:
                connection.execute("DROP FUNCTION chaos_refuse CASCADE")
                connection.execute("DROP SEQUENCE chaos_turn")

    return strike


def fail_points() -> list[Blow]:
    """Every point with every action, each struck once."""
    return [Blow(f"{fault.point} {fault.action}", _lie_in_wait(fault), lies_in_wait=True) for fault in every_fault()]


def _lie_in_wait(fault: Fault) -> Callable[[House, Random], None]:
    def strike(house: House, _random: Random) -> None:
        markers = house.settings.faults_dir
        if fault.point == "failure.to_record":
            # Somebody has to fail first.
            (markers / Fault("effect.before_work", FaultAction.ERROR).marker).unlink()
        marker = markers / fault.marker
        marker.unlink()
        try:
            _until_met(house, fault.point, marker.exists)
        finally:
            marker.touch()

    return strike


def connection_to(house: House) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(house.settings.database_url.replace("+psycopg", ""), autocommit=True)


def _value(connection: psycopg.Connection[tuple[object, ...]], query: str) -> object:
    return connection.execute(query.encode()).fetchall()[0][0]


def strike_the_clock(house: House, task: str) -> None:
    """Have done now what the clock sends at its time."""
    clock = Celery(broker=house.settings.broker_url, set_as_current=False)
    clock.send_task(task, queue=CLOCK, expires=60)


def _until_met(house: House, what: str, is_met: Callable[[], bool]) -> None:
    """Raises NobodyCameBy."""
    begun = time.monotonic()
    next_stroke = begun
    while not is_met():
        if time.monotonic() > begun + COMES_BY_WITHIN_S:
            raise NobodyCameBy(what)
        if what in STRUCK_BY_THE_CLOCK and time.monotonic() > next_stroke:
            strike_the_clock(house, STRUCK_BY_THE_CLOCK[what])
            next_stroke += STROKE_EVERY_S
        time.sleep(0.02)


def _kill_and_wait(server: psutil.Process) -> None:
    children = server.children()
    server.kill()
    # PostgreSQL's other processes see that it is gone and go too.
    psutil.wait_procs([server, *children], timeout=30)


def _bring_back(server: Postgres | Valkey) -> None:
    """At the address it had."""
    until = time.monotonic() + SERVERS_START_WITHIN_S
    while True:
        try:
            return server.start()
        except RuntimeError:
            # What is left of the killed one still holds its memory.
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
