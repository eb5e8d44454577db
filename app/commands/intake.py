"""`flask intake`: reads a folder or zip of CSV files in chunks, one transaction each, and tells what became of every row."""

import gc
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from app.commands.intake_report import LoadReport
from app.domain.errors import Refusal
from app.services import intake as intake_service
from app.services.intake import Refused, Row, Source, SourceFile
from app.unit_of_work import unit_of_work

# Large enough for the set-wise merge to pay off, small enough to hold a chunk in some tens of megabytes.
CHUNK = 25_000

intake = AppGroup("intake", help="Carga de registros.")


@intake.command("load")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--report", "report_path", type=click.Path(path_type=Path), help="Guarda el informe completo como JSON.")
@with_appcontext
def load(path: Path, report_path: Path | None) -> None:
    """Carga la carpeta o el zip PATH. Sale con error si alguna fila se rechaza; las demás quedan cargadas."""
    try:
        with LoadReport.open(report_path) as report:
            load_path(path, report)
    except Refusal as refused:
        sys.exit(refused.sentence)
    click.echo(report.text())
    if report.has_refusals:
        sys.exit(1)


def load_path(path: Path, report: LoadReport) -> None:
    """Load every file of `path`. Raises Refusal if there is nothing to read."""
    run = uuid.uuid4().hex[:12]
    with intake_service.open_source(path) as source:
        report.notice_unknown(source.unknown)
        with _progress(source) as bar, _no_search_for_cycles():
            for file in source.files:
                _load_file(file, report, bar, run=run, source=f"flask intake load {path.name}")


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Rows hold no reference cycles; looking for some among a million of them takes longer than reading them."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _progress(source: Source) -> "click._termui_impl.ProgressBar[int]":
    total = sum(file.size for file in source.files)
    # Not among the output that a program may read.
    return click.progressbar(length=total, label="Cargando", file=sys.stderr, hidden=not sys.stderr.isatty())


def _load_file(
    file: SourceFile, report: LoadReport, bar: "click._termui_impl.ProgressBar[int]", *, run: str, source: str
) -> None:
    counts = report.begin(file.name)
    rows = file.rows(bar.update)
    for number, chunk in enumerate(_chunks(rows)):
        good = [row for row in chunk if isinstance(row, Row)]
        with unit_of_work() as session:
            done = intake_service.load_chunk(
                session, file.kind, good, source=source[:200], run=f"{run}:{file.kind.name}:{number}"
            )
        counts.add(done)
        report.refuse(row for row in chunk if isinstance(row, Refused))
        report.refuse(done.refused)


def _chunks(rows: Iterator[Row | Refused]) -> Iterator[list[Row | Refused]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
