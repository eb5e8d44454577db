"""`flask process list|export|propose|approve`: the studio for machines, with the same rules and the same two people."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click
from sqlalchemy.orm import Session

from app.cli.prepared import with_prepared_database
from app.domain.errors import NotFound, Refusal
from app.domain.permissions import Actor, Profile
from app.domain.rut import InvalidRut, Rut
from app.process import calling, definitions, diagrams, layout
from app.process.gate import Refused
from app.process.studio import difference, discarded, drafts, folder, listing, proposals
from app.process.studio.difference import Content
from app.services import accounts, profiles
from app.unit_of_work import reading, unit_of_work

P = ParamSpec("P")
as_json = click.option("--json", "as_json", is_flag=True, help="Escribe el resultado como JSON.")
acting = click.option("--rut", required=True, help="RUT de quien lo hace; su CUS se lee de la entrada estándar.")
NOBODY = "Ese RUT con esa CUS no es de un analista de procesos. Revise ambos."


def telling_refusals(command: Callable[P, None]) -> Callable[P, None]:
    """A refusal is a sentence and exit code 1; with `--json`, an object with its code."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except NotFound:
            _fail("not_found", "No hay tal proceso, versión o propuesta. Revise el nombre o el número.", kwargs)
        except InvalidRut as invalid:
            _fail("invalid_rut", str(invalid), kwargs)
        except Refusal as refusal:
            found = [asdict(one) for one in refusal.findings] if isinstance(refusal, Refused) else []
            _fail(refusal.code, refusal.sentence, kwargs, findings=found)

    return told


def _fail(code: str, sentence: str, options: Mapping[str, Any], findings: list[Any] | None = None) -> None:
    if options.get("as_json"):
        click.echo(json.dumps({"code": code, "detail": sentence, "findings": findings or []}, ensure_ascii=False))
    else:
        click.echo(sentence, err=True)
    sys.exit(1)


def _say(told: Any, lines: list[str], *, as_json: bool) -> None:
    click.echo(json.dumps(told, ensure_ascii=False, indent=1, default=str) if as_json else "\n".join(lines))


@click.command("list")
@click.option("--discarded", "is_discarded", is_flag=True, help="Los borradores descartados, en vez de los procesos.")
@click.option("--process", "process_id", default="", help="Con --discarded: solo los de este proceso.")
@as_json
@with_prepared_database
def list_(*, is_discarded: bool, process_id: str, as_json: bool) -> None:
    """Muestra los procesos, la versión que rige, los trámites en curso y las propuestas; o los borradores descartados."""
    if is_discarded:
        _list_discarded(process_id, as_json=as_json)
        return
    with reading() as session:
        found = listing.processes(session)
    rows = [
        asdict(one) | {"current": one.current.number if one.current else None, "running": one.running} for one in found
    ]
    lines = [
        f"{one.process_id}: versión {one.current.number if one.current else '–'}, {one.running} en curso, "
        f"{len(one.drafts)} borradores o propuestas. {one.name}"
        for one in found
    ]
    _say(rows, lines, as_json=as_json)


def _list_discarded(process_id: str, *, as_json: bool) -> None:
    with reading() as session:
        found = discarded.drafts(session, process_id)
    lines = [
        f"{one.id}: {one.process_id}, lo descartó {one.discarded_by} el {drafts.moment(one.discarded_at)}. {one.name}"
        for one in found
    ]
    _say([asdict(one) for one in found], lines or ["No hay borradores descartados."], as_json=as_json)


@click.command("export")
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@click.option("--process", "process_id", help="Solo este proceso.")
@click.option("--version", type=int, help="Esta versión; si no, la última.")
@as_json
@with_prepared_database
@telling_refusals
def export(target: Path, *, process_id: str | None, version: int | None, as_json: bool) -> None:
    """Escribe los procesos en la carpeta TARGET, ordenada como workflows/."""
    written: list[dict[str, Any]] = []
    with reading() as session:
        wanted = [process_id] if process_id else [one.process_id for one in listing.processes(session) if one.versions]
        for one in wanted:
            latest = definitions.latest(session, one)
            definition = definitions.numbered(session, one, version) if version else latest
            files = [str(file) for file in folder.export(definition, target)]
            written.append({"process_id": one, "version": definition.version, "files": files})
    lines = [f"{file}: versión {one['version']}" for one in written for file in one["files"]]
    _say(written, lines, as_json=as_json)


@click.command("propose")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--note", required=True, help="Qué cambia y por qué.")
@click.option("--starts-at", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="Desde cuándo rige, en hora de Santiago.")
@acting
@as_json
@with_prepared_database
@telling_refusals
def propose(paths: tuple[Path, ...], *, note: str, starts_at: datetime | None, rut: str, as_json: bool) -> None:
    """Propone los diagramas de PATHS que cambian; un colega los aprueba."""
    begins = starts_at.replace(tzinfo=drafts.ZONE) if starts_at else None
    proposed: list[dict[str, Any]] = []
    with unit_of_work() as session:
        actor = _actor(session, rut)
        for file in folder.diagrams_in(list(paths)):
            if (told := _propose(session, file, note, begins, actor)) is not None:
                proposed.append(told)
    lines = [
        line
        for one in proposed
        for line in (f"{one['file']}: propuesta {one['proposal']}", *map(_indent, one["changes"]))
    ]
    _say(proposed, lines or ["Nada cambia: no hay qué proponer."], as_json=as_json)


def _propose(session: Session, file: Path, note: str, begins: datetime | None, actor: Actor) -> dict[str, Any] | None:
    """None for what is as it was published last."""
    content, forms = folder.read(file)
    diagram = diagrams.read(layout.with_drawing(content))
    latest = definitions.latest_or_none(session, diagram.process_id)
    before = difference.content_of(latest)
    found = (forms, folder.scenarios_beside(file, diagram.process_id), folder.tables_beside(file))
    kept = (before.forms, before.scenarios, before.decision_tables)
    forms, scenarios, tables = (old if new is None else new for old, new in zip(kept, found, strict=True))
    after = Content(diagram.xml, forms or {}, scenarios or {}, tables or {}, calling.pinned(session, diagram))
    changes = difference.between(before, after)
    if changes.is_empty:
        return None
    draft = drafts.start_from_file(session, content, actor, forms, scenarios, tables)
    proposals.propose(session, draft.id, version=draft.version, note=note, starts_at=begins, actor=actor)
    sentences = [change.sentence for change in (*changes.changes, *changes.moved)]
    return {"file": str(file), "process_id": draft.process_id, "proposal": draft.id, "changes": sentences}


@click.command("approve")
@click.argument("proposal", type=int)
@click.option("--show", is_flag=True, help="Solo muestra qué cambia; no aprueba.")
@acting
@as_json
@with_prepared_database
@telling_refusals
def approve(proposal: int, *, show: bool, rut: str, as_json: bool) -> None:
    """Muestra qué cambia la propuesta PROPOSAL, la aprueba y la publica; nunca quien escribió en ella.

    En una terminal pregunta antes de publicar.
    """
    with unit_of_work() as session:
        actor = _actor(session, rut)
        read = _read(session, proposal)
    if not as_json:
        click.echo("\n".join([f"{read.told['process_id']}: propuesta {proposal}", *map(_indent, read.told["changes"])]))
    if show:
        _say(read.told, [], as_json=as_json)
        return
    if sys.stdin.isatty() and not as_json:
        click.confirm("¿Aprobar y publicar?", abort=True)
    with unit_of_work() as session:
        made = proposals.approve(session, proposal, version=read.version, against=read.against, actor=actor)
        told = {"process_id": made.process_id, "version": made.version, "starts_at": made.starts_at.isoformat()}
    _say(read.told | told, [f"{told['process_id']}: versión {told['version']} publicada"], as_json=as_json)


@dataclass(frozen=True)
class _Read:
    """A proposal as it was shown, which is what is approved, and the number of the version it was compared with."""

    version: int
    against: int | None
    told: dict[str, Any]


def _read(session: Session, proposal: int) -> _Read:
    draft = drafts.numbered(session, proposal)
    latest = definitions.latest_or_none(session, draft.process_id)
    changes = difference.between(*(difference.content_of(one) for one in (latest, draft)))
    against = latest.version if latest else None
    told = {
        "process_id": draft.process_id,
        "proposal": proposal,
        "note": draft.note,
        "against": against,
        "changes": [change.sentence for change in (*changes.changes, *changes.moved)],
    }
    return _Read(draft.version, against, told)


def _actor(session: Session, rut: str) -> Actor:
    """The analyst of that RUT, once the CUS proves it: two people are two people here too."""
    cus = click.prompt("CUS", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    person = accounts.verify_cus(session, rut=Rut.parse(rut), cus=cus)
    actor = profiles.actor_for(session, person.id, Profile.PROCESS_ANALYST, None) if person else None
    if actor is None:
        raise Refusal(NOBODY)
    return actor


def _indent(sentence: str) -> str:
    return f"  {sentence}"


COMMANDS = (list_, export, propose, approve)
