"""`flask process test`: runs the scenarios beside diagrams and says which arrows nobody tries."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from app.domain.errors import Refusal
from app.process import definitions
from app.process.trials import files, scenarios
from app.process.trials.coverage import EVERYTHING, Report


@click.command("test")
@click.argument("targets", nargs=-1, metavar="[PATH…|PROCESS…]")
@click.option(
    "--share", type=click.IntRange(0, 100), default=EVERYTHING, help="Parte de las flechas que se pide, en %."
)
@click.option("--json", "as_json", is_flag=True, help="Escribe los resultados como JSON.")
def test(targets: tuple[str, ...], *, share: int, as_json: bool) -> None:
    """Corre los escenarios de carpetas, diagramas o procesos de workflows/; sin decir cuáles, todos los de workflows/."""
    reports = {path: _reported(path) for path in _paths(targets)}
    if not reports:
        raise click.UsageError("Ahí no hay diagramas. Indique una carpeta con archivos .bpmn.")
    if as_json:
        click.echo(json.dumps([_row(path, one, share) for path, one in reports.items()], ensure_ascii=False, indent=1))
    else:
        for path, one in reports.items():
            _say(path, one, share)
    sys.exit(1 if any(_problems(one, share) for one in reports.values()) else 0)


def _paths(targets: Sequence[str]) -> list[Path]:
    return [path for target in targets or [str(definitions.FOLDER)] for path in files.diagrams_of(_found(target))]


def _found(target: str) -> Path:
    path = Path(target)
    return path if path.exists() else definitions.FOLDER / f"{target}.bpmn"


def _reported(path: Path) -> Report | str:
    """The report, or why there is none."""
    if not path.is_file():
        return "No hay una carpeta, un diagrama ni un proceso con ese nombre. Revíselo."
    try:
        return files.reported(path)
    except Refusal as refusal:
        return refusal.sentence


def _problems(one: Report | str, share: int) -> list[str]:
    return [one] if isinstance(one, str) else one.problems(share)


def _say(path: Path, one: Report | str, share: int) -> None:
    for problem in _problems(one, share):
        click.echo(f"{path}: {problem}", err=True)
    if isinstance(one, Report):
        passed, coverage = sum(verdict.has_passed for verdict in one.verdicts), one.coverage
        click.echo(
            f"{path}: pasan {passed} de {len(one.verdicts)} escenarios; "
            f"recorren {len(coverage.covered)} de {len(coverage.arrows)} flechas ({coverage.percent} %)"
        )


def _row(path: Path, one: Report | str, share: int) -> dict[str, Any]:
    problems = _problems(one, share)
    row: dict[str, Any] = {"file": str(path), "passed": not problems, "problems": problems}
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
            "percent": one.coverage.percent,
            "wanted": share,
        },
    }
