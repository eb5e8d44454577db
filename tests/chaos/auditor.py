"""`flask audit` beside the people, again and again: as of one moment all must hold, whoever was just killed."""

import json
import os
import subprocess
import sys
from threading import Event, Lock, Thread
from typing import Any

from app.cli.supervisor import ROOT
from tests.chaos.house import House

EVERY_S = 20


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

    def look(self, *options: str) -> bool:
        """One audit, and whether it came to a verdict: the database may be gone in the middle of it."""
        told = _audited(self._house, *options)
        if told is None:
            return False
        broken = [one for one in told["invariants"] if one["holds"] is False]
        with self._lock:
            self.audits += 1
            self._found += [f"audit: {one['name']}: {', '.join(one['offenders'])}" for one in broken]
        return True

    def taken(self) -> list[str]:
        """What was found since the last time."""
        with self._lock:
            found, self._found = self._found, []
        return found


def _audited(house: House, *options: str) -> dict[str, Any] | None:
    command = [sys.executable, "-m", "flask", "audit", "--json", *options]
    environment = {**os.environ, **house.settings.to_env()}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    try:
        told: dict[str, Any] = json.loads(ended.stdout)
    except json.JSONDecodeError:
        return None
    return told
