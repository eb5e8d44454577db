"""Re-Calcular Porcentajes: the horas parciales of a partial course, typed in, and its percentages over them."""

import re
from decimal import Decimal

from flask import flash, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from app.domain.errors import Refusal
from app.domain.permissions import Action
from app.services import courses, hours
from app.unit_of_work import reading
from app.web import actions, answering
from app.web.access import access, current_actor
from app.web.answering import problems, refused
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.portal import course_told
from app.web.portal.blueprint import portal
from app.web.task_forms import clean

Page = Response | tuple[str, int]
DONE = "Los porcentajes quedaron recalculados con las horas parciales que escribió."
_HOURS = re.compile(r"[0-9]{1,5}([.,][0-9]{1,2})?")


class PartialHoursForm(FlaskForm):  # type: ignore[misc]
    partial_hours = StringField("Horas parciales", filters=[clean])

    def validate_partial_hours(self, field: Field) -> None:
        if not _HOURS.fullmatch((field.data or "").strip()):
            raise ValidationError("Escriba las horas parciales como un número, por ejemplo 58 o 58,5.")
        if not self.hours():
            raise ValidationError("Las horas parciales deben ser más que 0. Corríjalas.")

    def hours(self) -> Decimal:
        return Decimal((self.partial_hours.data or "").strip().replace(",", "."))


@portal.route("/acciones/<code>/horas", methods=["GET", "POST"])
@access(Action.CORRECT_HOURS)
@keeps_what_was_typed
def partial_hours(code: str) -> Page:
    """The hours as they are, and the form that changes the partial ones."""
    with reading() as session:
        action_id = courses.get(session, code, current_actor()).id
    form = answering.opened(PartialHoursForm)
    if not form.is_submitted():
        return _page(code, form, (), 200)
    if not form.validate():
        return _page(code, form, problems(form), 422)

    def correct(session: Session) -> str:
        hours.correct_partial(session, action_id, hours=form.hours(), actor=current_actor())
        return url_for("portal.course", code=code)

    try:
        answer = actions.once(correct)
    except Refusal as refusal:
        return _page(code, form, refused(refusal, f"#{form.partial_hours.id}"), 409)
    flash(DONE)
    return answer


def _page(code: str, form: PartialHoursForm, errors: tuple[FieldError, ...], status: int) -> Page:
    with reading() as session:
        action = courses.get(session, code, current_actor())
        values = {
            "course": {"code": action.code, "name": action.name},
            "facts": course_told.hours(action),
            "reason": hours.why_not_correctable(action),
        }
    token = actions.one_time_token()
    return render_template("portal/hours.html", form=form, errors=errors, one_time_token=token, **values), status
