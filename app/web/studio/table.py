"""A draft as a table: every row as typed, steps put in and taken out, terms hung on steps, and lanes for more offices."""

from collections.abc import Callable
from functools import partial

from flask import flash, g, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import NotAllowed, Refusal
from app.domain.permissions import Action
from app.process.studio import borders, drafts, lanes, steps, table_edit
from app.process.studio.borders import NewBorder
from app.process.studio.drafts import DraftChanged
from app.process.studio.steps import NewStep
from app.process.studio.table import BORDER, table_of
from app.web import actions, unsent
from app.web.access import access, current_actor
from app.web.answering import refused
from app.web.context import FieldError
from app.web.errors import EXPIRED, keeps_what_was_typed
from app.web.studio.blueprint import studio
from app.web.studio.draft_page import TABLE, Page, page
from app.web.task_forms import clean

SAVED = "El borrador quedó guardado."
# Nobody can see them, and no XML may hold them.
NO_XML = dict.fromkeys((0xFFFE, 0xFFFF))
NO_PLACE = "Falta dónde va el paso nuevo. Elija entre qué pasos."
NO_HOST = "Falta a qué paso se le pone el plazo. Elija uno."
DOES = {
    "userTask": "new_form",
    "serviceTask": "new_operation",
    "businessRuleTask": "new_decision",
    "callActivity": "new_called",
    "message": "new_message",
}


@studio.route("/<process_id>/borradores/<int:draft_id>/tabla", methods=["GET", "POST"])
@access(Action.DESIGN_PROCESSES)
@keeps_what_was_typed
def save_table(process_id: str, draft_id: int) -> Response | Page:
    """Every row as typed, also where the session ended meanwhile."""
    if request.method == "GET" or g.get("form_expired", False):
        errors = (FieldError(EXPIRED, "#tabla"),) if request.method == "POST" else ()
        typed = request.form if request.method == "POST" else unsent.typed_before()
        return page(process_id, draft_id, TABLE, typed=typed, errors=errors, status=422 if errors else 200)
    return _change(process_id, draft_id, partial(table_edit.written, typed=_typed()), "#tabla")


@studio.post("/<process_id>/borradores/<int:draft_id>/pasos")
@access(Action.DESIGN_PROCESSES)
def add_step(process_id: str, draft_id: int) -> Response | Page:
    """A step put on an arrow."""
    form = _typed()
    if not form.get("new_flow"):
        return page(process_id, draft_id, TABLE, errors=(FieldError(NO_PLACE, "#new_flow"),), status=422, typed=form)
    given = {key: form.get(f"new_{key}", "").strip() for key in ("flow", "kind", "key", "name", "office")}

    def put_in(xml: str) -> str:
        key = given["key"] or steps.id_for(xml, given["name"])
        timer = table_edit.term(form, "new_days", "new_unit", "La espera") if given["kind"] == steps.TIMER else ""
        return steps.with_step(
            xml, NewStep(**(given | {"key": key}), does=timer or form.get(DOES.get(given["kind"], ""), ""))
        )

    return _change(process_id, draft_id, put_in, "#agregar")


@studio.post("/<process_id>/borradores/<int:draft_id>/avisos")
@access(Action.DESIGN_PROCESSES)
def add_border(process_id: str, draft_id: int) -> Response | Page:
    """A term hung on a step."""
    form = _typed()
    if not form.get("border_host"):
        errors = (FieldError(NO_HOST, "#border_host"),)
        return page(process_id, draft_id, TABLE, errors=errors, status=422, typed=form)

    def hang(xml: str) -> str:
        given = {key: form.get(f"border_{key}", "").strip() for key in ("host", "key", "name", "onward")}
        given["key"] = given["key"] or steps.id_for(xml, given["name"])
        days = table_edit.term(form, "border_days", "border_unit", "El plazo del aviso")
        is_interrupting = form.get("border_interrupts") != "no"
        return borders.with_border(xml, NewBorder(**given, term=days, is_interrupting=is_interrupting))

    return _change(process_id, draft_id, hang, "#agregar-plazo")


@studio.post("/<process_id>/borradores/<int:draft_id>/pasos/quitar")
@access(Action.DESIGN_PROCESSES)
def remove_step(process_id: str, draft_id: int) -> Response | Page:
    """A step taken out, its arrows joined; or what hangs on one."""
    key = request.form.get("step", "")

    def take_out(xml: str) -> str:
        hangs = any(row.key == key and row.kind == BORDER for row in table_of(xml).rows)
        return borders.without_border(xml, key) if hangs else steps.without_step(xml, key)

    return _change(process_id, draft_id, take_out, "#quitar")


@studio.post("/<process_id>/borradores/<int:draft_id>/oficinas")
@access(Action.DESIGN_PROCESSES)
def add_lane(process_id: str, draft_id: int) -> Response | Page:
    """A lane for an office that has none."""
    office = request.form.get("new_lane", "")
    return _change(process_id, draft_id, partial(lanes.with_lane, office=office), "#agregar-oficina")


def _typed() -> dict[str, str]:
    """The form without what no XML can hold."""
    return {name: clean(value).translate(NO_XML) for name, value in request.form.items()}


def _change(process_id: str, draft_id: int, change: Callable[[str], str], where: str) -> Response | Page:
    """Save what `change` makes of the draft as it was read; what was wrong is told with nothing typed lost."""
    version = request.form.get("version", type=int) or 0

    def save(session: Session) -> str:
        found = drafts.get(session, draft_id, process_id)
        drafts.save(session, draft_id, xml=change(found.xml), version=version, actor=current_actor())
        return url_for("studio.save_table", process_id=process_id, draft_id=draft_id)

    try:
        answer = actions.once(save)
    except NotAllowed:
        raise
    except Refusal as refusal:
        errors = refused(refusal, _leads_to(refusal, process_id, draft_id) or where)
        return page(process_id, draft_id, TABLE, errors=errors, status=409, typed=request.form)
    flash(SAVED, "success")
    return answer


def _leads_to(refusal: Refusal, process_id: str, draft_id: int) -> str:
    """The box that was typed wrong, or what a colleague saved meanwhile."""
    if isinstance(refusal, table_edit.Mistyped):
        return f"#{refusal.field}"
    is_late = isinstance(refusal, DraftChanged)
    return url_for("studio.save_table", process_id=process_id, draft_id=draft_id) if is_late else ""


@studio.get("/<process_id>/borradores/<int:draft_id>/<any(pasos, avisos):_act>")
@access(Action.DESIGN_PROCESSES)
def back_to_table(process_id: str, draft_id: int, _act: str) -> Page:
    """What somebody was adding when the session ended, as typed."""
    return page(process_id, draft_id, TABLE, typed=unsent.typed_before())


@studio.get("/<process_id>/borradores/<int:draft_id>/oficinas")
@access(Action.DESIGN_PROCESSES)
def back_to_offices(process_id: str, draft_id: int) -> Response:
    return redirect(url_for("studio.save_table", process_id=process_id, draft_id=draft_id))
