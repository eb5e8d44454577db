"""`flask process`: check diagrams and load the ones of `workflows/`."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from app.domain.errors import Refusal
from app.process import definitions, diagrams, gate
from app.unit_of_work import unit_of_work

process = AppGroup("process", help="Diagramas de los procesos.", short_help="Diagramas de los procesos.")


@process.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_files(paths: tuple[Path, ...]) -> None:
    """Revisa diagramas BPMN y dice qué corregir."""
    faulty = [path for path in paths if not _check(path)]
    sys.exit(1 if faulty else 0)


@process.command("load")
def load() -> None:
    """Publica los diagramas de workflows/ que todavía no están."""
    with unit_of_work() as session:
        for definition in definitions.load_files(session):
            click.echo(f"{definition.process_id}: versión {definition.version}")


def _check(path: Path) -> bool:
    """Whether the diagram of `path` may be published; what is wrong with it goes to the terminal."""
    try:
        found = [str(finding) for finding in gate.findings(diagrams.read(path.read_bytes()))]
    except Refusal as refusal:
        found = [refusal.sentence]
    for sentence in found:
        click.echo(f"{path}: {sentence}", err=True)
    if not found:
        click.echo(f"{path}: sin observaciones")
    return not found
