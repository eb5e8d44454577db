"""Forms as the process knows them: read from data, their conditions checked, and what of the answers is kept."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.domain import form_reading, form_writing
from app.domain.errors import Refusal
from app.domain.forms import Field, FieldType, Form, InvalidForm
from app.models import ProcessDefinition
from app.process import expressions
from app.process.expression_types import BOOL, DAY, FILES, INT, TEXT, Type, choice_of, require, within
from app.process.expressions import ExpressionError

FOLDER = Path(__file__).parents[2] / "workflows" / "forms"
BUILT_IN: Mapping[str, Type] = {"content_sha256": TEXT, "authenticated_by": TEXT, "attachments": FILES}


@dataclass(frozen=True)
class FormSpec:
    """What a form asks, each answer with its type.

    What it `decides` goes into the case's data and may be read by gateways; what else it `asks` stays with the task.
    """

    definition: Form
    asks: Mapping[str, Type]
    decides: Mapping[str, Type]

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def title(self) -> str:
        return self.definition.title

    @property
    def outcomes(self) -> Mapping[bool, str]:
        """A decision in words: for each value of it, what the person did."""
        decision = self.definition.decision
        return {True: decision.yes.outcome, False: decision.no.outcome} if decision else {}

    @property
    def answers(self) -> frozenset[str]:
        return frozenset(self.asks)

    @property
    def decisions(self) -> frozenset[str]:
        return frozenset(self.decides)

    @property
    def needed(self) -> frozenset[str]:
        """The answers without which the form is never accepted."""
        optional = {field.name for field in self.definition.fields if not field.required or field.when}
        return (self.answers | self.decisions) - optional


Forms = Mapping[str, FormSpec]
_of_published: dict[tuple[str, str], Forms] = {}


def spec(name: str, data: object) -> FormSpec:
    """The form called `name` from its JSON. Raises InvalidForm, for its conditions too."""
    form = form_reading.read(name, data)
    earlier: dict[str, Type] = {}
    for field in form.fields:
        # No literal is a date, so a condition has nothing to compare one with.
        _require_condition(form, field, {name: type_ for name, type_ in earlier.items() if type_ != DAY})
        earlier[field.name] = _type_of(field)
    decides = {field.name: earlier[field.name] for field in form.fields if field.decides}
    asks = {name: type_ for name, type_ in earlier.items() if name not in decides}
    asks |= {name: BUILT_IN[name] for name in form.built_in}
    if form.decision is not None:
        decides[form.decision.name] = BOOL
    return FormSpec(form, asks, decides)


@lru_cache(maxsize=1)
def first_versions() -> Forms:
    """The forms of `workflows/forms/`, each by the name of its file."""
    return {path.stem: spec(path.stem, json.loads(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.json"))}


def of(definition: ProcessDefinition) -> Forms:
    """The forms that cases of a definition are asked by. Read once: what was published never changes."""
    key = (definition.process_id, definition.content_sha256)
    if key not in _of_published:
        _of_published[key] = read_all(definition.forms)
    return _of_published[key]


def read_all(data: Mapping[str, Any]) -> Forms:
    """Raises InvalidForm for the first that cannot be used."""
    return {name: spec(name, one) for name, one in data.items()}


def readable(data: Mapping[str, Any]) -> tuple[Forms, Mapping[str, InvalidForm]]:
    """The forms of a draft that can be used, and what is wrong with each of the others."""
    found, faults = {}, {}
    for name, one in data.items():
        try:
            found[name] = spec(name, one)
        except InvalidForm as fault:
            faults[name] = fault
    return found, faults


def offered(data: Mapping[str, Any]) -> Forms:
    """What a diagram may name: the forms it comes with, and the first versions of those it does not. Raises InvalidForm."""
    return {**first_versions(), **read_all(data)}


def carried(names: Iterable[str], data: Mapping[str, Any]) -> dict[str, Any]:
    """The forms that a version whose diagram names `names` is published with. Raises InvalidForm."""
    found = offered(data)
    return {name: form_writing.written(found[name].definition) for name in sorted(set(names)) if name in found}


def is_asked(field: Field, answers: Mapping[str, Any]) -> bool:
    """Whether the field's condition holds; one that reads an answer not given does not."""
    if not field.when:
        return True
    read = {name: answers.get(name) for name in expressions.names_in(field.when)}
    return None not in read.values() and expressions.evaluate(field.when, read) is True


def accepted(form: FormSpec, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What of `answers` is kept: the questions that were asked. Raises Refusal if one that must be answered was not."""
    kept: dict[str, Any] = {}
    for field in form.definition.fields:
        given = answers.get(field.name) if is_asked(field, kept) else None
        if given is not None:
            kept[field.name] = given
        elif field.required and is_asked(field, kept):
            raise Refusal(field.missing or f"Falta «{field.label}». Vuelva a la página y complételo.")
    return kept | {name: answers[name] for name in sorted((form.answers | form.decisions) - _fields(form))}


def _fields(form: FormSpec) -> set[str]:
    return {field.name for field in form.definition.fields}


def _require_condition(form: Form, field: Field, earlier: Mapping[str, Type]) -> None:
    if not field.when:
        return
    try:
        require(field.when, BOOL, earlier, {})
    except ExpressionError as error:
        sentence = f"Formulario «{form.name}», campo «{field.name}»: su condición no sirve. {error}"
        raise InvalidForm(sentence) from error


def _type_of(field: Field) -> Type:
    match field.type:
        case FieldType.NUMBER if isinstance(field.minimum, int) and isinstance(field.maximum, int):
            return within(field.minimum, field.maximum)
        case FieldType.NUMBER:
            return INT
        case FieldType.DATE:
            return DAY
        case FieldType.YES_NO:
            return BOOL
        case FieldType.CHOICE:
            return choice_of(*(choice.value for choice in field.choices))
    return TEXT
