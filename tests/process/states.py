"""Serialised states of every wait of every diagram we released. `python -m tests.process.states` adds what is missing.

A folder is one diagram by its content, one version of the engine in it; what is there is never written again, because
cases that look like it may be waiting in somebody's database.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

from app.process import definitions, diagrams, engine
from app.process.engine import Decisions, Position
from app.process.expression_types import BOOL, Type
from app.process.package import Package
from tests.process import elements

FOLDER = Path(__file__).with_suffix("")
DIAGRAM, CALLED = "diagram.bpmn", "called"
MOST_VISITS = 2

Answered = tuple[tuple[str, Decisions], ...]


@dataclass(frozen=True)
class Wait:
    """A place where a case waits for people or events, and what was answered or happened on the way to it."""

    answered: Answered
    position: Position

    @property
    def keys(self) -> list[str]:
        waiting, awaited = self.position.waiting, self.position.awaited
        return [*(task.key for task in waiting), *(event.key for event in awaited)]


def waits(package: Package) -> list[Wait]:
    """Every wait of every path that comes to nothing more than twice, the shortest paths first; of two orders, one."""
    found = [Wait((), engine.start(package.program, calls=deciding))]
    seen = {_sort(found[0])}
    for wait in found:
        for after in _after(package, wait):
            if after.keys and _is_short(after) and _sort(after) not in seen:
                seen.add(_sort(after))
                found.append(after)
    return found


def _sort(wait: Wait) -> str:
    """Where a case waits and what it passed, whatever came first."""
    return f"{sorted(wait.keys)} {sorted({key for key, _ in wait.answered})}"


def ends_from(package: Package, wait: Wait) -> set[str]:
    """The ends that are reached from there, however people answer and whatever happens."""
    ends: set[str] = set()
    to_see = [wait]
    while to_see:
        for after in _after(package, to_see.pop()):
            if after.position.outcome is not None:
                ends.add(after.position.outcome)
            elif _is_short(after, beyond=len(wait.answered)):
                to_see.append(after)
    return ends


def _after(package: Package, wait: Wait) -> Iterator[Wait]:
    state = wait.position.state
    for task in wait.position.waiting:
        for decisions in _answers(package.all_forms[package.user_tasks[task.key].form].decides):
            position = engine.complete(
                package.program, state, engine_task_id=task.engine_task_id, decisions=decisions, calls=deciding
            )
            yield Wait((*wait.answered, (task.key, decisions)), position)
    for event in wait.position.awaited:
        position = engine.happen(package.program, state, engine_task_id=event.engine_task_id, calls=deciding)
        yield Wait((*wait.answered, (event.key, {})), position)


def undecided(_table: str, _data: Decisions) -> Decisions:
    return {}


@dataclass(frozen=True)
class Calling:
    """A case that asks `perform` for its operations, and `decide` for what decision tables say."""

    perform: Callable[[str], Decisions | None]
    decide: Callable[[str, Decisions], Decisions] = undecided


silent = Calling(lambda _: None)
deciding = Calling(lambda _: None, lambda _, data: {"high": data.get("granted", False)})


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


def folder_of(package: Package) -> Path:
    return FOLDER / package.diagram.process_id / package.diagram.sha256[:12]


def current() -> list[Package]:
    """What is released today, and a process for each element that lets a case wait."""
    files = sorted(definitions.FOLDER.glob("*.bpmn"))
    return [*(Package(diagrams.read(path.read_bytes())) for path in files), *elements.PACKAGES.values()]


def stored_in(folder: Path) -> Package:
    """The package of a folder: its diagram, and those of the processes that it calls."""
    called = [diagrams.read(path.read_bytes()) for path in sorted((folder / CALLED).glob("*.bpmn"))]
    return Package(
        diagrams.read((folder / DIAGRAM).read_bytes()), called={one.process_id: Package(one) for one in called}
    )


def add_missing(released: Sequence[Package]) -> list[Path]:
    """Write the states of the packages under the current engine, where they are not yet written."""
    added = []
    for package in released:
        folder = folder_of(package) / engine.VERSION
        if not folder.exists():
            folder.mkdir(parents=True)
            (folder.parent / DIAGRAM).write_text(package.diagram.xml, encoding="utf-8")
            for name, one in package.all_called.items():
                (folder.parent / CALLED).mkdir(exist_ok=True)
                (folder.parent / CALLED / f"{name}.bpmn").write_text(one.diagram.xml, encoding="utf-8")
            added += [_write(folder, number, package, wait) for number, wait in enumerate(waits(package), start=1)]
    return added


def _write(folder: Path, number: int, package: Package, wait: Wait) -> Path:
    stored: dict[str, Any] = {
        "engine_version": engine.VERSION,
        "answered": wait.answered,
        "waiting": [asdict(task) for task in wait.position.waiting],
        "awaited": [asdict(event) for event in wait.position.awaited],
        "ends": sorted(ends_from(package, wait)),
        "state": wait.position.state,
    }
    path = folder / f"{number:02}-{'+'.join(wait.keys).replace('/', '.')}.json"
    path.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    print(*add_missing(current()), sep="\n")  # noqa: T201
