"""What people give to an emisión masiva: numbers typed beside the courses, or a file with a course and a number a line."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage

from app.domain import form_answers
from app.process import forms, issuance_case
from app.web.context import FieldError
from app.web.task_forms import clean

PREFIX = "documento-"
FILE = "archivo"
CODE, NUMBER = "codigo_curso", "documento"
MAX_BYTES = 1024 * 1024
TOLD = 20


@dataclass(frozen=True)
class Given:
    """The courses given, each with its number; or what is wrong with them, and the numbers as typed."""

    references: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)


def field_of(code: str) -> str:
    return f"{PREFIX}{code}"


def typed(form: Mapping[str, str]) -> Given:
    """The numbers beside the courses; a course whose field is empty is not meant."""
    found = {name.removeprefix(PREFIX): clean(text).strip() for name, text in form.items() if name.startswith(PREFIX)}
    references = {code: text for code, text in found.items() if text}
    wrong = {code: sentence for code, text in references.items() if (sentence := _wrong_reference(text))}
    errors = tuple(FieldError(f"Curso {code}: {sentence}", f"#{field_of(code)}") for code, sentence in wrong.items())
    return Given(references, errors, wrong)


def uploaded(file: FileStorage) -> Given:
    """The lines of the file: `codigo_curso` and `documento`, parted by commas or semicolons, in UTF-8."""
    data = file.stream.read(MAX_BYTES + 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused("El archivo no está en UTF-8. En Excel, guárdelo como «CSV UTF-8» y vuelva a elegirlo.")
    if len(data) > MAX_BYTES:
        return _refused("El archivo pesa más de 1 MB. Divídalo y vuelva a elegirlo.")
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    missing = [name for name in (CODE, NUMBER) if name not in (rows.fieldnames or ())]
    if missing:
        return _refused(
            f"Al archivo le falta la columna {missing[0]} en la primera línea. Agréguela y vuelva a elegirlo."
        )
    return _read(rows)


def _read(rows: "csv.DictReader[str]") -> Given:
    references: dict[str, str] = {}
    problems: list[str] = []
    try:
        for row in rows:
            code, number = (clean(row[name]).strip() for name in (CODE, NUMBER))
            if not number and code:
                # A line of the list that was left open.
                continue
            problems += [f"Línea {rows.line_num}: {sentence}" for sentence in _wrong(code, number, references)]
            references[code] = number
    except csv.Error:
        problems.append(f"La línea {rows.line_num} no se puede leer. Revise sus comillas y vuelva a elegir el archivo.")
    more = [f"Y {len(problems) - TOLD} líneas más con problemas."] if len(problems) > TOLD else []
    return Given(references, tuple(FieldError(text, f"#{FILE}") for text in problems[:TOLD] + more))


def _wrong(code: str, number: str, references: Mapping[str, str]) -> Iterator[str]:
    if not code:
        yield "Falta el código del curso. Complételo."
    elif code in references:
        yield f"El curso {code} está dos veces. Deje una sola línea."
    if sentence := _wrong_reference(number):
        yield sentence


def _refused(sentence: str) -> Given:
    return Given(errors=(FieldError(sentence, f"#{FILE}"),))


def _wrong_reference(text: str) -> str | None:
    """The number by itself; what a form asks besides is told when the course's turn comes."""
    form = forms.first_versions()[issuance_case.REFERENCE_FORM].definition
    return form_answers.wrong(form.field("document_reference"), text)
