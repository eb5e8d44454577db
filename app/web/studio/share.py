"""Cobertura: the share of a draft that its scenarios must go through, set by an administrator, and who set it before."""

from typing import Any

from flask import flash, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from app.domain.permissions import Action
from app.process.studio import covering
from app.process.trials.coverage import EVERYTHING
from app.unit_of_work import reading
from app.web import actions, answering
from app.web.access import access, current_actor
from app.web.answering import problems
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.filters import local_moment
from app.web.studio.blueprint import studio
from app.web.task_forms import typed

SET = "Desde ahora se pide el {percent} % de las flechas para proponer."


class ShareForm(FlaskForm):  # type: ignore[misc]
    percent = StringField("Parte de las flechas, en %")

    def validate_percent(self, field: Field) -> None:
        text = typed(field)
        if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= EVERYTHING):
            raise ValidationError("Escriba un número entero de 0 a 100, solo con cifras.")

    def chosen(self) -> int:
        return int(typed(self.percent))


@studio.route("/cobertura", methods=["GET", "POST"])
@access(Action.MANAGE_POLICIES)
@keeps_what_was_typed
def share() -> Response | tuple[str, int]:
    """What holds, and a form that changes it from now on."""
    with reading() as session:
        now = covering.percent(session)
    form = answering.opened(ShareForm, percent=str(now))
    if not form.is_submitted():
        return _page(form, (), 200)
    if not form.validate():
        return _page(form, problems(form), 422)

    def act(session: Session) -> str:
        covering.ask_for(session, form.chosen(), current_actor())
        return url_for("studio.share")

    answer = actions.once(act)
    flash(SET.format(percent=form.chosen()), "success")
    return answer


def _page(form: ShareForm, errors: tuple[FieldError, ...], status: int) -> tuple[str, int]:
    with reading() as session:
        values: dict[str, Any] = {
            "now": covering.percent(session),
            "rules": [
                (local_moment(rule.set_at), rule.set_by.full_name, f"{rule.percent} %")
                for rule in covering.rules(session)
            ],
        }
    token = actions.one_time_token()
    return render_template("studio/share.html", form=form, errors=errors, one_time_token=token, **values), status
