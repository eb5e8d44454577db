"""`flask audit`: the product's fsck. Looks at rows, files and history as of one moment, changes nothing, says what is broken."""

import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from flask import current_app

from app.cli.prepared import with_prepared_database
from app.process.audit import INVARIANTS
from app.services.audit import Ground, Invariant, Verdict, check
from app.unit_of_work import one_snapshot

SAMPLE = 200
MARGIN_MINUTES = 60
TIMEOUT_S = 300
# With nothing in flight whatever waits is lost, even what would be tried again later.
LATER = timedelta(days=1)


@click.command("audit")
@click.option("--only", "names", metavar="NOMBRE", multiple=True, help="Revisa solo este invariante; se puede repetir.")
@click.option("--settled", is_flag=True, help="Nada está en curso: lo que espera está perdido.")
@click.option(
    "--deep",
    is_flag=True,
    help=f"Revisa la asistencia de todos los cursos y la firma de todos los PDF, no de {SAMPLE}.",
)
@click.option("--json", "as_json", is_flag=True, help="Escribe un objeto JSON.")
@click.option("--timeout", default=TIMEOUT_S, show_default=True, help="Segundos que puede tomar una consulta.")
@with_prepared_database
def audit(names: tuple[str, ...], settled: bool, deep: bool, as_json: bool, timeout: int) -> None:
    """Revisa que filas, archivos e historial digan lo mismo. No cambia nada; termina con 1 si algo no se cumple."""
    chosen, began = _chosen(names), time.monotonic()
    with one_snapshot(statement_timeout_s=timeout) as session:
        moment = LATER if settled else -timedelta(minutes=MARGIN_MINUTES)
        ground = Ground(
            session=session,
            storage=current_app.extensions["storage"],
            settled_before=datetime.now(UTC) + moment,
            sample=None if deep else SAMPLE,
        )
        # Not among the output that a program may read.
        with click.progressbar(chosen, label="Revisando", file=sys.stderr, show_pos=True) as each:
            verdicts = [check(ground, invariant) for invariant in each]
    seconds = time.monotonic() - began
    click.echo(_as_json(verdicts, seconds) if as_json else "\n".join(_lines(verdicts, seconds)))
    sys.exit(0 if all(verdict.holds for verdict in verdicts) else 1)


def _chosen(names: Sequence[str]) -> Sequence[Invariant]:
    known = {invariant.name: invariant for invariant in INVARIANTS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise click.UsageError(f"No hay un invariante «{unknown[0]}». Elija entre: {', '.join(known)}.")
    return [known[name] for name in names] or INVARIANTS


def _as_json(verdicts: Sequence[Verdict], seconds: float) -> str:
    told: dict[str, Any] = {
        "holds": all(verdict.holds for verdict in verdicts),
        "seconds": round(seconds, 3),
        "invariants": [_told(verdict) for verdict in verdicts],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _told(verdict: Verdict) -> dict[str, Any]:
    """`holds` is null where the time was not enough to know."""
    return {
        "name": verdict.invariant.name,
        "sentence": verdict.invariant.holds,
        "holds": None if verdict.count is None else verdict.holds,
        "count": verdict.count,
        "offenders": list(verdict.examples),
        "seconds": round(verdict.seconds, 3),
    }


def _lines(verdicts: Sequence[Verdict], seconds: float) -> list[str]:
    width = max(len(verdict.invariant.name) for verdict in verdicts)
    broken = sum(not verdict.holds for verdict in verdicts)
    summary = "Todo se cumple." if not broken else f"No se cumplen o no se pudieron revisar: {broken}."
    lines = [line for verdict in verdicts for line in _line(verdict, width)]
    return [*lines, "", f"{len(verdicts)} invariantes en {seconds:.1f} s. {summary}"]


def _line(verdict: Verdict, width: int) -> list[str]:
    named = f"{verdict.invariant.name:<{width}}  {verdict.invariant.holds}"
    if verdict.count is None:
        return [
            f"? {named}",
            "    No hubo tiempo de revisarlo. Repítalo con --only y un --timeout mayor, sin migraciones en curso.",
        ]
    if verdict.holds:
        return [f"✓ {named}"]
    more = "…" if verdict.count > len(verdict.examples) else ""
    return [f"✗ {named}", f"    {verdict.count}: {', '.join(verdict.examples)}{more}"]
