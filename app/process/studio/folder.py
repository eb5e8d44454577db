"""A folder laid out as `workflows/`, which analysts may keep under git as their master copy: published versions out, changes in."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from app.models import ProcessDefinition
from app.process import decision_tables, diagrams
from app.process.safe_xml import InvalidDiagram, tree_of
from app.process.trials import files

FORMS, SCENARIOS, DECISIONS = "forms", "scenarios", "decisions"


def export(definition: ProcessDefinition, folder: Path) -> list[Path]:
    """Write a version with all that is its own, a line for each thing, so that git shows what changed; the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    diagram = folder / f"{definition.process_id}.bpmn"
    diagram.write_bytes(_indented(definition.xml))
    written = [diagram]
    for name, form in definition.forms.items():
        file = folder / FORMS / f"{name}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(form, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        written.append(file)
    for name, table in definition.decision_tables.items():
        file = folder / DECISIONS / f"{name}{decision_tables.SUFFIX}"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(_indented(table))
        written.append(file)
    for name, scenario in definition.scenarios.items():
        file = folder / SCENARIOS / definition.process_id / f"{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(scenario, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        written.append(file)
    return written


def scenarios_beside(file: Path, process_id: str) -> Mapping[str, Any] | None:
    """Those of a process beside its diagram; None where there is no place for them. Raises InvalidScenario."""
    if not (file.parent / SCENARIOS / process_id).is_dir():
        return None
    return files.data_beside(file.parent, process_id)


def _indented(xml: str) -> bytes:
    """Blanks between elements are not part of what runs: read again, it is the same canonical text."""
    root = tree_of(xml)
    etree.indent(root, "  ")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def diagrams_in(paths: list[Path]) -> list[Path]:
    """The diagrams among files and folders."""
    return [file for path in paths for file in (sorted(path.glob("*.bpmn")) if path.is_dir() else [path])]


def tables_beside(file: Path) -> decision_tables.Stored | None:
    """Of the decision tables beside a diagram, those it names; None where there are none. Raises InvalidTable."""
    beside = decision_tables.in_folder(file.parent / DECISIONS)
    named = set(diagrams.read(file.read_bytes()).decisions.values())
    return {name: beside[name] for name in sorted(named & beside.keys())} if beside else None


def read(file: Path) -> tuple[bytes, Mapping[str, Any] | None]:
    """A diagram and, of the forms beside it, those it names; None where there are none. Raises InvalidDiagram."""
    content = file.read_bytes()
    named = {task.form for task in diagrams.read(content).user_tasks.values()}
    beside = {path.stem: path for path in sorted((file.parent / FORMS).glob("*.json"))}
    if not beside:
        return content, None
    return content, {name: _json(beside[name]) for name in sorted(named & beside.keys())}


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InvalidDiagram(f"{file.name} no es JSON: {error}. Corríjalo.") from error
