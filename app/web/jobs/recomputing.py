"""Recálculos: start a recomputation of stored attendance, and see how the latest ones went."""

from flask import render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import Refusal
from app.domain.permissions import Action
from app.models import JobKind
from app.services import jobs as works
from app.services import recomputation
from app.services.recomputation import Reach
from app.unit_of_work import reading
from app.web import actions, answering
from app.web.access import access, current_actor
from app.web.answering import problems, refused
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.jobs.blueprint import jobs
from app.web.jobs.recomputation_form import RecomputationForm
from app.web.jobs.told import told

LISTED = 20
Page = Response | tuple[str, int]


@jobs.route("/recalculos", methods=["GET", "POST"])
@access(Action.RECOMPUTE)
@keeps_what_was_typed
def recomputations() -> Page:
    """The form, and the latest works."""
    form = answering.opened(RecomputationForm)
    form.offer(current_actor())
    if not form.is_submitted():
        return _page(form, (), 200)
    if not form.validate():
        return _page(form, problems(form), 422)

    def ask(session: Session) -> str:
        job = recomputation.ask(session, form.scope(), actor=current_actor())
        return url_for("jobs.job", job_id=job.id)

    try:
        return actions.once(ask)
    except Refusal as refusal:
        return _page(form, refused(refusal), 409)


def _page(form: RecomputationForm, errors: tuple[FieldError, ...], status: int) -> Page:
    actor = current_actor()
    with reading() as session:
        found = works.latest(session, JobKind.RECOMPUTATION, actor=actor, size=LISTED)
        listed = [told(job, actor) for job in found]
    page = render_template(
        "jobs/recomputations.html",
        form=form,
        errors=errors,
        reaches={reach.name.lower(): reach for reach in Reach},
        everything="Todos los cursos de sus regiones" if actor.regions is not None else Reach.ALL.label,
        listed=listed,
        one_time_token=actions.one_time_token(),
    )
    return page, status
