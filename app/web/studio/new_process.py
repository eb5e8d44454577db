"""A new process: its name and id, and a draft with a beginning and an end."""

from flask import render_template
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from app.domain.errors import NotAllowed, Refusal
from app.domain.permissions import Action
from app.process.studio import blank
from app.web import actions, answering
from app.web.access import access, current_actor
from app.web.answering import problems, refused
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.studio.blueprint import studio
from app.web.studio.draft import address
from app.web.task_forms import clean, typed


class NewProcessForm(FlaskForm):  # type: ignore[misc]
    name = StringField("Nombre", filters=[clean])
    process_id = StringField("Id", filters=[clean])

    def validate_name(self, field: Field) -> None:
        if not typed(field):
            raise ValidationError("Falta el nombre. Escriba qué se hace, como «Segunda revisión».")
        if len(typed(field)) > blank.LONGEST_NAME:
            raise ValidationError(f"El nombre tiene hasta {blank.LONGEST_NAME} caracteres. Acórtelo.")

    def validate_process_id(self, field: Field) -> None:
        if not typed(field):
            raise ValidationError("Falta el id. Escríbalo en inglés, como «second_review».")


@studio.route("/nuevo", methods=["GET", "POST"])
@access(Action.DESIGN_PROCESSES)
@keeps_what_was_typed
def new_process() -> Response | tuple[str, int]:
    """Asks for both; an id that is taken is refused with what was typed kept."""
    form = answering.opened(NewProcessForm)
    if not form.is_submitted():
        return _page(form, (), 200)
    if not form.validate():
        return _page(form, problems(form), 422)

    def begin(session: Session) -> str:
        return address(blank.start(session, typed(form.process_id), typed(form.name), current_actor()))

    try:
        return actions.once(begin)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _page(form, refused(refusal, "#process_id"), 422)


def _page(form: NewProcessForm, errors: tuple[FieldError, ...], status: int) -> tuple[str, int]:
    token = actions.one_time_token()
    return render_template("studio/new_process.html", form=form, errors=errors, one_time_token=token), status
