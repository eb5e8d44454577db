"""`flask attendance`: a course's figures as the rule gives them now, and stored figures made again with a bar to watch."""

import json
import sys
from collections.abc import Sequence
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.prepared import with_prepared_database
from app.domain.errors import Refusal
from app.domain.rut import InvalidRut
from app.models import TrainingAction
from app.services import conflicts, recomputation
from app.services.attendance import ParticipantAttendance, compute
from app.services.conflicts import Shared
from app.services.recomputation import Reach, Scope
from app.unit_of_work import reading, unit_of_work

attendance = AppGroup("attendance", help="Asistencia de los cursos.")
COLUMNS = (("RUT", 14), ("Segundos", 10), ("Porcentaje", 12), ("Mostrado", 10), ("Provisorio", 12))


@attendance.command("show")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Escribe una lista JSON, un objeto por participante.")
@with_prepared_database
def show(code: str, as_json: bool) -> None:
    """Calcula la asistencia del curso CODE desde sus marcas, sin guardar nada."""
    with reading() as session:
        computed = compute(session, _action(session, code))
        shared = conflicts.found(session, [entry.participant_id for entry in computed])
        rows = [_figures(entry, shared.get(entry.participant_id, [])) for entry in computed]
    click.echo(json.dumps(rows, indent=2) if as_json else "\n".join(_table(rows)))


@attendance.command("recompute")
@click.option("--action", metavar="CODE", help="Un curso, por su código.")
@click.option("--organisation", metavar="RUT", help="Los cursos de una institución (OTEC, OTIC o empresa).")
@click.option("--region", metavar="CUT", help="Los cursos de una región, por su código CUT.")
@click.option("--all", "everything", is_flag=True, help="Todos los cursos.")
@with_prepared_database
def recompute(action: str | None, organisation: str | None, region: str | None, everything: bool) -> None:
    """Vuelve a calcular y guarda la asistencia. Los certificados emitidos no cambian; repetirlo no hace daño."""
    scope = _scope(action=action, organisation=organisation, region=region, everything=everything)
    try:
        with reading() as session:
            found = recomputation.find(session, scope)
    except Refusal as refused:
        sys.exit(refused.sentence)
    except InvalidRut as refused:
        sys.exit(str(refused))
    _recompute(found)


def _recompute(found: recomputation.Found) -> None:
    # Imported here, for the compiler behind it takes a second that no other command should wait for.
    from app.services import attendance_bulk

    participants = 0
    # Not among the output that a program may read.
    bar = click.progressbar(length=len(found.action_ids), label="Recalculando", file=sys.stderr, show_pos=True)
    with bar:
        for ids in found.chunks():
            with unit_of_work() as session:
                participants += attendance_bulk.recompute_actions(session, ids)
            bar.update(len(ids))
    click.echo(f"Recalculado: {found.title}. Cursos: {len(found.action_ids)}. Participantes: {participants}.")


def _scope(*, action: str | None, organisation: str | None, region: str | None, everything: bool) -> Scope:
    """The one scope asked for."""
    asked = [
        *([Scope(Reach.ACTION, action)] if action else []),
        *([Scope(Reach.ORGANISATION, organisation)] if organisation else []),
        *([Scope(Reach.REGION, region)] if region else []),
        *([Scope(Reach.ALL)] if everything else []),
    ]
    if len(asked) != 1:
        raise click.UsageError("Elija una sola opción: --action, --organisation, --region o --all.")
    return asked[0]


def _action(session: Session, code: str) -> TrainingAction:
    action = session.scalar(select(TrainingAction).where(TrainingAction.code == code))
    if action is None:
        sys.exit(f"No hay un curso con el código {code}. Revíselo y vuelva a intentar.")
    return action


def _figures(entry: ParticipantAttendance, shared: Sequence[Shared]) -> dict[str, Any]:
    result = entry.result
    return {
        "rut": entry.person.rut.wire,
        "credited_seconds": result.credited_seconds,
        "percentage": f"{result.percentage:.2f}",
        "shown": result.shown,
        "provisional_percentage": f"{result.provisional.percentage:.2f}",
        "flags": [flag.value for flag in result.flags],
        # Apart from the flags, which tell of the marks of this course alone.
        **({"conflicts": sorted({one.action.code for one in shared})} if shared else {}),
    }


def _table(rows: list[dict[str, Any]]) -> list[str]:
    head = "".join(f"{title:<{width}}" for title, width in COLUMNS) + "Observaciones"
    return [head, *(_line(row) for row in rows)]


def _line(row: dict[str, Any]) -> str:
    figures = [value for name, value in row.items() if name not in ("flags", "conflicts")]
    cells = "".join(f"{value:<{width}}" for value, (_, width) in zip(figures, COLUMNS, strict=True))
    others = [f"coincide con {code}" for code in row.get("conflicts", [])]
    return (cells + ", ".join([*row["flags"], *others])).rstrip()
