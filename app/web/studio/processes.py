"""Procesos: which there are, one with its versions and drafts, and one version of it."""

from flask import Response, render_template
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.permissions import Action
from app.models import HumanTask, ProcessDefinition, ProcessInstance, TaskStatus
from app.process import definitions, forms
from app.process.studio import difference, listing
from app.process.studio.listing import Process
from app.process.studio.table import table_of
from app.unit_of_work import reading
from app.web import actions
from app.web.access import access, current_actor
from app.web.studio import decision_told, told
from app.web.studio.blueprint import studio
from app.web.studio.catalogue_told import shown_step


@studio.get("")
@access(Action.VIEW_PROCESSES)
def processes() -> str:
    """All of them, and a file to begin another from."""
    with reading() as session:
        found = [told.process(one) for one in listing.processes(session)]
    return render_template("studio/processes.html", processes=found, **_for_designers())


@studio.get("/<process_id>")
@access(Action.VIEW_PROCESSES)
def process(process_id: str) -> str:
    """The diagram that new cases follow, the versions with what runs on each, and the drafts."""
    with reading() as session:
        found = _found(session, process_id)
        shown = found.current or next(iter(found.versions), None)
        xml = definitions.numbered(session, process_id, shown.number).xml if shown else ""
    return render_template(
        "studio/process.html", process=told.process(found), picture=told.plain(xml) if xml else None, **_for_designers()
    )


@studio.get("/<process_id>/versiones/<int:number>")
@access(Action.VIEW_PROCESSES)
def version(process_id: str, number: int) -> str:
    """One version: its diagram and its steps, what it changed, and what of it is under way."""
    with reading() as session:
        found = _found(session, process_id)
        definition = definitions.numbered(session, process_id, number)
        before = definitions.numbered(session, process_id, number - 1) if number > 1 else None
        changes, _ = told.compared(difference.content_of(before), difference.content_of(definition))
        waiting = _waiting(session, definition)
        xml, asked, tables = definition.xml, forms.of(definition), decision_told.tables(definition.decision_tables)
    (one,) = (each for each in found.versions if each.number == number)
    return render_template(
        "studio/version.html",
        process={"process_id": process_id, "name": found.name, "latest": found.versions[0].number},
        version=told.version(one),
        picture=told.plain(xml),
        steps=[shown_step(row, waiting.get(row.key, 0), asked) for row in table_of(xml).rows],
        tables=tables,
        changes=changes if before else None,
        **_for_designers(),
    )


@studio.get("/<process_id>/versiones/<int:number>/diagrama.bpmn")
@access(Action.VIEW_PROCESSES)
def version_file(process_id: str, number: int) -> Response:
    """The canonical text that runs, for any other BPMN tool."""
    with reading() as session:
        definition = definitions.numbered(session, process_id, number)
        response = Response(definition.xml, mimetype="application/xml")
    response.headers.set("Content-Disposition", "attachment", filename=f"{process_id}-v{number}.bpmn")
    return response


@studio.get("/<process_id>/versiones/<int:before>/diferencia/<int:after>")
@access(Action.VIEW_PROCESSES)
def version_difference(process_id: str, before: int, after: int) -> str:
    """What one version changes about another, drawn and told."""
    with reading() as session:
        name = _found(session, process_id).name
        contents = [
            difference.content_of(definitions.numbered(session, process_id, number)) for number in (before, after)
        ]
    changes, picture = told.compared(*contents)
    return render_template(
        "studio/difference.html",
        process={"process_id": process_id, "name": name},
        before=before,
        after=after,
        difference=changes,
        picture=picture,
    )


def _found(session: Session, process_id: str) -> Process:
    found = listing.processes(session, process_id)
    if not found:
        raise NotFound
    return found[0]


def _waiting(session: Session, definition: ProcessDefinition) -> dict[str, int]:
    """How many cases of the version wait at each step."""
    rows = session.execute(
        select(HumanTask.key, func.count())
        .join(HumanTask.instance)
        .where(ProcessInstance.definition_id == definition.id, HumanTask.status == TaskStatus.OPEN)
        .group_by(HumanTask.key)
    )
    return {row[0]: row[1] for row in rows}


def _for_designers() -> dict[str, object]:
    """Whether there are buttons, and their token."""
    designs = current_actor().may(Action.DESIGN_PROCESSES)
    token = actions.one_time_token() if designs else ""
    return {"designs": designs, "sets_share": current_actor().may(Action.MANAGE_POLICIES), "one_time_token": token}
