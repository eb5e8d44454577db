"""Formularios of a draft: which there are, a new one, and one of them edited beside how it will look."""

from collections.abc import Mapping
from typing import Any

from flask import flash, g, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import NotAllowed, Refusal
from app.domain.forms import FieldType, InvalidForm, Tone
from app.domain.permissions import Action
from app.process import forms
from app.process.studio import drafts, forms_edit
from app.unit_of_work import reading
from app.web import actions, unsent
from app.web.access import access, current_actor
from app.web.answering import TOP, refused
from app.web.context import FieldError
from app.web.errors import EXPIRED, keeps_what_was_typed
from app.web.studio import form_faults, form_typed
from app.web.studio.blueprint import studio
from app.web.studio.part_of_draft import about, version
from app.web.task_forms import TaskForm, clean, form_class

Page = tuple[str, int]
Errors = tuple[FieldError, ...]
ADDRESS = "/<process_id>/borradores/<int:draft_id>/formularios"
SAVED = "El formulario quedó guardado en el borrador."
# Buttons that change what is on the page and keep nothing.
SHOWS, SAVE = "show", "save"


@studio.route(ADDRESS, methods=["GET", "POST"])
@access(Action.DESIGN_PROCESSES)
def draft_forms(process_id: str, draft_id: int) -> Response | Page:
    """Those that the diagram names or the draft carries; and a new one by its name and title."""
    if request.method == "GET":
        return _list_page(process_id, draft_id, (), 200)
    name, title = (clean(request.form.get(key, "")).strip() for key in ("name", "title"))

    def begin(session: Session) -> str:
        draft = drafts.get(session, draft_id, process_id)
        forms_edit.begin(session, draft, name, title, version=version(), actor=current_actor())
        return url_for("studio.edit_form", process_id=process_id, draft_id=draft_id, name=name)

    try:
        return actions.once(begin)
    except NotAllowed:
        raise
    except InvalidForm as fault:
        said = form_faults.sentence(fault, name)
        return _list_page(process_id, draft_id, (FieldError(said, "#title" if "«Título»" in said else "#name"),), 422)
    except Refusal as refusal:
        return _list_page(process_id, draft_id, refused(refusal, "#name"), 422)


@studio.route(f"{ADDRESS}/<name>", methods=["GET", "POST"])
@access(Action.DESIGN_PROCESSES)
@keeps_what_was_typed
def edit_form(process_id: str, draft_id: int, name: str) -> Response | Page:
    """The form as stored, or as typed: only what is saved is kept, and only what can be used is saved."""
    typed = unsent.typed_before() if request.method == "GET" else _typed()
    with reading() as session:
        stored = forms_edit.data_of(drafts.get(session, draft_id, process_id), name)
    if typed is None:
        return _form_page(process_id, draft_id, name, stored, (), 200)
    data = form_typed.data(typed, stored.get("built_in", []))
    if g.get("form_expired", False):
        return _form_page(process_id, draft_id, name, data, (FieldError(EXPIRED, TOP),), 422)
    if request.method == "GET" or request.form.get("act", SAVE) != SAVE:
        data["fields"] = form_typed.changed(data["fields"], request.form.get("act", SHOWS))
        return _form_page(process_id, draft_id, name, data, (), 200, is_kept=False)
    return _save(process_id, draft_id, name, data)


@studio.post(f"{ADDRESS}/<name>/vista")
@access(Action.DESIGN_PROCESSES)
def preview_form(process_id: str, draft_id: int, name: str) -> str:
    """How what is typed would look; for the page's script, which keeps it up to date."""
    with reading() as session:
        stored = forms_edit.data_of(drafts.get(session, draft_id, process_id), name)
    preview, fault = _preview(name, form_typed.data(_typed(), stored.get("built_in", [])))
    return render_template("studio/form_preview.html", preview=preview, fault=fault)


def _save(process_id: str, draft_id: int, name: str, data: Mapping[str, Any]) -> Response | Page:
    def keep(session: Session) -> str:
        draft = drafts.get(session, draft_id, process_id)
        forms_edit.keep(session, draft, name, data, version=version(), actor=current_actor())
        return url_for("studio.edit_form", process_id=process_id, draft_id=draft_id, name=name)

    try:
        answer = actions.once(keep)
    except NotAllowed:
        raise
    except InvalidForm as fault:
        where = form_faults.place(fault, name, data["fields"])
        return _form_page(
            process_id, draft_id, name, data, (FieldError(form_faults.sentence(fault, name), where),), 422
        )
    except Refusal as refusal:
        return _form_page(process_id, draft_id, name, data, refused(refusal), 409, is_kept=False)
    flash(SAVED, "success")
    return answer


def _preview(name: str, data: Mapping[str, Any]) -> tuple[TaskForm | None, str]:
    try:
        definition = forms.spec(name, data).definition
    except InvalidForm as fault:
        return None, form_faults.sentence(fault, name)
    return form_class(definition)(formdata=None, meta={"csrf": False}), ""


def _list_page(process_id: str, draft_id: int, errors: Errors, status: int) -> Page:
    with reading() as session:
        draft = drafts.get(session, draft_id, process_id)
        values = about(draft) | {"listed": forms_edit.listed(draft)}
    given = unsent.typed_before() or request.form
    typed = {key: given.get(key, "") for key in ("name", "title")}
    token = actions.one_time_token()
    return render_template("studio/forms.html", typed=typed, errors=errors, one_time_token=token, **values), status


def _form_page(
    process_id: str,
    draft_id: int,
    name: str,
    data: Mapping[str, Any],
    errors: Errors,
    status: int,
    *,
    is_kept: bool = True,
) -> Page:
    """`is_kept` is false for what only stands on the page so far."""
    with reading() as session:
        values = about(drafts.get(session, draft_id, process_id))
    preview, fault = _preview(name, data)
    page = render_template(
        "studio/form.html",
        form_name=name,
        typed=form_typed.typed_of(data),
        types=[(kind.value, kind.label) for kind in FieldType],
        tones=[(tone.value, tone.label) for tone in Tone],
        preview=preview,
        fault=fault,
        is_kept=is_kept,
        is_added=request.form.get("act") == "add",
        errors=errors,
        one_time_token=actions.one_time_token(),
        **values,
    )
    return page, status


def _typed() -> dict[str, str]:
    return {key: clean(value) for key, value in request.form.items()}
