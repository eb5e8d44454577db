"""What people answer in a trial: what was given, checked as on a page, and something made up for the rest."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain import form_answers
from app.domain.errors import Refusal
from app.domain.forms import NO, YES, Field, FieldType
from app.process.forms import BUILT_IN, FormSpec, is_asked

MADE_UP_TEXT, MADE_UP_NUMBER, MADE_UP_DAY = "Texto de prueba", "PRUEBA-1", date(2026, 1, 2)


def whole(form: FormSpec, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a form. Raises Refusal for one that its field does not take, and where nothing says how it is decided."""
    _require_known(form, given)
    answers: dict[str, Any] = {}
    for field in form.definition.fields:
        if is_asked(field, answers) and (field.name in given or field.required):
            answers[field.name] = _checked(field, given[field.name]) if field.name in given else _made_up(field)
    decision = form.definition.decision
    if decision is not None:
        if not isinstance(given.get(decision.name), bool):
            raise Refusal(
                f"Falta decidir entre «{decision.yes.button}» y «{decision.no.button}». Responda «{decision.name}»."
            )
        answers[decision.name] = given[decision.name]
    return answers


def impersonal(form: FormSpec, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What of somebody's answers may stay in a scenario: how they decided and what they chose.

    A text that decides is replaced; one that does not is left out, and made up when the scenario runs.
    """
    kept: dict[str, Any] = {}
    for field in form.definition.fields:
        if field.name not in answers:
            continue
        if field.type.is_chosen or (field.decides and not field.type.is_text):
            kept[field.name] = answers[field.name]
        elif field.decides:
            kept[field.name] = _stand_in(field)
    decision = form.definition.decision
    if decision is not None and decision.name in answers:
        kept[decision.name] = answers[decision.name]
    return kept


def _require_known(form: FormSpec, given: Mapping[str, Any]) -> None:
    known = (form.answers | form.decisions) - BUILT_IN.keys()
    unknown = sorted(given.keys() - known)
    if unknown:
        offered = f"Los que hay: {', '.join(sorted(known))}." if known else "No pregunta nada."
        raise Refusal(f"El formulario «{form.name}» no tiene el campo «{unknown[0]}». {offered}")


def _checked(field: Field, given: object) -> Any:
    wanted = {FieldType.YES_NO: bool, FieldType.NUMBER: int}.get(field.type, str)
    if type(given) is not wanted:
        kind = {bool: "true o false", int: "un número entero", str: "un texto"}[wanted]
        raise Refusal(f"«{field.name}» se responde con {kind}. Corríjalo.")
    typed = str(given) if not isinstance(given, bool) else YES if given else NO
    if sentence := form_answers.wrong(field, typed):
        raise Refusal(f"«{field.label}»: {sentence}")
    return form_answers.value(field, typed)


def _made_up(field: Field) -> Any:
    if field.decides:
        raise Refusal(f"Falta responder «{field.name}», que decide por dónde sigue. Agréguelo.")
    return _stand_in(field)


def _stand_in(field: Field) -> Any:
    match field.type:
        case FieldType.NUMBER:
            return _near(1, field)
        case FieldType.DATE:
            return _near(MADE_UP_DAY, field).isoformat()
        case FieldType.YES_NO:
            return False
        case FieldType.CHOICE:
            return field.choices[0].value
    text = MADE_UP_NUMBER if field.type is FieldType.DOCUMENT_NUMBER else MADE_UP_TEXT
    least = field.minimum if isinstance(field.minimum, int) else 0
    most = field.maximum if isinstance(field.maximum, int) else len(text)
    return text.ljust(least, "1")[:most]


def _near(value: Any, field: Field) -> Any:
    """The value that the field takes which is nearest to `value`."""
    low, high = field.minimum, field.maximum
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value
