"""Serialised states of every wait of every diagram we released. `python -m tests.process.states` adds what is missing.

A folder is one diagram by its content, one version of the engine in it; what is there is never written again, because
cases that look like it may be waiting in somebody's database.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from app.process import definitions, diagrams, engine
from app.process.catalogue import FORMS
from app.process.diagrams import Diagram
from app.process.engine import Decisions, Position
from app.process.expression_types import BOOL, Type
from app.process.package import Package

FOLDER = Path(__file__).with_suffix("")
DIAGRAM = "diagram.bpmn"
MOST_VISITS = 2

Answered = tuple[tuple[str, Decisions], ...]


@dataclass(frozen=True)
class Wait:
    """A place where a case waits for people, and what they answered on the way to it."""

    answered: Answered
    position: Position

    @property
    def keys(self) -> list[str]:
        return [task.key for task in self.position.waiting]


def waits(diagram: Diagram) -> list[Wait]:
    """Every wait of every path that asks nobody the same more than twice, the shortest paths first."""
    found = [Wait((), engine.start(Package(diagram).program, calls=silent))]
    for wait in found:
        found += [after for after in _after(diagram, wait) if after.position.waiting and _is_short(after)]
    return found


def ends_from(diagram: Diagram, wait: Wait) -> set[str]:
    """The ends that are reached from there, however people answer."""
    ends: set[str] = set()
    to_see = [wait]
    while to_see:
        for after in _after(diagram, to_see.pop()):
            if after.position.outcome is not None:
                ends.add(after.position.outcome)
            elif _is_short(after, beyond=len(wait.answered)):
                to_see.append(after)
    return ends


def _after(diagram: Diagram, wait: Wait) -> Iterator[Wait]:
    for task in wait.position.waiting:
        for decisions in _answers(FORMS[diagram.user_tasks[task.key].form].decides):
            position = engine.complete(
                Package(diagram).program,
                wait.position.state,
                engine_task_id=task.engine_task_id,
                decisions=decisions,
                calls=silent,
            )
            yield Wait((*wait.answered, (task.key, decisions)), position)


@dataclass(frozen=True)
class Calling:
    """A case that asks `perform` for its operations."""

    perform: Callable[[str], Decisions | None]


silent = Calling(lambda _: None)


def _answers(decides: Mapping[str, Type]) -> list[Decisions]:
    return [dict(zip(decides, values, strict=True)) for values in product(*map(_values, decides.values()))]


def _values(declared: Type) -> Sequence[bool | str]:
    if declared == BOOL:
        return [True, False]
    assert declared.choices, f"say here which answers of type {declared.face} lead to every way out"
    return sorted(declared.choices)


def _is_short(wait: Wait, *, beyond: int = 0) -> bool:
    keys = [key for key, _ in wait.answered[beyond:]]
    return all(keys.count(key) < MOST_VISITS for key in wait.keys)


def folder_of(diagram: Diagram) -> Path:
    return FOLDER / diagram.process_id / diagram.sha256[:12]


def current_diagrams() -> list[Diagram]:
    return [diagrams.read(path.read_bytes()) for path in sorted(definitions.FOLDER.glob("*.bpmn"))]


def add_missing(released: Sequence[Diagram]) -> list[Path]:
    """Write the states of the diagrams under the current engine, where they are not yet written."""
    added = []
    for diagram in released:
        folder = folder_of(diagram) / engine.VERSION
        if not folder.exists():
            folder.mkdir(parents=True)
            (folder.parent / DIAGRAM).write_text(diagram.xml, encoding="utf-8")
            added += [_write(folder, number, diagram, wait) for number, wait in enumerate(waits(diagram), start=1)]
    return added


def _write(folder: Path, number: int, diagram: Diagram, wait: Wait) -> Path:
    stored: dict[str, Any] = {
        "engine_version": engine.VERSION,
        "answered": wait.answered,
        "waiting": [{"engine_task_id": task.engine_task_id, "key": task.key} for task in wait.position.waiting],
        "ends": sorted(ends_from(diagram, wait)),
        "state": wait.position.state,
    }
    path = folder / f"{number:02}-{'+'.join(wait.keys)}.json"
    path.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    print(*add_missing(current_diagrams()), sep="\n")  # noqa: T201
