"""Políticas de asistencia: all of them, each explained, and adding one. None is edited or deleted."""

from flask import flash, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.attendance_policy import AttendancePolicy
from app.domain.errors import Refusal
from app.domain.permissions import Action
from app.models import DatedPolicy
from app.services import policies as dated
from app.unit_of_work import reading
from app.web import actions, answering, policies_told
from app.web.access import access, current_actor
from app.web.admin.blueprint import admin
from app.web.admin.policy_form import EVERY_PROGRAMME, LONGEST_NOTE, PolicyForm
from app.web.answering import problems, refused
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.filters import local_date, local_moment

Page = Response | tuple[str, int]
ADDED = "La política quedó agregada. Los cursos a los que alcanza se calculan con ella."


@admin.route("/politicas", methods=["GET", "POST"])
@access(Action.MANAGE_POLICIES)
@keeps_what_was_typed
def policies() -> Page:
    """The list, and the form that adds one and has the courses it reaches computed again."""
    form = answering.opened(PolicyForm)
    if not form.is_submitted():
        return _page(form, (), 200)
    if not form.validate():
        return _page(form, problems(form), 422)

    def add(session: Session) -> str:
        job = dated.add(
            session,
            form.policy(),
            line=form.programme(),
            applies_from=form.begins(),
            note=(form.note.data or "").strip(),
            actor=current_actor(),
        )
        return url_for("jobs.job", job_id=job.id) if job else url_for("admin.policies")

    try:
        answer = actions.once(add)
    except Refusal as refusal:
        return _page(form, refused(refusal), 409)
    flash(ADDED)
    return answer


def _page(form: PolicyForm, errors: tuple[FieldError, ...], status: int) -> Page:
    with reading() as session:
        listed = [_told(row) for row in dated.listed(session)]
    page = render_template(
        "admin/policies.html",
        form=form,
        errors=errors,
        listed=listed,
        longest_note=LONGEST_NOTE,
        one_time_token=actions.one_time_token(),
    )
    return page, status


def _told(row: DatedPolicy) -> dict[str, object]:
    policy = AttendancePolicy.from_data(row.fields)
    return {
        "policy_id": row.policy_id,
        "programme": row.line.label if row.line else EVERY_PROGRAMME[1],
        "applies_from": local_date(row.applies_from),
        "note": row.note,
        "added": f"{local_moment(row.created_at)}, {row.created_by.full_name if row.created_by else 'Constancia'}",
        "explained": policies_told.explained(policy),
        "answers": policies_told.answers(policy),
    }
