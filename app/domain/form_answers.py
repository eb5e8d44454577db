"""What people type into a field: what is wrong with it, the answer that is kept, and how an answer is told."""

import re
from datetime import date

from app.domain.forms import NO, YES, Field, FieldType, Value

_DOCUMENT_NUMBER = re.compile(r"[^\W_]([^\W_]|[-/. ])*")
# With the dots of thousands, or without any.
_NUMBER = re.compile(r"-?([0-9]{1,12}|[0-9]{1,3}(\.[0-9]{3}){1,3})")
_CHILEAN = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def wrong(field: Field, text: str) -> str | None:
    """What is wrong with what was typed and what to do about it; None if nothing is."""
    text = text.strip()
    if not text:
        return _missing(field) if field.required else None
    match field.type:
        case FieldType.NUMBER:
            return _wrong_number(field, text)
        case FieldType.DATE:
            return _wrong_date(field, text)
        case FieldType.CHOICE | FieldType.YES_NO:
            known = text in (choice.value for choice in field.options)
            return None if known else "Elija una de las opciones."
    return _wrong_text(field, text)


def value(field: Field, text: str) -> Value | None:
    """The answer in what was typed, once nothing is wrong with it; None where nothing was."""
    text = text.strip()
    if not text:
        return None
    match field.type:
        case FieldType.NUMBER:
            return int(text.replace(".", ""))
        case FieldType.DATE:
            return typed_date(text).isoformat()  # type: ignore[union-attr]
        case FieldType.YES_NO:
            return text == YES
    return text


def text(field: Field, answer: object) -> str:
    """An answer as somebody would type it."""
    if field.type is FieldType.YES_NO:
        return YES if answer is True else NO
    return told(field, answer) if field.type is FieldType.DATE else str(answer)


def told(field: Field, answer: object) -> str:
    """An answer in the words of its field."""
    if field.type is FieldType.YES_NO:
        return "Sí" if answer is True else "No"
    if field.type is FieldType.NUMBER and isinstance(answer, int):
        return f"{answer:,}".replace(",", ".")
    if field.type is FieldType.DATE and isinstance(answer, str):
        return f"{date.fromisoformat(answer):%d/%m/%Y}"
    labels = {choice.value: choice.label for choice in field.choices}
    return labels.get(str(answer), str(answer))


def typed_date(text: str) -> date | None:
    """`31/12/2026`, or what a browser's own date field sends; None for anything else."""
    found = _CHILEAN.fullmatch(text.strip())
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text.strip())
    except ValueError:
        return None


def wrong_date(text: str) -> str | None:
    """What keeps a text from being a date, and what to do."""
    if typed_date(text):
        return None
    if _CHILEAN.fullmatch(text) or _ISO.fullmatch(text):
        return "Esa fecha no existe en el calendario. Revise día, mes y año."
    return "No es una fecha. Escríbala como 31/12/2026."


def _missing(field: Field) -> str:
    if field.missing:
        return field.missing
    return f"Falta «{field.label}». {'Elija una opción.' if field.type.is_chosen else 'Complételo.'}"


def _wrong_text(field: Field, text: str) -> str | None:
    length, is_number = len(text), field.type is FieldType.DOCUMENT_NUMBER
    if isinstance(field.maximum, int) and length > field.maximum:
        if is_number:
            return f"El número tiene {length} caracteres y el máximo es {field.maximum}. Acórtelo."
        return f"El texto tiene {length} caracteres y el máximo es {field.maximum}. Acórtelo y vuelva a enviar."
    if isinstance(field.minimum, int) and length < field.minimum:
        return f"El texto tiene {length} caracteres y el mínimo es {field.minimum}. Escriba un poco más."
    if is_number and not _DOCUMENT_NUMBER.fullmatch(text):
        return "El número lleva solo letras, cifras, guion, barra, punto y espacio. Quite lo demás."
    return None


def _wrong_number(field: Field, text: str) -> str | None:
    if not _NUMBER.fullmatch(text):
        return "Escriba un número entero, solo con cifras, como 1250000."
    return _wrong_range(field, int(text.replace(".", "")))


def _wrong_date(field: Field, text: str) -> str | None:
    return wrong_date(text) or _wrong_range(field, typed_date(text))


def _wrong_range(field: Field, given: int | date | None) -> str | None:
    low, high = field.minimum, field.maximum
    if low is not None and given < low:  # type: ignore[operator]
        return f"Lo mínimo que se admite es {_limit(low)}. Corríjalo."
    if high is not None and given > high:  # type: ignore[operator]
        return f"Lo máximo que se admite es {_limit(high)}. Corríjalo."
    return None


def _limit(limit: int | date) -> str:
    return f"{limit:%d/%m/%Y}" if isinstance(limit, date) else f"{limit:,}".replace(",", ".")
