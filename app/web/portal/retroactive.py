"""Asistencia retroactiva: asking the regional direction for one class of one participant, and reading what it decided."""

from typing import Any

from flask import current_app, flash, redirect, render_template, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.adapters.storage import Storage
from app.domain.attendance_missing import missing_in
from app.domain.errors import Refusal
from app.domain.permissions import Action
from app.domain.regions import Region
from app.models import ClassHeld, Participant, TrainingAction
from app.process import definitions, runner
from app.services import certificates, courses, retroactive, retroactive_found
from app.services.retroactive import MAX_ATTACHMENTS, MAX_BYTES, Subject
from app.unit_of_work import reading
from app.web import actions, answering
from app.web.access import access, current_actor
from app.web.answering import problems, refused
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.portal.attachments import AttachmentsForm
from app.web.portal.blueprint import portal
from app.web.retroactive_told import effect_text, held_text, told
from app.web.task_forms import TaskForm, form_class
from app.web.uploads import takes_files

PROCESS, FORM = "retroactive_attendance", "retroactive_request"
ADDRESS = "/acciones/<code>/asistencia-retroactiva/<int:request_id>"
# Twice what is accepted: who sends a little too much gets the form back with a sentence, and not a closed door.
LIMIT = 2 * MAX_ATTACHMENTS * MAX_BYTES
Errors = tuple[FieldError, ...]
Page = Response | tuple[str, int]


@portal.route(
    "/acciones/<code>/participantes/<int:participant_id>/clases/<int:class_held_id>/asistencia-retroactiva",
    methods=["GET", "POST"],
)
@access(Action.REQUEST_RETROACTIVE)
@takes_files(LIMIT)
@keeps_what_was_typed
def request_retroactive(code: str, participant_id: int, class_held_id: int) -> Page:
    """The reason, the files, and Enviar Solicitud."""
    subject = Subject(participant_id, class_held_id)
    with reading() as session:
        definition = definitions.form(session, PROCESS, FORM)
    form = answering.opened(form_class(definition, AttachmentsForm))
    if not form.is_submitted():
        return _form_page(code, subject, form, (), 200)
    if not form.validate():
        return _form_page(code, subject, form, problems(form), 422)

    # Before the transaction, so that no committed row names a file that is not there. A file whose transaction then
    # fails is harmless: nothing leads to it, and the same file sent again finds itself already kept.
    storage: Storage = current_app.extensions["storage"]
    for upload in form.uploads:
        storage.put(upload.data)
    try:
        answer = actions.once(lambda session: _send(session, code, subject, form))
    except Refusal as refusal:
        return _form_page(code, subject, form, refused(refusal), 409)
    flash("Su solicitud quedó enviada a la Dirección Regional. La asistencia no cambia hasta que resuelva.", "success")
    return answer


@portal.get(ADDRESS)
@access(Action.VIEW_RETROACTIVE)
def retroactive_request(code: str, request_id: int) -> str:
    """One request with who asked, when, why, with what, and what was decided."""
    with reading() as session:
        action = courses.get(session, code, current_actor())
        found = retroactive_found.get(session, action, request_id, current_actor())
        values = {
            "course": {"code": action.code, "name": action.name},
            "asked": told(found, action),
            "participant_id": found.participant_id,
        }
    return render_template("portal/retroactive_request.html", **values)


@portal.get(f"{ADDRESS}/antecedentes/<int:number>")
@access(Action.VIEW_RETROACTIVE)
def retroactive_attachment(code: str, request_id: int, number: int) -> Response:
    """One file of a request, always to be saved: what strangers sent is never shown inside our pages."""
    with reading() as session:
        action = courses.get(session, code, current_actor())
        request = retroactive_found.get(session, action, request_id, current_actor())
        found = retroactive_found.attachment(request, number)
        name, kind, sha256, size = found.filename, found.content_type, found.sha256, found.size
    storage: Storage = current_app.extensions["storage"]
    response = send_file(storage.open(sha256), mimetype=kind, as_attachment=True, download_name=name, etag=sha256)
    response.content_length = size
    return response


def _send(session: Session, code: str, subject: Subject, form: TaskForm) -> str:
    """Begin the case and send its request in one step, so that no case waits for a reason nobody wrote."""
    actor = current_actor()
    action = courses.get(session, code, actor)
    retroactive.require_in(session, action, subject)
    certificate = certificates.of_action(session, action.id)
    retroactive.require_requestable(session, certificate_id=certificate.id, subject=subject)
    runner.start_and_answer(
        session, PROCESS, certificate_id=certificate.id, actor=actor, answers=form.answers(), subject=str(subject)
    )
    sent = retroactive_found.latest_about(session, subject)
    assert sent is not None
    return url_for("portal.retroactive_request", code=code, request_id=sent.id)


def _form_page(code: str, subject: Subject, form: TaskForm, errors: Errors, status: int) -> Page:
    """The form; instead of it, the participant's classes with the reason why nothing can be asked, unless something was typed."""
    with reading() as session:
        action = courses.get(session, code, current_actor())
        retroactive.require_in(session, action, subject)
        why_not = retroactive.why_not_requestable(session, action, subject)
        if why_not and not errors:
            flash(why_not)
            address = url_for("portal.participant", code=code, participant_id=subject.participant_id)
            return redirect(address, code=303)
        values = _about(session, action, subject)
    page = render_template(
        "portal/request_retroactive.html", form=form, errors=errors, one_time_token=actions.one_time_token(), **values
    )
    return page, status


def _about(session: Session, action: TrainingAction, subject: Subject) -> dict[str, Any]:
    """What the form is about: who, which class, what is missing in it and what an approval would change."""
    person = session.get_one(Participant, subject.participant_id).person
    held = session.get_one(ClassHeld, subject.class_held_id)
    now, then = retroactive.if_approved(session, subject)
    breakdown = retroactive.class_in(now, held)
    missing = missing_in(breakdown) if breakdown else None
    last = retroactive_found.latest_about(session, subject)
    return {
        "course": {"code": action.code, "name": action.name},
        "participant": {"id": subject.participant_id, "name": person.full_name, "rut": person.rut.screen},
        "held": held_text(held, action.time_zone),
        "missing": missing.label if missing else "",
        "effect": effect_text(now, then, held),
        "denied_because": last.decision.reason if last and last.decision and not last.decision.granted else "",
        "region": Region(action.region).label,
        "files": MAX_ATTACHMENTS,
        "megabytes": MAX_BYTES // 1024**2,
    }
