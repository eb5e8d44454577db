"""How one text becomes one value of a record, or a sentence that says what is wrong with it and what to do."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import Date, DateTime, Numeric, Text
from sqlalchemy.types import TypeEngine

from app.domain.faces import Face
from app.domain.regions import Region
from app.domain.rut import InvalidRut, Rut

FIRST_YEAR, LAST_YEAR = 2000, 2099
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_HOURS = re.compile(r"\d{1,5}(\.\d{1,2})?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class BadValue(ValueError):
    """A value that cannot be taken; its text is the reason shown, and it never repeats what was written."""


@dataclass(frozen=True)
class Field:
    """A column of a file: how its text is read, how it is staged, and what an empty one means."""

    parse: Callable[[str], Any]
    column: TypeEngine[Any]
    required: bool = True
    when_empty: Any = None

    def read(self, text: str) -> Any:
        """The value of `text`. Raises BadValue."""
        text = text.strip()
        if text:
            return self.parse(text)
        if self.required:
            raise BadValue("Está vacío y es obligatorio. Complételo.")
        return self.when_empty


def optional(field: Field, when_empty: Any = None) -> Field:
    return replace(field, required=False, when_empty=when_empty)


def text(longest: int, pattern: str | None = None, shape: str = "") -> Field:
    """A line of text; `pattern` must match it whole and `shape` says in Spanish what it looks like."""
    compiled = re.compile(pattern) if pattern else None

    def parse(value: str) -> str:
        if not value.isprintable():
            # Spreadsheets leave tabs, line breaks and no-break spaces inside names; as spaces they do no harm.
            value = " ".join(value.split())
        if not value.isprintable():
            raise BadValue("Tiene caracteres de control. Bórrelos y vuelva a escribirlo.")
        if len(value) > longest:
            raise BadValue(f"Tiene más de {longest} caracteres. Acórtelo.")
        if compiled and not compiled.fullmatch(value):
            raise BadValue(f"No tiene la forma esperada: {shape}.")
        return value

    return Field(parse, Text())


def one_of(faces: type[Face]) -> Field:
    """A value of a closed list."""
    known = {member.value: member for member in faces}

    def parse(value: str) -> Face:
        if value not in known:
            raise BadValue(f"No es un valor conocido. Use uno de: {', '.join(known)}.")
        return known[value]

    return Field(parse, Text())


@lru_cache(maxsize=100_000)
def _rut(value: str) -> str:
    try:
        return Rut.parse(value).wire
    except InvalidRut as invalid:
        raise BadValue(str(invalid)) from invalid


def _region(value: str) -> str:
    # A spreadsheet turns 08 into 8.
    try:
        return Region(value.zfill(2)).value
    except ValueError as unknown:
        raise BadValue("No es el código CUT de una región: son dos cifras, de 01 a 16.") from unknown


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise BadValue("No es una zona horaria IANA, como America/Santiago. Corríjala o déjela vacía.")
    return value


def _date(value: str) -> date:
    if not _DATE.fullmatch(value):
        raise BadValue("No es una fecha AAAA-MM-DD, como 2026-03-02.")
    try:
        day = date.fromisoformat(value)
    except ValueError as impossible:
        raise BadValue("Esa fecha no existe en el calendario. Revise día, mes y año.") from impossible
    _refuse_other_centuries(day.year)
    return day


def _instant(value: str) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
    except ValueError as impossible:
        raise BadValue(
            "No es una fecha y hora posible. Escríbala completa, como 2026-03-02T09:00:00-03:00."
        ) from impossible
    if instant.tzinfo is None:
        raise BadValue("Le falta el desfase horario. Escríbala como 2026-03-02T09:00:00-03:00.")
    _refuse_other_centuries(instant.year)
    return instant


def _refuse_other_centuries(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadValue(f"El año {year} no es posible aquí: debe estar entre {FIRST_YEAR} y {LAST_YEAR}.")


def _hours(value: str) -> Decimal:
    if not _HOURS.fullmatch(value) or not Decimal(value):
        raise BadValue("No es un número de horas mayor que cero, con punto y hasta dos decimales, como 60 o 7.5.")
    return Decimal(value)


def _email(value: str) -> str:
    if not (_EMAIL.fullmatch(value) and value.isprintable()):
        raise BadValue("No es una dirección de correo. Corríjala o déjela vacía.")
    return value


RUT = Field(_rut, Text())
REGION = Field(_region, Text())
ZONE = Field(_zone, Text())
DAY = Field(_date, Date())
INSTANT = Field(_instant, DateTime(timezone=True))
HOURS = Field(_hours, Numeric(7, 2))
EMAIL = Field(_email, Text())
