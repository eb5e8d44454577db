"""Generar Certificado: the number of the invoice, the review of all that will be printed, the acceptance."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import AlreadyDecided, Refusal
from app.domain.forms import Form
from app.domain.permissions import Action
from app.models import InstanceStatus, TrainingAction
from app.process import issuance_case
from app.services import certificates, courses
from app.unit_of_work import reading
from app.web import actions, answering, printed, unsent
from app.web.access import access, current_actor
from app.web.answering import problems, refused
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.portal.acceptance import AcceptanceForm
from app.web.portal.blueprint import portal
from app.web.task_forms import TaskForm, as_typed, form_class

Errors = tuple[FieldError, ...]
Page = Response | tuple[str, int]


@portal.route("/acciones/<code>/emitir", methods=["GET", "POST"])
@access(Action.ISSUE)
@keeps_what_was_typed
def issue(code: str) -> Page:
    """First step: the N° factura / orden de compra."""
    if request.method != "POST":
        return _first_step(code)
    form = answering.opened(form_class(_definition(code, issuance_case.REFERENCE_FORM)))
    if not form.validate():
        return _reference_page(_course_of(code), form, problems(form), 422)

    def enter(session: Session) -> str:
        issuance_case.give_reference(session, code=code, actor=current_actor(), answers=form.answers())
        return url_for("portal.review", code=code)

    try:
        return actions.once(enter)
    except Refusal as refusal:
        return _reference_page(_course_of(code), form, refused(refusal), 409)


@portal.route("/acciones/<code>/emitir/revision", methods=["GET", "POST"])
@access(Action.ISSUE)
@keeps_what_was_typed
def review(code: str) -> Page:
    """Second step: everything the certificate will print, to be accepted or corrected."""
    # Nothing is typed here; what is accepted is always what this page shows now.
    unsent.typed_before()
    form = form_class(_definition(code, issuance_case.ACCEPT_FORM), AcceptanceForm)()
    if not form.is_submitted():
        return _review_page(code, form, (), 200)
    if not form.validate():
        return _review_page(code, form, problems(form), 422)

    try:
        return actions.once(lambda session: _answer(session, code, form))
    except AlreadyDecided as refusal:
        return _already_done(code, refusal)
    except Refusal as refusal:
        return _review_page(code, form, refused(refusal), 409)


def _answer(session: Session, code: str, form: TaskForm) -> str:
    answers, task_id = form.answers(), form["task_id"].data
    assert task_id is not None
    instance = issuance_case.accept(session, code=code, task_id=task_id, actor=current_actor(), answers=answers)
    if not answers["accepted"]:
        return url_for("portal.issue", code=code)
    if instance.status is not InstanceStatus.COMPLETED:
        return url_for("portal.course", code=code)
    issued = certificates.latest_issuance(session, instance.certificate_id)
    return url_for("portal.issued", code=code, sequence=issued.sequence)


def _first_step(code: str) -> Page:
    """The form with the number entered so far, or why there is nothing to issue."""
    with reading() as session:
        action = courses.get(session, code, current_actor())
        reason = certificates.why_not_offered(session, action)
        task = issuance_case.waiting_task(session, action)
        if task is None:
            reason = reason or issuance_case.why_nobody_is_asked(session, action)
        definition = issuance_case.form(session, code, issuance_case.REFERENCE_FORM)
        entered = issuance_case.entered(session, task.instance, current_actor()) if task else {}
        course = _course(action)
    form = answering.opened(form_class(definition), **as_typed(definition, entered))
    return _not_now(code, reason) if reason else _reference_page(course, form, (), 200)


def _definition(code: str, name: str) -> Form:
    with reading() as session:
        return issuance_case.form(session, code, name)


def _reference_page(course: dict[str, str], form: TaskForm, errors: Errors, status: int) -> Page:
    page = render_template(
        "portal/issue.html", course=course, form=form, errors=errors, one_time_token=actions.one_time_token()
    )
    return page, status


def _review_page(code: str, form: TaskForm, errors: Errors, status: int) -> Page:
    """The draft as of now; where there is nothing to review, the step or the course that comes instead."""
    actor = current_actor()
    with reading() as session:
        action = courses.get(session, code, actor)
        reason = certificates.why_not_issuable(session, action)
        task = issuance_case.waiting_task(session, action)
        if reason:
            return _not_now(code, reason)
        if task is None or task.form != issuance_case.ACCEPT_FORM:
            return redirect(url_for("portal.issue", code=code), code=303)
        reference = issuance_case.reference_in(session, task.instance, actor)
        try:
            reviewed = certificates.review(session, action, document_reference=reference, actor=actor)
        except Refusal as refusal:
            return _not_now(code, refusal.sentence)
        draft, provisional = reviewed.document, printed.provisional_remarks(reviewed.computed)
        values = {"course": _course(action), "task_id": task.id, "content_sha256": draft.content_sha256()}
    page = render_template(
        "portal/review.html",
        form=form,
        errors=errors,
        course_facts=printed.course_facts(draft),
        issue_facts=printed.issue_facts(draft),
        lines=printed.lines(draft, reviewed.policy, provisional),
        acceptance_text=certificates.ACCEPTANCE_TEXT,
        one_time_token=actions.one_time_token(),
        **values,
    )
    return page, status


def _course_of(code: str) -> dict[str, str]:
    with reading() as session:
        return _course(courses.get(session, code, current_actor()))


def _course(action: TrainingAction) -> dict[str, str]:
    return {"code": action.code, "name": action.name}


def _not_now(code: str, reason: str) -> Response:
    flash(reason)
    return redirect(url_for("portal.course", code=code), code=303)


def _already_done(code: str, refusal: AlreadyDecided) -> Page:
    page = render_template(
        "portal/already_done.html",
        sentence=refusal.sentence,
        way_on=url_for("portal.course", code=code),
        way_on_text="Ver cómo quedó el curso",
    )
    return page, 409
