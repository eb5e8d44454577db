"""A draft: starting one from a version or from a file, its page, its table, and discarding it."""

from collections.abc import Callable
from functools import partial

from flask import flash, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import NotAllowed, Refusal
from app.domain.permissions import Action
from app.models import ProcessDraft
from app.process import definitions
from app.process.safe_xml import MAX_BYTES
from app.process.studio import drafts, listing, steps, table_edit
from app.process.studio.drafts import DraftChanged
from app.process.studio.steps import NewStep
from app.unit_of_work import reading
from app.web import actions, unsent
from app.web.access import access, current_actor
from app.web.answering import refused
from app.web.context import FieldError
from app.web.errors import EXPIRED, keeps_what_was_typed
from app.web.studio import told
from app.web.studio.blueprint import studio
from app.web.studio.draft_page import TABLE, Page, page
from app.web.task_forms import clean

DISCARDED = "El borrador quedó descartado. Las versiones publicadas no cambian."
SAVED = "El borrador quedó guardado."
# Nobody can see them, and no XML may hold them.
NO_XML = dict.fromkeys((0xFFFE, 0xFFFF))
NO_PLACE = "Falta dónde va el paso nuevo. Elija entre qué pasos."
NO_FILE = "Elija un archivo BPMN y vuelva a enviarlo."


@studio.post("/<process_id>/borradores")
@access(Action.DESIGN_PROCESSES)
def start_draft(process_id: str) -> Response:
    """A new draft of the version that was published last."""

    def begin(session: Session) -> str:
        return address(drafts.start(session, definitions.latest(session, process_id), current_actor()))

    return actions.once(begin)


@studio.post("/archivo")
@access(Action.DESIGN_PROCESSES)
def start_from_file() -> Response | Page:
    """A new draft of what somebody drew elsewhere; a file that is no safe diagram is told why."""
    file = request.files.get("diagram")
    content = file.stream.read(MAX_BYTES + 1) if file is not None else b""

    def begin(session: Session) -> str:
        if not content:
            raise Refusal(NO_FILE)
        return address(drafts.start_from_file(session, content, current_actor()))

    try:
        return actions.once(begin)
    except NotAllowed:
        raise
    except Refusal as refusal:
        with reading() as session:
            found = [told.process(one) for one in listing.processes(session)]
        errors, token = refused(refusal, "#diagram"), actions.one_time_token()
        values = {"processes": found, "designs": True, "sets_share": False, "one_time_token": token}
        return render_template("studio/processes.html", errors=errors, **values), 422


@studio.get("/<process_id>/borradores/<int:draft_id>")
@access(Action.DESIGN_PROCESSES)
def draft(process_id: str, draft_id: int) -> Page:
    """As a draft, a proposal, or what became of it."""
    return page(process_id, draft_id)


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
    does = form.get("new_form" if given["kind"] == "userTask" else "new_operation", "")

    def put_in(xml: str) -> str:
        key = given["key"] or steps.id_for(xml, given["name"])
        return steps.with_step(xml, NewStep(**(given | {"key": key}), does=does))

    return _change(process_id, draft_id, put_in, "#agregar")


@studio.post("/<process_id>/borradores/<int:draft_id>/pasos/quitar")
@access(Action.DESIGN_PROCESSES)
def remove_step(process_id: str, draft_id: int) -> Response | Page:
    """A step taken out, its arrows joined."""
    key = request.form.get("step", "")
    return _change(process_id, draft_id, partial(steps.without_step, key=key), "#quitar")


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


@studio.post("/<process_id>/borradores/<int:draft_id>/descartar")
@access(Action.DESIGN_PROCESSES)
def discard_draft(process_id: str, draft_id: int) -> Response:
    """Raises Refusal for a proposal, which is returned first."""

    def discard(session: Session) -> str:
        drafts.get(session, draft_id, process_id)
        drafts.discard(session, draft_id, current_actor())
        return url_for("studio.processes")

    answer = actions.once(discard)
    flash(DISCARDED, "success")
    return answer


@studio.get("/<process_id>/borradores/<int:draft_id>/<any(aprobar, descartar):_act>")
@access(Action.DESIGN_PROCESSES)
def back_to_draft(process_id: str, draft_id: int, _act: str) -> Response:
    """Where somebody lands whose session ended in the middle of one of these."""
    return redirect(url_for("studio.draft", process_id=process_id, draft_id=draft_id))


@studio.get("/<process_id>/borradores/<int:draft_id>/pasos")
@access(Action.DESIGN_PROCESSES)
def back_to_table(process_id: str, draft_id: int) -> Page:
    """The step that somebody was adding when the session ended, as typed."""
    return page(process_id, draft_id, TABLE, typed=unsent.typed_before())


@studio.get("/<process_id>/borradores/<int:draft_id>/devolver")
@access(Action.DESIGN_PROCESSES)
def back_to_proposal(process_id: str, draft_id: int) -> Page:
    """The reason that somebody was writing then."""
    return page(process_id, draft_id, typed=unsent.typed_before())


@studio.get("/<process_id>/borradores")
@access(Action.VIEW_PROCESSES)
def back_to_process(process_id: str) -> Response:
    return redirect(url_for("studio.process", process_id=process_id))


@studio.get("/archivo")
@access(Action.VIEW_PROCESSES)
def back_to_processes() -> Response:
    """No file is kept: it is chosen again."""
    return redirect(url_for("studio.processes"))


def address(draft: ProcessDraft) -> str:
    return url_for("studio.draft", process_id=draft.process_id, draft_id=draft.id)
