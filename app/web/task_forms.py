"""The form of a user task on a page: built from its definition, which says what is asked, and checked by it."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField
from wtforms.validators import ValidationError

from app.domain import form_answers
from app.domain import forms as definitions
from app.domain.forms import NO, YES, Form
from app.process.forms import is_asked
from app.web import conditions


def clean(text: str | None) -> str:
    """What people typed, without what they cannot see: control characters, and line ends of two characters."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))


def typed(field: Field) -> str:
    """The text of a field without the blanks around it."""
    return str(field.data).strip()


@dataclass(frozen=True)
class Drawn:
    """One question as a page draws it: what was typed and what is wrong with it stay beside it.

    `when` is its condition for the page's script and `when_told` the same in words; both empty where it is always asked.
    """

    field: definitions.Field
    typed: str
    error: str
    when: str
    when_told: str


class TaskForm(FlaskForm):  # type: ignore[misc]
    """A form of a definition. A page whose form has answers of its own adds their fields with `own`."""

    definition: ClassVar[Form]
    own: ClassVar[Mapping[str, Callable[[], Any]]] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Each question that is asked, by its definition, in the order of the page."""
        is_good = bool(super().validate(extra_validators))
        given: dict[str, Any] = {}
        for field in self.definition.fields:
            if not is_asked(field, given):
                continue
            drawn = self[field.name]
            if sentence := form_answers.wrong(field, drawn.data or ""):
                drawn.errors, is_good = [sentence], False
            else:
                given[field.name] = form_answers.value(field, drawn.data or "")
        return self._has_decided() and is_good

    def answers(self) -> dict[str, Any]:
        """What was answered, once the form is valid; questions that were not asked, or left open, are not among it."""
        given: dict[str, Any] = {}
        for field in self.definition.fields:
            answer = form_answers.value(field, self[field.name].data or "") if is_asked(field, given) else None
            if answer is not None:
                given[field.name] = answer
        if self.definition.decision is not None:
            given[self.definition.decision.name] = self[self.definition.decision.name].data == YES
        return given

    @property
    def asked(self) -> list[Drawn]:
        """The questions for the page, those too that are asked only sometimes: without script all are shown."""
        return [self._drawn(field) for field in self.definition.fields]

    def _drawn(self, field: definitions.Field) -> Drawn:
        drawn = self[field.name]
        return Drawn(
            field,
            drawn.data or "",
            drawn.errors[0] if drawn.errors else "",
            conditions.for_script(field, self.definition),
            conditions.in_words(field, self.definition),
        )

    def _has_decided(self) -> bool:
        decision = self.definition.decision
        if decision is None or self[decision.name].data in (YES, NO):
            return True
        default = f"Elija «{decision.yes.button}» o «{decision.no.button}»."
        self[decision.name].errors = [decision.missing or default]
        return False


def form_class(definition: Form, base: type[TaskForm] = TaskForm) -> type[TaskForm]:
    """The class of a definition's form; `base` adds what its page answers by itself."""
    return _class_of(definition, base)  # type: ignore[arg-type] # a class is hashable, whatever its objects are


@lru_cache(maxsize=256)
def _class_of(definition: Form, base: type[TaskForm]) -> type[TaskForm]:
    fields: dict[str, Any] = {field.name: StringField(field.label, filters=[clean]) for field in definition.fields}
    fields |= {name: made() for name, made in base.own.items()}
    if definition.decision is not None:
        fields[definition.decision.name] = HiddenField()
    return type("DefinedForm", (base,), {"definition": definition, **fields})


def as_typed(definition: Form, answers: Mapping[str, Any]) -> dict[str, str]:
    """Earlier answers as somebody would type them, to begin a form with."""
    return {
        field.name: form_answers.text(field, answers[field.name])
        for field in definition.fields
        if field.name in answers
    }


def require_text(field: Field, *, maximum: int, missing: str) -> None:
    """Raises ValidationError for a text that is empty or longer than `maximum`, with what to do about it."""
    length = len(typed(field))
    if not length:
        raise ValidationError(missing)
    if length > maximum:
        raise ValidationError(
            f"El texto tiene {length} caracteres y el máximo es {maximum}. Acórtelo y vuelva a enviar."
        )
