"""Tablas de decisión of a draft: which there are, a new one, and one of them edited cell by cell, without a script."""

from collections import defaultdict
from typing import Any

from flask import flash, g, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import NotAllowed, Refusal
from app.domain.permissions import Action
from app.process.dmn import InvalidTable, Sheet
from app.process.expression_types import Variables
from app.process.studio import decision_findings, decisions_edit, drafts
from app.unit_of_work import reading
from app.web import actions, unsent
from app.web.access import access, current_actor
from app.web.answering import TOP, refused
from app.web.context import FieldError
from app.web.errors import EXPIRED, keeps_what_was_typed
from app.web.studio import decision_told, decision_typed
from app.web.studio.blueprint import studio
from app.web.studio.part_of_draft import about, version
from app.web.studio.table import NO_XML
from app.web.task_forms import clean

Page = tuple[str, int]
Errors = tuple[FieldError, ...]
ADDRESS = "/<process_id>/borradores/<int:draft_id>/decisiones"
SAVED = "La tabla quedó guardada en el borrador."
REMOVED = "La tabla se quitó del borrador."
# Buttons of the form: what keeps it, and what keeps it to go on in the editor. Others only change what is on the page.
SAVE, EDITOR = "save", "editor"
AS_FORM = "formulario"


@studio.route(ADDRESS, methods=["GET", "POST"])
@access(Action.DESIGN_PROCESSES)
def draft_decisions(process_id: str, draft_id: int) -> Response | Page:
    """Those that the diagram names, the draft carries or the house begins with; and a new one by its name and title."""
    if request.method == "GET":
        return _list_page(process_id, draft_id, (), 200)
    name, title = (_typed().get(key, "").strip() for key in ("name", "title"))

    def begin(session: Session) -> str:
        draft = drafts.get(session, draft_id, process_id)
        decisions_edit.begin(session, draft, name, title, version=version(), actor=current_actor())
        return url_for("studio.edit_decision", process_id=process_id, draft_id=draft_id, name=name)

    try:
        return actions.once(begin)
    except NotAllowed:
        raise
    except InvalidTable as fault:
        where = "#title" if fault.faults[0].element else "#name"
        return _list_page(process_id, draft_id, (FieldError(fault.sentence, where),), 422)
    except Refusal as refusal:
        return _list_page(process_id, draft_id, refused(refusal, "#name"), 422)


@studio.route(f"{ADDRESS}/<name>", methods=["GET", "POST"])
@access(Action.DESIGN_PROCESSES)
@keeps_what_was_typed
def edit_decision(process_id: str, draft_id: int, name: str) -> Response | Page:
    """The table as stored, or as typed: only what is saved is kept, and only what can be used is saved here."""
    with reading() as session:
        draft = drafts.get(session, draft_id, process_id)
        stored, declared = decisions_edit.sheet_of(draft, name), decisions_edit.declared(draft)
    typed = unsent.typed_before() if request.method == "GET" else _typed()
    if typed is None:
        return _table_page(process_id, draft_id, decision_typed.numbered(stored))
    sheet, act = decision_typed.sheet(typed, name), request.form.get("act", SAVE)
    if g.get("form_expired", False):
        return _table_page(process_id, draft_id, sheet, (FieldError(EXPIRED, TOP),), 422, is_kept=False)
    if request.method == "GET" or act not in (SAVE, EDITOR):
        gaps = [one.cells for one in decision_findings.of(sheet, declared) if one.cells]
        sheet, box = decision_typed.changed(sheet, act, gaps)
        return _table_page(process_id, draft_id, sheet, is_kept=False, box=box)
    return _save(process_id, draft_id, sheet, goes_on_as_form=act == SAVE and request.args.get("como") == AS_FORM)


@studio.post(f"{ADDRESS}/<name>/quitar")
@access(Action.DESIGN_PROCESSES)
def remove_decision(process_id: str, draft_id: int, name: str) -> Response | Page:
    """Raises Refusal, told on the list, while the diagram names it."""

    def remove(session: Session) -> str:
        draft = drafts.get(session, draft_id, process_id)
        decisions_edit.remove(session, draft, name, version=version(), actor=current_actor())
        return url_for("studio.draft_decisions", process_id=process_id, draft_id=draft_id)

    try:
        answer = actions.once(remove)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _list_page(process_id, draft_id, refused(refusal), 409)
    flash(REMOVED, "success")
    return answer


def _save(process_id: str, draft_id: int, sheet: Sheet, *, goes_on_as_form: bool) -> Response | Page:
    def keep(session: Session) -> str:
        draft = drafts.get(session, draft_id, process_id)
        decisions_edit.keep_sound(session, draft, sheet, version=version(), actor=current_actor())
        # An address leaves out what is None.
        way = AS_FORM if goes_on_as_form else None
        return url_for("studio.edit_decision", process_id=process_id, draft_id=draft_id, name=sheet.name, como=way)

    try:
        answer = actions.once(keep)
    except NotAllowed:
        raise
    except InvalidTable as invalid:
        errors = tuple(FieldError(str(fault), f"#{decision_typed.place(fault)}") for fault in invalid.faults)
        return _table_page(process_id, draft_id, sheet, errors, 422, is_kept=False)
    except Refusal as refusal:
        return _table_page(process_id, draft_id, sheet, refused(refusal), 409, is_kept=False)
    flash(SAVED, "success")
    return answer


def _list_page(process_id: str, draft_id: int, errors: Errors, status: int) -> Page:
    with reading() as session:
        draft = drafts.get(session, draft_id, process_id)
        values = about(draft) | {"listed": decisions_edit.listed(draft)}
    given = unsent.typed_before() or request.form
    typed = {key: given.get(key, "") for key in ("name", "title")}
    token = actions.one_time_token()
    return render_template("studio/decisions.html", typed=typed, errors=errors, one_time_token=token, **values), status


def _table_page(
    process_id: str,
    draft_id: int,
    sheet: Sheet,
    errors: Errors = (),
    status: int = 200,
    *,
    is_kept: bool = True,
    box: str = "",
) -> Page:
    """`is_kept` is false for what only stands on the page so far; the typing goes on in `box`."""
    with reading() as session:
        draft = drafts.get(session, draft_id, process_id)
        values, declared = about(draft), decisions_edit.declared(draft)
        is_own = sheet.name in draft.decision_tables
    page = render_template(
        "studio/decision.html",
        sheet=sheet,
        table=decision_told.table(sheet),
        is_own=is_own,
        policies=decision_typed.POLICIES,
        policy=f"{sheet.hit_policy} {sheet.aggregation}".strip(),
        types=decision_typed.TYPES,
        as_form=AS_FORM,
        opens_as_form=not is_kept or bool(errors) or request.args.get("como") == AS_FORM,
        is_kept=is_kept,
        box=box,
        errors=errors,
        one_time_token=actions.one_time_token(),
        **_findings(sheet, declared),
        **values,
    )
    return page, status


def _findings(sheet: Sheet, declared: Variables) -> dict[str, Any]:
    """What is wrong beside each row and box, and which answers there are to read."""
    found = decision_findings.of(sheet, declared)
    invalid = decisions_edit.faults_of(sheet)
    return {
        "answers": [(name, declared[name].face) for name in sorted(declared)],
        "wrong": defaultdict(str, decision_typed.places(invalid) if invalid else {}),
        "is_sound": invalid is None,
        "by_row": {number: [one for one in found if one.row == number] for number in range(1 + len(sheet.rows))},
    }


def _typed() -> dict[str, str]:
    """The form without what no XML can hold."""
    return {key: clean(value).translate(NO_XML) for key, value in request.form.items()}
