"""One long work: its page, the fragment that keeps it up to date, its cancellation and its file."""

from flask import current_app, flash, render_template, send_file, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.adapters.storage import Storage
from app.domain.errors import Refusal
from app.domain.permissions import Action
from app.models import Job, JobKind
from app.services import exports
from app.services import jobs as works
from app.unit_of_work import reading
from app.web import actions
from app.web.access import access, current_actor
from app.web.answering import problems, refused
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.jobs.blueprint import jobs
from app.web.jobs.told import told

Page = Response | tuple[str, int]
CANCELLED = "Se pidió cancelar. Lo que ya empezó termina solo; lo demás no se hará."


@jobs.route("/trabajos/<int:job_id>", methods=["GET", "POST"])
@access(Action.WATCH_JOBS)
@keeps_what_was_typed
def job(job_id: int) -> Page:
    """How far it is; the POST cancels it."""
    form = FlaskForm()
    if not form.is_submitted():
        return _page(job_id, (), 200)
    if not form.validate():
        return _page(job_id, problems(form), 422)

    def cancel(session: Session) -> str:
        works.cancel(session, job_id, actor=current_actor())
        return url_for("jobs.job", job_id=job_id)

    try:
        answer = actions.once(cancel)
    except Refusal as refusal:
        return _page(job_id, refused(refusal), 409)
    flash(CANCELLED)
    return answer


@jobs.get("/trabajos/<int:job_id>/avance")
@access(Action.WATCH_JOBS)
def progress(job_id: int) -> str:
    """The bar as it is now, which takes the place of the one on the page."""
    actor = current_actor()
    with reading() as session:
        values = told(works.get(session, job_id, actor), actor)
    return render_template("jobs/progress.html", job=values, is_fragment=True)


@jobs.get("/trabajos/<int:job_id>/archivo")
@access(Action.WATCH_JOBS)
def file(job_id: int) -> Response:
    """What the work made, for who asked for it."""
    with reading() as session:
        found = exports.fetchable(session, job_id, current_actor())
        sha256, name, content_type = found.result_sha256 or "", found.result_filename, found.result_content_type
    storage: Storage = current_app.extensions["storage"]
    return send_file(storage.open(sha256), mimetype=content_type, download_name=name, as_attachment=True)


def _page(job_id: int, errors: tuple[FieldError, ...], status: int) -> Page:
    actor = current_actor()
    with reading() as session:
        found = works.get(session, job_id, actor)
        back_url, back_text = _way_back(found)
        values = told(found, actor)
    page = render_template(
        "jobs/job.html",
        job=values,
        back_url=back_url,
        back_text=back_text,
        is_fragment=False,
        errors=errors,
        one_time_token=actions.one_time_token(),
    )
    return page, status


def _way_back(found: Job) -> tuple[str, str]:
    if found.kind is JobKind.ATTENDANCE_EXPORT:
        return url_for("portal.course", code=found.scope["action_code"]), "Volver al curso"
    if found.kind in (JobKind.BULK_REVIEW, JobKind.BULK_ISSUE):
        return url_for("portal.bulk_issue", bulk_id=found.scope["bulk_issue_id"]), "Volver a la emisión masiva"
    return url_for("jobs.recomputations"), "Volver a los recálculos"
