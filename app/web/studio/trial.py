"""Trying a draft: answering, letting days go by, going back, beginning anew, and keeping it as a scenario."""

from collections.abc import Callable
from dataclasses import replace

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import NotAllowed, Refusal
from app.domain.permissions import Action
from app.process.studio import drafts, scenarios
from app.process.trials.replaying import replay
from app.process.trials.steps import Advance, Answer, Arrive, Step
from app.unit_of_work import reading
from app.web import actions, answering
from app.web.access import access, current_actor
from app.web.answering import problems, refused
from app.web.errors import keeps_what_was_typed
from app.web.studio import trial_kept, trial_page
from app.web.studio.blueprint import studio
from app.web.studio.trial_forms import OPENED, AdvanceForm, ScenarioForm, StartForm
from app.web.studio.trial_kept import Kept
from app.web.studio.trial_page import Forms, Page, page
from app.web.task_forms import typed

MOVED_ON = "El ensayo ya estaba en otro paso. Mire dónde está y siga desde ahí."
KEPT = "El ensayo quedó guardado como escenario."
TRIAL = "/<process_id>/borradores/<int:draft_id>/probar"


@studio.get(TRIAL)
@access(Action.DESIGN_PROCESSES)
def trial(process_id: str, draft_id: int) -> Page:
    """Where the trial under way stands; without one, a trial that begins today."""
    return page(process_id, draft_id)


@studio.route(f"{TRIAL}/responder", methods=["GET", "POST"])
@access(Action.DESIGN_PROCESSES)
@keeps_what_was_typed
def answer_trial(process_id: str, draft_id: int) -> Response | Page:
    """The form of the waiting task, checked as a real one."""
    if request.method == "GET":
        return page(process_id, draft_id)
    with reading() as session:
        draft = drafts.get(session, draft_id, process_id)
        kept, package = trial_page.kept_or_new(session, draft_id), scenarios.package(draft)
    task = trial_page.asked_task(replay(package, kept.steps, given=kept.given))
    if task is None or task.key != request.args.get("tarea") or _is_old(kept):
        return _moved_on(process_id, draft_id)
    form = trial_page.task_form(package, task)
    if not form.validate():
        return page(process_id, draft_id, Forms(task=form), problems(form), 422)
    return _step(process_id, draft_id, Answer(task.key, form.answers()), lambda: Forms(task=form))


@studio.route(f"{TRIAL}/avanzar", methods=["GET", "POST"])
@access(Action.DESIGN_PROCESSES)
@keeps_what_was_typed
def advance_trial(process_id: str, draft_id: int) -> Response | Page:
    """So many working days go by."""
    form = answering.opened(AdvanceForm)
    if not form.is_submitted():
        return page(process_id, draft_id)
    if not form.validate():
        return page(process_id, draft_id, Forms(advance=form), problems(form), 422)
    return _step(process_id, draft_id, Advance(form.chosen()), lambda: Forms(advance=form))


@studio.post(f"{TRIAL}/llega")
@access(Action.DESIGN_PROCESSES)
def message_to_trial(process_id: str, draft_id: int) -> Response | Page:
    """A fact that is awaited comes."""
    return _step(process_id, draft_id, Arrive(request.form.get("message", "")), Forms)


@studio.get(f"{TRIAL}/<any(llega, volver):_act>")
@access(Action.DESIGN_PROCESSES)
def back_to_trial(process_id: str, draft_id: int, _act: str) -> Page:
    """Where somebody lands whose session ended in the middle of one of these."""
    return page(process_id, draft_id)


@studio.post(f"{TRIAL}/volver")
@access(Action.DESIGN_PROCESSES)
def undo_trial(process_id: str, draft_id: int) -> Response:
    """One step back: the rest is played again."""
    with reading() as session:
        drafts.get(session, draft_id, process_id)
        kept = trial_page.kept_or_new(session, draft_id)
    if _is_old(kept):
        return _moved_on(process_id, draft_id)
    trial_kept.keep(draft_id, replace(kept, steps=kept.steps[:-1]))
    return _back(process_id, draft_id)


@studio.route(f"{TRIAL}/empezar", methods=["GET", "POST"])
@access(Action.DESIGN_PROCESSES)
@keeps_what_was_typed
def start_trial(process_id: str, draft_id: int) -> Response | Page:
    """Anew, on any day and in any region, with the holidays as they are now."""
    form = answering.opened(StartForm)
    if not form.is_submitted():
        return page(process_id, draft_id)
    if not form.validate():
        return page(process_id, draft_id, Forms(start=form), problems(form), 422)
    with reading() as session:
        drafts.get(session, draft_id, process_id)
        given = trial_page.beginning(session, form.chosen_day(), form.region.data or "")
    trial_kept.keep(draft_id, Kept(given, ()))
    return _back(process_id, draft_id)


@studio.route(f"{TRIAL}/guardar", methods=["GET", "POST"])
@access(Action.DESIGN_PROCESSES)
@keeps_what_was_typed
def keep_trial(process_id: str, draft_id: int) -> Response | Page:
    """As a scenario: what came of it is what will be expected."""
    form = answering.opened(ScenarioForm)
    if not form.is_submitted():
        return page(process_id, draft_id, Forms(scenario=form))
    if not form.validate():
        return page(process_id, draft_id, Forms(scenario=form), problems(form), 422)

    def act(session: Session) -> str:
        drafts.get(session, draft_id, process_id)
        kept = trial_page.kept_or_new(session, draft_id)
        into = kept.name if form.into.data == OPENED else None
        title = typed(form.title)
        scenario = scenarios.keep_trial(session, draft_id, title, kept.given, kept.steps, current_actor(), into=into)
        trial_kept.keep(draft_id, replace(kept, title=scenario.title, name=scenario.name))
        return url_for("studio.scenarios", process_id=process_id, draft_id=draft_id)

    try:
        answer = actions.once(act)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return page(process_id, draft_id, Forms(scenario=form), refused(refusal, "#trial-title"), 409)
    flash(KEPT, "success")
    return answer


def _step(process_id: str, draft_id: int, step: Step, typed_again: Callable[[], Forms]) -> Response | Page:
    """Take one more step; one that cannot be taken is told and not kept."""
    with reading() as session:
        draft = drafts.get(session, draft_id, process_id)
        kept, package = trial_page.kept_or_new(session, draft_id), scenarios.package(draft)
    if _is_old(kept):
        return _moved_on(process_id, draft_id)
    steps = (*kept.steps, step)
    try:
        stopped = replay(package, steps, given=kept.given).stopped
        if stopped:
            raise Refusal(stopped)
        trial_kept.keep(draft_id, replace(kept, steps=steps))
    except Refusal as refusal:
        return page(process_id, draft_id, typed_again(), refused(refusal), 409)
    return _back(process_id, draft_id)


def _is_old(kept: Kept) -> bool:
    """Whether the page was opened before another step was taken: the same button pressed twice acts once."""
    return request.args.get("paso", type=int) != len(kept.steps)


def _moved_on(process_id: str, draft_id: int) -> Response:
    flash(MOVED_ON)
    return _back(process_id, draft_id)


def _back(process_id: str, draft_id: int) -> Response:
    address = url_for("studio.trial", process_id=process_id, draft_id=draft_id)
    return redirect(f"{address}#donde", code=303)
