"""`flask intake`: reads a folder or zip of CSV files in chunks, one transaction each, and tells what became of every row."""

import gc
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import click
from flask.cli import AppGroup, with_appcontext

from app.commands.intake_report import LoadReport
from app.domain.errors import Refusal
from app.services import intake as intake_service
from app.services.intake import Reading, Refused, Row, Source, SourceFile
from app.unit_of_work import unit_of_work

# Large enough for the set-wise merge to pay off, small enough to hold a chunk in some tens of megabytes.
CHUNK = 25_000

intake = AppGroup("intake", help="Carga de registros.")


@intake.command("load")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--report", "report_path", type=click.Path(path_type=Path), help="Guarda el informe completo como JSON.")
@click.option("--chunk", type=click.IntRange(min=1), default=CHUNK, show_default=True, help="Filas por transacción.")
@with_appcontext
def load(path: Path, report_path: Path | None, chunk: int) -> None:
    """Carga la carpeta o el zip PATH. Sale con error si alguna fila se rechaza; las demás quedan cargadas."""
    try:
        with LoadReport.open(report_path) as report:
            load_path(path, report, chunk=chunk)
    except Refusal as refused:
        sys.exit(refused.sentence)
    click.echo(report.text())
    if report.has_refusals:
        sys.exit(1)


def load_path(path: Path, report: LoadReport, *, chunk: int = CHUNK) -> None:
    """Load every file of `path`. Raises Refusal if there is nothing to read."""
    run = uuid.uuid4().hex[:12]
    with intake_service.open_source(path) as source:
        report.notice_unknown(source.unknown)
        with _progress(source) as bar, _no_search_for_cycles():
            loading = _Loading(report, bar, run, source=f"flask intake load {path.name}"[:200])
            for file in source.files:
                loading.take(file, chunk)


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


class _Chunk(NamedTuple):
    """Rows of one file, read and not yet stored; `bytes` is how much of it they are."""

    reading: Reading
    unreadable: list[Refused]
    bytes: int


@dataclass(frozen=True)
class _Loading:
    """One run of the command: where it tells what it did, and what its corrections and recomputations are known by."""

    report: LoadReport
    bar: "click._termui_impl.ProgressBar[int]"
    run: str
    source: str

    def take(self, file: SourceFile, size: int) -> None:
        counts = self.report.begin(file.name)
        for number, chunk in enumerate(_one_ahead(_chunks(file, size))):
            with unit_of_work() as session:
                done = intake_service.load_reading(
                    session, chunk.reading, source=self.source, run=f"{self.run}:{file.kind.name}:{number}"
                )
            counts.add(done)
            self.report.refuse(sorted([*chunk.unreadable, *done.refused], key=lambda refused: refused.line or 0))
            self.report.doubt(done.doubts)
            self.bar.update(chunk.bytes)


def _chunks(file: SourceFile, size: int) -> Iterator[_Chunk]:
    position = 0

    def advance(read: int) -> None:
        nonlocal position
        position += read

    rows, told = file.rows(advance), 0
    while chunk := list(islice(rows, size)):
        good = [row for row in chunk if isinstance(row, Row)]
        unreadable = [row for row in chunk if isinstance(row, Refused)]
        yield _Chunk(intake_service.read(file.kind, good), unreadable, position - told)
        told = position


def _one_ahead(chunks: Iterator[_Chunk]) -> Iterator[_Chunk]:
    """The chunks, the next one being read while the caller stores this one: PostgreSQL and Python work side by side."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, chunks, None)
        while (chunk := coming.result()) is not None:
            coming = reader.submit(next, chunks, None)
            yield chunk
