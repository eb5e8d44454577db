"""`flask process test`: runs scenarios, those beside diagrams or of what is published, and says which arrows nobody tries."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from app.cli.prepared import with_prepared_database
from app.domain.errors import Refusal
from app.models import ProcessDefinition
from app.process import definitions, packages
from app.process.studio import covering
from app.process.trials import files, scenarios
from app.process.trials.coverage import EVERYTHING, Report, report
from app.unit_of_work import reading

NOTHING = "No hay una carpeta, un diagrama ni un proceso publicado con ese nombre. Revíselo."


@dataclass(frozen=True)
class Tried:
    """What was tried, the report or why there is none, and the share that is asked for."""

    where: str
    report: Report | str
    share: int

    @property
    def problems(self) -> list[str]:
        return [self.report] if isinstance(self.report, str) else self.report.problems(self.share)


@click.command("test")
@click.argument("targets", nargs=-1, metavar="[PATH…|PROCESS…]")
@click.option("--share", type=click.IntRange(0, 100), help="Parte de las flechas que se pide, en %.")
@click.option("--json", "as_json", is_flag=True, help="Escribe los resultados como JSON.")
@with_prepared_database
def test(targets: tuple[str, ...], *, share: int | None, as_json: bool) -> None:
    """Corre los escenarios de carpetas y diagramas, o de la última versión publicada de un proceso.

    Sin decir cuáles, los de workflows/. De un archivo se piden todas las flechas; de un proceso, las que pide el administrador.
    """
    tried = [one for target in targets or [str(definitions.FOLDER)] for one in _tried(target, share)]
    if not tried:
        raise click.UsageError("Ahí no hay diagramas. Indique una carpeta con archivos .bpmn.")
    if as_json:
        click.echo(json.dumps([_row(one) for one in tried], ensure_ascii=False, indent=1))
    else:
        for one in tried:
            _say(one)
    sys.exit(1 if any(one.problems for one in tried) else 0)


def _tried(target: str, share: int | None) -> Iterator[Tried]:
    path = Path(target)
    if path.exists():
        for file in files.diagrams_of(path):
            yield Tried(str(file), _told(files.reported, file), EVERYTHING if share is None else share)
        return
    with reading() as session:
        definition = definitions.latest_or_none(session, target)
        wanted = covering.percent(session) if share is None else share
        yield Tried(target, NOTHING if definition is None else _told(_published, definition), wanted)


def _published(definition: ProcessDefinition) -> Report:
    package = packages.of(definition)
    return report(package, scenarios.read_all(definition.scenarios))


def _told(reported: Callable[[Any], Report], of: Any) -> Report | str:
    try:
        return reported(of)
    except Refusal as refusal:
        return refusal.sentence


def _say(tried: Tried) -> None:
    for problem in tried.problems:
        click.echo(f"{tried.where}: {problem}", err=True)
    if isinstance(tried.report, Report):
        verdicts, coverage = tried.report.verdicts, tried.report.coverage
        click.echo(
            f"{tried.where}: pasan {sum(verdict.has_passed for verdict in verdicts)} de {len(verdicts)} escenarios; "
            f"recorren {len(coverage.covered)} de {len(coverage.arrows)} flechas ({coverage.percent} %)"
        )
        for table in coverage.unused:
            click.echo(f"{tried.where}: ningún escenario usa {table.said}")


def _row(tried: Tried) -> dict[str, Any]:
    problems, one = tried.problems, tried.report
    row: dict[str, Any] = {"target": tried.where, "passed": not problems, "problems": problems}
    if isinstance(one, str):
        return row
    return row | {
        "process_id": one.package.diagram.process_id,
        "scenarios": [
            {
                "passed": verdict.has_passed,
                "differences": list(verdict.differences),
                "name": verdict.scenario.name,
                **scenarios.as_data(verdict.scenario),
            }
            for verdict in one.verdicts
        ],
        "coverage": {
            "flows": [arrow.key for arrow in one.coverage.arrows],
            "missing": [arrow.key for arrow in one.coverage.missing],
            "unused_rules": {table.table: list(table.numbers) for table in one.coverage.unused},
            "percent": one.coverage.percent,
            "wanted": tried.share,
        },
    }
