"""`flask process`: check diagrams, run their scenarios, load the ones of `workflows/`, and publish changes."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup

from app.cli import studio, trials
from app.domain.errors import Refusal
from app.process import definitions, diagrams, gate, layout
from app.process.dmn import InvalidTable
from app.process.gate import Finding
from app.process.package import Package
from app.process.safe_xml import InvalidDiagram
from app.process.trials import files
from app.unit_of_work import unit_of_work

process = AppGroup("process", help="Diagramas de los procesos.", short_help="Diagramas de los procesos.")
for command in (trials.test, *studio.COMMANDS):
    process.add_command(command)


@process.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Escribe los hallazgos como JSON.")
def check_files(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Revisa diagramas BPMN, o los de una carpeta, con los formularios y tablas que tengan al lado, y dice qué corregir."""
    found = {file: _findings(file) for path in paths for file in files.diagrams_of(path)}
    if as_json:
        rows = [
            {"file": str(file), "findings": [asdict(finding) for finding in these]} for file, these in found.items()
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for file, these in found.items():
            _say(file, these)
    sys.exit(1 if any(found.values()) else 0)


@process.command("layout")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def draw_files(paths: tuple[Path, ...]) -> None:
    """Dibuja los archivos BPMN que no traen dibujo."""
    for path in paths:
        content = path.read_bytes()
        try:
            drawn = layout.with_drawing(content)
        except InvalidDiagram as invalid:
            raise click.ClickException(f"{path}: {invalid.sentence}") from invalid
        if drawn != content:
            path.write_bytes(drawn)
        click.echo(f"{path}: {'dibujado' if drawn != content else 'ya tenía dibujo'}")


@process.command("load")
def load() -> None:
    """Publica los diagramas de workflows/ que todavía no están."""
    with unit_of_work() as session:
        for definition in definitions.load_files(session):
            click.echo(f"{definition.process_id}: versión {definition.version}")


def _findings(file: Path) -> list[Finding]:
    try:
        forms = files.forms_beside(file)
    except Refusal as refusal:
        return [Finding("form", "", refusal.sentence)]
    try:
        tables = files.tables_beside(file)
    except InvalidTable as invalid:
        return [Finding("decision", fault.element, str(fault)) for fault in invalid.faults]
    try:
        diagram = diagrams.read(file.read_bytes())
        return gate.findings(Package(diagram, forms, tables, called=files.called_beside(file, diagram)))
    except InvalidDiagram as invalid:
        return [Finding("invalid_diagram", invalid.element, invalid.sentence)]


def _say(file: Path, found: list[Finding]) -> None:
    """What is wrong with a diagram goes to the terminal, and that nothing is goes on to the next program."""
    for finding in found:
        click.echo(f"{file}: {finding}", err=True)
    if not found:
        click.echo(f"{file}: sin observaciones")
