"""`flask audit` beside the people, again and again: as of one moment all must hold, whoever was just killed."""

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Lock, Thread
from typing import Any

from tests.chaos.house import House
from tests.chaos.nursery import Program, start

EVERY_S = 10


@dataclass(frozen=True)
class Verdict:
    """What one audit said: how many invariants it looked at, what is broken, and the status it ended with."""

    options: tuple[str, ...]
    invariants: int
    broken: tuple[str, ...]
    status: int

    def __str__(self) -> str:
        command = " ".join(("flask audit", *self.options))
        return (
            f"{command}: {self.invariants - len(self.broken)} of {self.invariants} invariants hold, exit {self.status}"
        )


class Auditor(Thread):
    """Runs the product's own command as an operator would; what it finds waits to be taken."""

    def __init__(self, house: House) -> None:
        super().__init__(name="auditor", daemon=True)
        self._house = house
        self._leaving = Event()
        self._lock = Lock()
        self._found: list[str] = []
        self.audits = 0

    def run(self) -> None:
        while not self._leaving.wait(EVERY_S):
            self.look()

    def leave(self) -> None:
        self._leaving.set()

    def look(self, *options: str) -> Verdict | None:
        """One audit; None if it came to no verdict, for the database may be gone in the middle of it."""
        verdict = _audited(self._house, options)
        if verdict is not None:
            with self._lock:
                self.audits += 1
                self._found += verdict.broken
        return verdict

    def taken(self) -> list[str]:
        """What was found since the last time."""
        with self._lock:
            found, self._found = self._found, []
        return found


def _audited(house: House, options: tuple[str, ...]) -> Verdict | None:
    with TemporaryDirectory() as folder:
        output = Path(folder) / "audit.json"
        log = house.settings.logs_dir / "audit.log"
        process = start(Program("flask", ["audit", "--json", *options], house.settings.to_env(), log, output))
        process.join()
        try:
            told: dict[str, Any] = json.loads(output.read_text())
        except (json.JSONDecodeError, FileNotFoundError):
            return None
    broken = tuple(
        f"audit: {one['name']}: {', '.join(one['offenders'])}" for one in told["invariants"] if one["holds"] is False
    )
    return Verdict(options, len(told["invariants"]), broken, process.exitcode or 0)
