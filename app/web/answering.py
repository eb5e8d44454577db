"""What every page with a form does with what was typed: fills it in, and says what is wrong without losing a word."""

from typing import Any, TypeVar

from flask import g
from flask_wtf import FlaskForm

from app.domain.errors import Refusal
from app.web import unsent
from app.web.context import FieldError, field_errors
from app.web.errors import EXPIRED

TOP = "#main-content"
AnyForm = TypeVar("AnyForm", bound=FlaskForm)


def opened(form_class: type[AnyForm], **beginning: Any) -> AnyForm:
    """The form as posted, or as typed before the session ended, or as it begins."""
    typed = unsent.typed_before()
    form: AnyForm = form_class(**beginning) if typed is None else form_class(formdata=typed)
    return form


def problems(form: FlaskForm) -> tuple[FieldError, ...]:
    """What keeps the form from being accepted, for the error summary."""
    if g.get("form_expired", False):
        return (FieldError(EXPIRED, TOP),)
    return field_errors(form)


def refused(refusal: Refusal, href: str = TOP) -> tuple[FieldError, ...]:
    """A refusal for the error summary."""
    return (FieldError(refusal.sentence, href),)
