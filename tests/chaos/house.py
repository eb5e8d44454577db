"""The whole house in a folder of its own: two servers, the site, the worker and the clock; what dies is started again."""

import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Event, Thread
from typing import LiteralString

import psutil
import psycopg
from psycopg.sql import Composed
from redis import Redis

from app.adapters.embedded.network import free_port
from app.adapters.embedded.postgres import Postgres
from app.adapters.embedded.valkey import Valkey
from app.cli.demo import web_arguments, worker_arguments
from app.config import Settings
from app.faults import POINTS, Fault, FaultAction
from tests.chaos.nursery import Program, start

LOOK_EVERY_S = 0.1
WEB, WORKER, BEAT = NAMES = ("web", "worker", "beat")
# Every process comes by; they are struck in the site, where a person waits for the answer.
SITE_ONLY = {"commit.before", "commit.after"}


@dataclass
class House:
    """The servers run while it exists, the site, the worker and the clock from `open` to `close`."""

    settings: Settings
    postgres: Postgres
    valkey: Valkey
    restarts: int = 0

    def __post_init__(self) -> None:
        self.settings.logs_dir.mkdir()
        self._running: dict[str, ForkServerProcess] = {}
        self._connection: psycopg.Connection | None = None
        self._closing = Event()
        self._keeper = Thread(target=self._keep_up, name="keeper")

    def open(self) -> None:
        for name in NAMES:
            self._start(name)
        self._keeper.start()

    def close(self) -> None:
        """End everything that was begun here. Closing twice is closing once."""
        self._closing.set()
        if self._connection is not None:
            self._connection.close()
        if self._keeper.is_alive():
            self._keeper.join()
        for name, process in self._running.items():
            with suppress(ProcessLookupError):
                self.kill_all_of(name)
            # One that was begun a moment ago has no group yet.
            process.kill()
            process.join()
        for server in (self.valkey, self.postgres):
            if server.answers():
                server.stop()

    def keep_logs(self, folder: Path) -> None:
        shutil.copytree(self.settings.logs_dir, folder, dirs_exist_ok=True)

    def process(self, name: str) -> psutil.Process:
        """Raises psutil.NoSuchProcess for one that has just ended."""
        return psutil.Process(self._running[name].pid)

    def kill_all_of(self, name: str) -> None:
        """With all its children, as when a container is killed. Raises ProcessLookupError if there is none any more."""
        os.killpg(self._running[name].pid or 0, signal.SIGKILL)

    def postmaster(self) -> psutil.Process:
        pid_file = self.settings.data_dir / "postgres" / "postmaster.pid"
        return psutil.Process(int(pid_file.read_text().split()[0]))

    def valkey_server(self) -> psutil.Process:
        with Redis.from_url(self.valkey.url) as client:
            return psutil.Process(client.info("server")["process_id"])

    def connect(self) -> psycopg.Connection:
        """As the owner, who may set traps and kill sessions."""
        return psycopg.connect(self.settings.owner_url.replace("+psycopg", ""), autocommit=True)

    def ask(self, query: LiteralString | Composed, *values: object) -> object:
        """One value from the database, by a connection that stays. Raises psycopg.OperationalError while it is away."""
        if self._connection is None or self._connection.broken:
            self._connection = self.connect()
        row = self._connection.execute(query, values).fetchone()
        return row[0] if row else None

    def _start(self, name: str) -> None:
        module, arguments = self._programs()[name]
        armed = [fault for fault in every_fault() if name == WEB or fault.point not in SITE_ONLY]
        settings = replace(self.settings, fault=",".join(f"{fault.marker}:once" for fault in armed))
        log = settings.logs_dir / f"{name}.log"
        self._running[name] = start(Program(module, arguments, settings.to_env(), log))

    def _programs(self) -> dict[str, tuple[str, list[str]]]:
        folder = self.settings.data_dir
        clock = ["-A", "tasks.celery_app", "beat", "--loglevel", "INFO"]
        files = ["--schedule", str(folder / "beat-schedule"), "--pidfile", str(folder / "beat.pid")]
        return {
            WEB: ("granian", web_arguments(self.settings)),
            WORKER: ("celery", [*worker_arguments(self.settings), "--hostname", "worker@chaos"]),
            BEAT: ("celery", [*clock, *files]),
        }

    def _keep_up(self) -> None:
        """What a container runtime does: who ended is started again, after whatever it left behind is gone too."""
        while not self._closing.wait(LOOK_EVERY_S):
            for name, process in list(self._running.items()):
                if process.exitcode is not None:
                    with suppress(ProcessLookupError):
                        self.kill_all_of(name)
                    self._start(name)
                    self.restarts += 1


@contextmanager
def house(kept: Path | None = None) -> Iterator[House]:
    """A house whose servers run; it goes away with everything in it, unless it is `kept` in a new folder of that name."""
    folder = Path(tempfile.mkdtemp(prefix="constancia-chaos-")) if kept is None else kept
    folder.mkdir(exist_ok=kept is None, parents=True)
    # PostgreSQL's system user must pass, if we are root.
    folder.chmod(0o711)
    postgres, valkey = Postgres(folder), Valkey(folder)
    try:
        postgres.start()
        valkey.start()
        built = House(_settings(folder, postgres, valkey), postgres, valkey)
        _put_everything_to_rest(built.settings.faults_dir)
        try:
            yield built
        finally:
            built.close()
    finally:
        if kept is None:
            if (folder / "postgres").exists():
                postgres.remove()
            shutil.rmtree(folder, ignore_errors=True)


def _settings(folder: Path, postgres: Postgres, valkey: Valkey) -> Settings:
    port = free_port()
    return Settings(
        database_url=postgres.url,
        database_owner_url=postgres.owner_url,
        redis_url=valkey.url,
        data_dir=folder,
        port=port,
        base_url=f"http://127.0.0.1:{port}",
        secret_key=secrets.token_hex(32),
        workers=2,
    )


def every_fault() -> list[Fault]:
    return [Fault(point, action, once=True) for point in POINTS for action in FaultAction]


def _put_everything_to_rest(markers: Path) -> None:
    """Where its marker is, a fault was struck already; taking the marker away has it struck once more."""
    markers.mkdir()
    for fault in every_fault():
        (markers / fault.marker).touch()
