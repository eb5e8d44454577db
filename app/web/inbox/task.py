"""One task of the inbox: answered here by who holds its office, or in the portal; the national level looks at what escalated."""

from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import AlreadyDecided, NotFound, Refusal
from app.domain.permissions import Action
from app.models import HumanTask, TaskStatus
from app.process import answered, case_files, runner
from app.services import inbox as tasks
from app.unit_of_work import reading
from app.web import actions, answering, case_told
from app.web.access import access, current_actor
from app.web.answering import problems, refused
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.inbox import watched
from app.web.inbox.blueprint import inbox
from app.web.inbox.decisions import decision_of
from app.web.task_forms import TaskForm, form_class

# Tasks that are done in the portal, by process and form.
PAGES = {
    ("issuance", "document_reference"): "portal.issue",
    ("issuance", "accept_issuance"): "portal.review",
}
Errors = tuple[FieldError, ...]
Page = Response | tuple[str, int]


@inbox.route("/bandeja/<int:task_id>", methods=["GET", "POST"])
@access(Action.VIEW_COURSES)
@keeps_what_was_typed
def task(task_id: int) -> Page:
    """Answer the task, or be taken to where it is done, or look at what escalated. Not in one's inbox: not found."""
    actor = current_actor()
    with reading() as session:
        found = tasks.get(session, task_id, actor)
        if not tasks.waits_for(actor, found):
            return _watched_page(session, found)
        elsewhere, definition = _elsewhere(found), answered.form_of(found)
        if elsewhere is not None or definition is None:
            return redirect(elsewhere or url_for("inbox.index"), code=303)

        form = answering.opened(form_class(definition))
        if not form.is_submitted():
            return _task_page(session, found, form, (), 200)
        if not form.validate():
            return _task_page(session, found, form, problems(form), 422)
    return _answer(task_id, form)


def _elsewhere(found: HumanTask) -> str | None:
    """The page of the portal where a task is done, or for one that no longer waits its course; None for those done here."""
    endpoint = PAGES.get((found.instance.process_id, found.form))
    if endpoint is None:
        return None
    is_open = found.status is TaskStatus.OPEN
    return url_for(endpoint if is_open else "portal.course", code=found.instance.certificate.action.code)


def _answer(task_id: int, form: TaskForm) -> Page:
    def act(session: Session) -> str:
        runner.complete_task(session, task_id=task_id, actor=current_actor(), answers=form.answers())
        return url_for("inbox.index", resuelta=task_id)

    try:
        return actions.once(act)
    except AlreadyDecided as refusal:
        return _already_decided(refusal.sentence)
    except Refusal as refusal:
        with reading() as session:
            return _task_page(session, tasks.get(session, task_id, current_actor()), form, refused(refusal), 409)


def _task_page(session: Session, found: HumanTask, form: TaskForm, errors: Errors, status: int) -> Page:
    if found.status is not TaskStatus.OPEN:
        return _already_decided(runner.who_did_it(found))
    decision = decision_of(found)
    page = render_template(
        decision.template,
        form=form,
        errors=errors,
        one_time_token=actions.one_time_token(),
        task_name=found.name,
        **decision.values(session, found),
        **standing(session, found),
    )
    return page, status


def _watched_page(session: Session, found: HumanTask) -> Page:
    """What others are to do is looked at."""
    if request.method == "POST":
        current_actor().require(Action.DECIDE)
        raise NotFound
    if found.status is not TaskStatus.OPEN:
        return _already_decided(runner.who_did_it(found))
    values = watched.values(session, found) | standing(session, found)
    return render_template("inbox/watched.html", **values), 200


def standing(session: Session, task: HumanTask) -> dict[str, Any]:
    """Where the case of a task is on its diagram."""
    zone = task.instance.certificate.action.time_zone
    case = case_files.one_case(session, task.instance_id)
    return {"open_case": case_told.told(case, zone, with_names=True)}


def _already_decided(sentence: str) -> Page:
    page = render_template(
        "portal/already_done.html",
        sentence=sentence,
        way_on=url_for("inbox.index"),
        way_on_text="Volver a la bandeja",
    )
    return page, 409
