"""A case of a small process, moved by the keys of its steps; each state goes through JSON, as through the database."""

import json
from dataclasses import dataclass, replace
from typing import Any

from app.process import engine
from app.process.compact import grow, shrink
from app.process.engine import Calls, Position
from app.process.expressions import Value
from app.process.package import Package
from tests.process.states import silent


@dataclass(frozen=True)
class Played:
    """Where a case stands; `at` may be an earlier stand, for what comes too late."""

    package: Package
    position: Position
    calls: Calls

    def answer(self, key: str, *, at: Position | None = None, nth: int = 0, **decisions: Value) -> "Played":
        task = [task for task in (at or self.position).waiting if task.key == key][nth]
        return self._moved(engine.complete, engine_task_id=task.engine_task_id, decisions=decisions)

    def happen(self, key: str, *, at: Position | None = None) -> "Played":
        event = next(event for event in (at or self.position).awaited if event.key == key)
        return self._moved(engine.happen, engine_task_id=event.engine_task_id)

    def _moved(self, move: Any, **given: Any) -> "Played":
        state = json.loads(json.dumps(self.position.state))
        return replace(self, position=move(self.package.program, state, calls=self.calls, **given))

    @property
    def waiting(self) -> list[str]:
        return sorted(task.key for task in self.position.waiting)

    @property
    def awaited(self) -> list[str]:
        return sorted(event.key for event in self.position.awaited)

    @property
    def outcome(self) -> str | None:
        return self.position.outcome


def begun(package: Package, calls: Calls = silent) -> Played:
    return Played(package, engine.start(package.program, calls=calls), calls)


def is_same_again(position: Position) -> bool:
    return bool(shrink(grow(position.state)) == position.state)
