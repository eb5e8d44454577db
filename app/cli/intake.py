"""`flask intake`: reads a folder or zip of CSV files in chunks, one transaction each, and tells what became of every row."""

import gc
import sys
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.cli.intake_chunks import Chunk, chunks, in_turn, one_ahead
from app.cli.intake_report import LoadReport
from app.cli.prepared import with_prepared_database
from app.domain.errors import Refusal
from app.services import intake as intake_service
from app.services.intake import ChunkReport, Source, SourceFile
from app.unit_of_work import unit_of_work

# Large enough for the set-wise merge to pay off, small enough to hold a chunk in some tens of megabytes.
CHUNK = 25_000

intake = AppGroup("intake", help="Carga de registros.")


@intake.command("load")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--report", "report_path", type=click.Path(path_type=Path), help="Guarda el informe completo como JSON.")
@click.option("--chunk", type=click.IntRange(min=1), default=CHUNK, show_default=True, help="Filas por transacción.")
@with_prepared_database
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
            with unit_of_work() as held_to_the_end:
                intake_service.wait_for_load(held_to_the_end)
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


@dataclass(frozen=True)
class _Loading:
    """One run of the command: where it tells what it did, and what its corrections and recomputations are known by."""

    report: LoadReport
    bar: "click._termui_impl.ProgressBar[int]"
    run: str
    source: str

    def take(self, file: SourceFile, size: int) -> None:
        counts = self.report.begin(file.name)
        slots = intake_service.SLOTS if file.kind is intake_service.MARKS else (None,)
        with ThreadPoolExecutor(len(slots)) as stores:
            for chunk, done in in_turn(stores, one_ahead(chunks(file, size)), slots, self._storing()):
                counts.add(done)
                self.report.refuse(sorted([*chunk.unreadable, *done.refused], key=lambda refused: refused.line or 0))
                self.report.doubt(done.doubts)
                self.bar.update(chunk.bytes)

    def _storing(self) -> Callable[[Chunk, int | None], ChunkReport]:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

        def store(chunk: Chunk, slot: int | None) -> ChunkReport:
            run = f"{self.run}:{chunk.reading.kind.name}:{chunk.number}"
            with app.app_context(), unit_of_work() as session:
                return intake_service.load_reading(session, chunk.reading, source=self.source, run=run, slot=slot)

        return store
