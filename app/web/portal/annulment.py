"""Solicitud de anulación certificado: asking the regional direction, once more after a denial, and reading what it decided."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import NotAllowed, Refusal
from app.domain.forms import Form
from app.domain.permissions import Action, Profile
from app.domain.regions import Region
from app.models import TrainingAction
from app.process import answered, definitions, runner
from app.services import annulments, certificates, courses
from app.unit_of_work import reading
from app.web import actions, answering
from app.web.access import access, current_actor
from app.web.answering import problems, refused
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.filters import last_day
from app.web.inbox import so_far
from app.web.portal.blueprint import portal
from app.web.requests_told import told
from app.web.task_forms import TaskForm, form_class

PROCESS, FORM = "annulment", "annulment_request"
Errors = tuple[FieldError, ...]
Page = Response | tuple[str, int]


@portal.route("/acciones/<code>/anulacion", methods=["GET", "POST"])
@access(Action.REQUEST_ANNULMENT)
@keeps_what_was_typed
def request_annulment(code: str) -> Page:
    """The reason, and Enviar Solicitud."""
    form = answering.opened(form_class(_definition()))
    if not form.is_submitted():
        return _form_page(code, form, (), 200)
    if not form.validate():
        return _form_page(code, form, problems(form), 422)

    try:
        answer = actions.once(lambda session: _send(session, code, form))
    except Refusal as refusal:
        return _form_page(code, form, refused(refusal), 409)
    flash(
        "Su solicitud quedó enviada a la Dirección Regional. El certificado sigue vigente hasta que resuelva.",
        "success",
    )
    return answer


@portal.get("/acciones/<code>/solicitudes")
@access(Action.VIEW_CERTIFICATE)
def annulment_request(code: str) -> str:
    """Every request about the course's certificate with who asked, when, why, and what was decided."""
    if current_actor().profile is Profile.PARTICIPANT:
        raise NotAllowed("Las solicitudes las ve el organismo capacitador. Consulte con él si su asistencia está mal.")
    with reading() as session:
        action = courses.get(session, code, current_actor())
        found = annulments.requests_of(session, action.id)
        requests = [told(asked, action.time_zone) for asked in found]
        certificate_id = found[0].issuance.certificate_id if found else None
        answers = answered.of_certificate(session, certificate_id, PROCESS) if certificate_id else []
        state = certificates.state_of_action(session, action.id)
        may_ask = current_actor().may(Action.REQUEST_ANNULMENT) and not annulments.why_not_requestable(
            session, action, state
        )
        course = {"code": action.code, "name": action.name}
    return render_template(
        "portal/annulment_request.html",
        course=course,
        requests=requests,
        answered=[so_far.told(step, action.time_zone) for step in answers],
        state=state,
        may_reconsider=may_ask and requests,
    )


def _definition() -> Form:
    """The form that a request begun now is made with."""
    with reading() as session:
        return definitions.form(session, PROCESS, FORM)


def _send(session: Session, code: str, form: TaskForm) -> str:
    """Begin the case and send its request in one step, so that no case waits for a reason nobody wrote."""
    actor = current_actor()
    certificate = certificates.of_course(session, code, actor)
    runner.start_and_answer(session, PROCESS, certificate_id=certificate.id, actor=actor, answers=form.answers())
    return url_for("portal.course", code=code)


def _form_page(code: str, form: TaskForm, errors: Errors, status: int) -> Page:
    """The form; instead of it, the course with the reason why nothing can be asked, unless something was typed."""
    with reading() as session:
        action = courses.get(session, code, current_actor())
        why_not = annulments.why_not_requestable(session, action)
        issued = certificates.issuances_of(session, action.id)
        if why_not and not (errors and issued):
            flash(why_not)
            return redirect(url_for("portal.course", code=code), code=303)
        values = _about(session, action, str(issued[0].folio))
    page = render_template(
        "portal/request_annulment.html", form=form, errors=errors, one_time_token=actions.one_time_token(), **values
    )
    return page, status


def _about(session: Session, action: TrainingAction, folio: str) -> dict[str, Any]:
    """What the form is about; `reconsider_until` is set where it asks again after a denial."""
    last = annulments.latest_request(session, action.id)
    denied = last.decision if last and last.decision and not last.decision.granted else None
    until = annulments.reconsideration_ends_at(session, denied, action) if denied else None
    return {
        "course": {"code": action.code, "name": action.name},
        "folio": folio,
        "region": Region(action.region).label,
        "reconsider_until": last_day(until, action.time_zone) if until else "",
        "denied_because": denied.reason if denied else "",
    }
