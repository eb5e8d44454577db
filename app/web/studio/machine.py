"""What the editor reads and writes: a draft's diagram with its findings, the catalogue, and a live evaluation."""

from typing import Any

from flask import jsonify, request
from flask.wrappers import Response
from sqlalchemy.orm import Session

from app.domain.permissions import Action
from app.models import ProcessDraft
from app.process.expressions import ExpressionError
from app.process.studio import checking, drafts, evaluation, presence, readiness
from app.unit_of_work import reading, unit_of_work
from app.web.access import access, current_actor
from app.web.studio import catalogue as offered
from app.web.studio import told
from app.web.studio.blueprint import machine
from app.web.studio.problems import Unreadable


@machine.get("/<process_id>/borradores/<int:draft_id>/diagrama")
@access(Action.DESIGN_PROCESSES)
def diagram(process_id: str, draft_id: int) -> Response:
    """Also notes who is in the draft, so that two are told of each other."""
    with unit_of_work() as session:
        return jsonify(_told(session, drafts.get(session, draft_id, process_id)))


@machine.put("/<process_id>/borradores/<int:draft_id>/diagrama")
@access(Action.DESIGN_PROCESSES)
def save_diagram(process_id: str, draft_id: int) -> Response:
    """An unsound diagram is kept with its findings; one that is not safe or not BPMN is refused."""
    body = _body()
    xml, version, given = body.get("xml"), body.get("version"), body.get("forms")
    if not isinstance(xml, str) or type(version) is not int or not isinstance(given, dict | None):
        raise Unreadable('Envíe {"xml": "…", "version": 1}, y si quiere "forms".')
    with unit_of_work() as session:
        drafts.get(session, draft_id, process_id)
        draft = drafts.save(session, draft_id, xml=xml, version=version, forms=given, actor=current_actor())
        return jsonify(_told(session, draft))


@machine.get("/<process_id>/borradores/<int:draft_id>/falta")
@access(Action.DESIGN_PROCESSES)
def missing(process_id: str, draft_id: int) -> Response:
    """What keeps the draft as it is saved from being proposed. Apart from saving, which is not to wait for its scenarios."""
    with reading() as session:
        draft = drafts.get(session, draft_id, process_id)
        found = readiness.of(session, draft).missing
        return jsonify(version=draft.version, missing=told.missing(found))


@machine.post("/<process_id>/borradores/<int:draft_id>/evaluar")
@access(Action.DESIGN_PROCESSES)
def evaluate(process_id: str, draft_id: int) -> Response:
    """The type and value of an expression; what is wrong with it is an answer, not an error."""
    body = _body()
    expression, instance_id = body.get("expression"), body.get("instance_id")
    if not isinstance(expression, str) or not isinstance(instance_id, int | None):
        raise Unreadable('Envíe {"expression": "…"}, y si quiere "instance_id".')
    with reading() as session:
        draft = drafts.get(session, draft_id, process_id)
        try:
            found = evaluation.evaluate(session, draft, expression, instance_id)
        except ExpressionError as error:
            return jsonify(error=str(error))
    return jsonify(type=found.type, value=found.value)


@machine.get("/catalogo")
@access(Action.DESIGN_PROCESSES)
def catalogue() -> Response:
    """What a diagram may name; with `?borrador=<id>` as that draft may."""
    draft_id = request.args.get("borrador", 0, type=int)
    with reading() as session:
        return jsonify(offered.catalogue(session, session.get(ProcessDraft, draft_id) if draft_id else None))


def _told(session: Session, draft: ProcessDraft) -> dict[str, Any]:
    return {
        "xml": draft.xml,
        "forms": draft.forms,
        "version": draft.version,
        "saved_at": draft.saved_at.isoformat(),
        "saved_by": draft.saved_by.full_name,
        "others": presence.come_in(session, draft, current_actor()),
        "findings": [checking.as_data(finding) for finding in checking.findings(draft)],
    }


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Unreadable("Envíe un objeto JSON como application/json.")
    return body
