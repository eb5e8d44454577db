"""What the editor of a decision table reads and writes: its file, with what is wrong with it."""

from typing import Any

from flask import jsonify, request
from flask.wrappers import Response
from sqlalchemy.orm import Session

from app.domain.permissions import Action
from app.models import ProcessDraft
from app.process.studio import decision_findings, decisions_edit, drafts, presence
from app.unit_of_work import unit_of_work
from app.web.access import access, current_actor
from app.web.studio.blueprint import machine
from app.web.studio.problems import Unreadable

ADDRESS = "/<process_id>/borradores/<int:draft_id>/decisiones/<name>/dmn"


@machine.get(ADDRESS)
@access(Action.DESIGN_PROCESSES)
def decision(process_id: str, draft_id: int, name: str) -> Response:
    """Also notes who is in the draft, so that two are told of each other."""
    with unit_of_work() as session:
        return jsonify(_told(session, drafts.get(session, draft_id, process_id), name))


@machine.put(ADDRESS)
@access(Action.DESIGN_PROCESSES)
def save_decision(process_id: str, draft_id: int, name: str) -> Response:
    """A table whose cells are wrong is kept with its findings; a file that is no such table is refused."""
    body = request.get_json(silent=True)
    xml, version = (body.get("xml"), body.get("version")) if isinstance(body, dict) else (None, None)
    if not isinstance(xml, str) or type(version) is not int:
        raise Unreadable('Envíe {"xml": "…", "version": 1}.')
    with unit_of_work() as session:
        draft = drafts.get(session, draft_id, process_id)
        # A new one is begun on the list of tables, with its title.
        decisions_edit.xml_of(draft, name)
        kept = decisions_edit.keep(session, draft, name, xml, version=version, actor=current_actor())
        return jsonify(_told(session, kept, name))


def _told(session: Session, draft: ProcessDraft, name: str) -> dict[str, Any]:
    found = decision_findings.of(decisions_edit.sheet_of(draft, name), decisions_edit.declared(draft))
    return {
        "xml": decisions_edit.xml_of(draft, name),
        "version": draft.version,
        "saved_at": draft.saved_at.isoformat(),
        "saved_by": draft.saved_by.full_name,
        "others": presence.come_in(session, draft, current_actor()),
        "findings": [{"sentence": one.sentence, "row": one.row, "cells": one.cells} for one in found],
    }
