"""Processes in a folder laid out as `workflows/`: diagrams, `forms/`, `decisions/` and `scenarios/<process>/`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.process import decision_tables, diagrams, gate
from app.process.decision_tables import Tables
from app.process.diagrams import Diagram
from app.process.forms import Forms, first_versions, spec
from app.process.package import Package
from app.process.trials.coverage import Report, report
from app.process.trials.scenarios import InvalidScenario, Scenario, as_data, read


def diagrams_of(path: Path) -> list[Path]:
    """The diagrams of a folder, or the one."""
    return sorted(path.glob("*.bpmn")) if path.is_dir() else [path]


def forms_beside(path: Path) -> Forms:
    """What a diagram may ask: our own forms, and those of the folder `forms/` beside it. Raises Refusal for one that is faulty."""
    beside = {file.stem: spec(file.stem, _json(file)) for file in sorted((path.parent / "forms").glob("*.json"))}
    return {**first_versions(), **beside}


def tables_beside(path: Path) -> Tables:
    """What it may be decided by: our own tables, and those of the folder `decisions/` beside it. Raises InvalidTable."""
    return decision_tables.offered(decision_tables.in_folder(path.parent / "decisions"))


def called_beside(path: Path, diagram: Diagram, above: frozenset[str] = frozenset()) -> Mapping[str, Package]:
    """The processes that a diagram calls, from the files beside it of their names, each with those that it calls.

    One that is not there, or would come back to itself, is left out. Raises Refusal for one that cannot be read.
    """
    above |= {diagram.process_id}
    found = {}
    for process_id in sorted(set(diagram.calls.values()) - above):
        file = path.parent / f"{process_id}.bpmn"
        if file.is_file():
            called = diagrams.read(file.read_bytes())
            within = called_beside(file, called, above)
            found[process_id] = Package(called, forms_beside(file), tables_beside(file), called=within)
    return found


def package_of(path: Path) -> Package:
    """A diagram with the forms beside it. Raises Refusal for one that cannot be tried."""
    diagram = diagrams.read(path.read_bytes())
    package = Package(diagram, forms_beside(path), tables_beside(path), called=called_beside(path, diagram))
    gate.require_sound(package)
    return package


def scenarios_of(path: Path, process_id: str) -> list[Scenario]:
    """Those beside a diagram, in the order of their names. Raises InvalidScenario."""
    return [_read(file) for file in sorted((path.parent / "scenarios" / process_id).glob("*.json"))]


def data_beside(folder: Path, process_id: str) -> dict[str, Any]:
    """The scenarios of a process in a folder, as a version stores them. Raises InvalidScenario."""
    return {one.name: as_data(one) for one in scenarios_of(folder / f"{process_id}.bpmn", process_id)}


def reported(path: Path) -> Report:
    """The scenarios of a diagram, run. Raises Refusal for a diagram or a scenario that cannot be read."""
    package = package_of(path)
    return report(package, scenarios_of(path, package.diagram.process_id))


def _read(file: Path) -> Scenario:
    return read(file.stem, _json(file))


def _json(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InvalidScenario(f"{file.name} no es JSON: {error}. Corríjalo.") from error
