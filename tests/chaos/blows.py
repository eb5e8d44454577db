"""What is done to the house at a moment of our choosing: `kill -9` of every part, and a broker that forgets."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

import psutil
import psycopg
from celery import Celery
from redis import Redis

from app.adapters.embedded.postgres import Postgres
from app.adapters.embedded.valkey import Valkey
from tasks.celery_app import CLOCK
from tests.chaos.house import BEAT, WEB, WORKER, House

# On a machine with seven other things to do everything takes seven times as long.
COMES_BY_WITHIN_S = 240
SERVERS_START_WITHIN_S = 60
FORGETS_FOR_S, FORGETS_EVERY_S = 10, 2


class Blow(Protocol):
    """It is laid, falls when somebody meets it, and is lifted. `works_on_files` where nobody comes by while the disk is full."""

    @property
    def name(self) -> str: ...
    @property
    def patience_s(self) -> float: ...
    @property
    def works_on_files(self) -> bool: ...

    def lay(self, house: House, random: Random) -> None: ...
    def has_fallen(self, house: House) -> bool: ...
    def lift(self, house: House) -> None: ...


@dataclass
class Kill:
    """Falls when it is laid; `strike` brings back the server it killed. What ended a moment ago is killed when it is back."""

    name: str
    strike: Callable[[House, Random], None]
    patience_s: float = 0
    works_on_files: bool = False

    def lay(self, house: House, random: Random) -> None:
        patiently(lambda: self.strike(house, random))

    def has_fallen(self, house: House) -> bool:
        return True

    def lift(self, house: House) -> None: ...


def patiently(act: Callable[[], None]) -> None:
    """`act`, again and again while a part of the house is just being started again."""
    until = time.monotonic() + SERVERS_START_WITHIN_S
    while True:
        try:
            return act()
        except (psutil.NoSuchProcess, ProcessLookupError, psycopg.OperationalError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _kill_one_of(name: str) -> Callable[[House, Random], None]:
    def strike(house: House, random: Random) -> None:
        process = house.process(name)
        children = sorted(process.children(), key=lambda child: int(child.pid))
        (random.choice(children) if children else process).kill()

    return strike


def _kill_postgres(house: House, random: Random) -> None:
    _kill_and_wait(house.postmaster())
    time.sleep(random.uniform(0, 1))
    _bring_back(house.postgres)


def _kill_valkey(house: House, random: Random) -> None:
    _kill_and_wait(house.valkey_server())
    time.sleep(random.uniform(0, 1))
    _bring_back(house.valkey)


def _kill_a_session(house: House, random: Random) -> None:
    """The process that serves one connection: PostgreSQL then ends all of them and recovers."""
    with house.connect() as connection:
        query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        pids = [int(str(pid)) for (pid,) in connection.execute(query)]
    if not pids:
        raise psutil.NoSuchProcess(0)
    psutil.Process(random.choice(sorted(pids))).kill()


def _kill_everything(house: House, _random: Random) -> None:
    """As when the power goes."""
    postmaster, valkey = house.postmaster(), house.valkey_server()
    for name in (WEB, WORKER, BEAT):
        with suppress(ProcessLookupError):
            house.kill_all_of(name)
    for server in (postmaster, valkey):
        _kill_and_wait(server)
    for embedded in (house.postgres, house.valkey):
        _bring_back(embedded)


KILLS: Sequence[Kill] = (
    Kill("kill -9 one process of the site", _kill_one_of(WEB)),
    Kill("kill -9 the site", lambda house, _random: house.kill_all_of(WEB)),
    Kill("kill -9 a worker's child", _kill_one_of(WORKER)),
    Kill("kill -9 a worker's parent", lambda house, _random: house.process(WORKER).kill()),
    Kill("kill -9 the worker", lambda house, _random: house.kill_all_of(WORKER)),
    Kill("kill -9 the clock", lambda house, _random: house.process(BEAT).kill()),
    Kill("kill -9 PostgreSQL", _kill_postgres),
    Kill("kill -9 a session of PostgreSQL", _kill_a_session),
    Kill("kill -9 Valkey", _kill_valkey),
    Kill("kill -9 everything", _kill_everything),
)


def kills(how_many: int, random: Random) -> list[Kill]:
    """Each kind before any comes again, in an order that the seed decides."""
    found: list[Kill] = []
    while len(found) < how_many:
        found += random.sample(KILLS, len(KILLS))
    return found[:how_many]


@dataclass
class Forgetting:
    """The broker, the sessions and the limits are emptied, for a while."""

    name: str = "FLUSHALL every two seconds"
    patience_s: float = COMES_BY_WITHIN_S
    works_on_files: bool = False
    _times: list[float] = field(default_factory=list)

    def lay(self, house: House, random: Random) -> None:
        self._times = [time.monotonic() + after for after in range(0, FORGETS_FOR_S, FORGETS_EVERY_S)]

    def has_fallen(self, house: House) -> bool:
        while self._times and self._times[0] <= time.monotonic():
            with Redis.from_url(house.valkey.url) as client:
                client.flushall()
            self._times.pop(0)
        return not self._times

    def lift(self, house: House) -> None: ...


def strike_the_clock(house: House, task: str) -> None:
    """Have done now what the clock sends at its time."""
    with Celery(broker=house.settings.broker_url, set_as_current=False) as clock:
        clock.send_task(task, queue=CLOCK, expires=60)


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
