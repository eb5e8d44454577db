"""Child processes that live and die together: all are stopped, in order, when one ends or somebody says stop."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[2]
GRACE_S = 10
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody pressed Ctrl-C or sent a signal. Not an error, so nothing that handles errors may swallow it."""


@contextmanager
def stop_signals() -> Iterator[None]:
    """Turn the signals that mean "stop" into `Stopped` inside the block; during the clean-up after it they are ignored."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for name in STOP_SIGNALS:
            signal.signal(name, signal.SIG_IGN)
        raise Stopped

    for name in STOP_SIGNALS:
        signal.signal(name, stop)
    yield


class Children:
    """Processes by name, each with its own log file."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self._logs = logs
        self._environment = {**os.environ, **environment}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, module: str, arguments: Sequence[str]) -> None:
        """Run `python -m module arguments`, out of reach of the terminal's Ctrl-C: stopping has an order, and it is ours."""
        with self.log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env=self._environment,
                start_new_session=True,
            )

    def pid(self, name: str) -> int:
        return self._running[name].pid

    def log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def ended(self) -> str | None:
        """The name of a child that is no longer there, if any."""
        return next((name for name, child in self._running.items() if child.poll() is not None), None)

    def wait(self) -> str:
        """Block until a child ends; its name."""
        while (name := self.ended()) is None:
            time.sleep(0.5)
        return name

    def stop(self) -> None:
        """Ask each to finish, the last started first; kill with all its own children what takes too long."""
        for child in reversed(self._running.values()):
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + GRACE_S
        for child in reversed(self._running.values()):
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
