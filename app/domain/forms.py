"""What a form of a user task is: its fields, the decision it ends with, and what the product answers by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.errors import Refusal
from app.domain.faces import Face

Value = bool | int | str


class InvalidForm(Refusal):
    """The definition of a form cannot be used; the sentence says where and what to do."""

    code = "form_refused"


class FieldType(Face):
    """What a field takes. Of a text `minimum` and `maximum` count characters; of a number or a date they are values."""

    TEXT = "text", "Texto de una línea"
    LONG_TEXT = "long_text", "Texto largo"
    DOCUMENT_NUMBER = "document_number", "Número de documento"
    NUMBER = "number", "Número entero"
    DATE = "date", "Fecha"
    CHOICE = "choice", "Una opción de varias"
    YES_NO = "yes_no", "Sí o no"

    @property
    def is_text(self) -> bool:
        return self in (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.DOCUMENT_NUMBER)

    @property
    def is_chosen(self) -> bool:
        return self in (FieldType.CHOICE, FieldType.YES_NO)


@dataclass(frozen=True)
class Choice:
    value: str
    label: str


YES, NO = "1", "0"
YES_OR_NO = (Choice(YES, "Sí"), Choice(NO, "No"))


@dataclass(frozen=True)
class Field:
    """One question. It is asked only where `when`, a condition on earlier fields, holds; one that `decides` always is."""

    name: str
    type: FieldType
    label: str
    hint: str = ""
    required: bool = True
    missing: str = ""
    minimum: int | date | None = None
    maximum: int | date | None = None
    choices: tuple[Choice, ...] = ()
    when: str = ""
    decides: bool = False

    @property
    def options(self) -> tuple[Choice, ...]:
        """What can be chosen; empty where one types."""
        return YES_OR_NO if self.type is FieldType.YES_NO else self.choices


class Tone(Face):
    """How a button looks."""

    MAIN = "main", "Principal"
    SECONDARY = "secondary", "Secundario"
    WARNING = "warning", "De advertencia"


@dataclass(frozen=True)
class Way:
    """One of the two ways to decide: its button, what follows from it, what the person then did, and what they read next."""

    button: str
    outcome: str
    means: str = ""
    done: str = ""
    tone: Tone = Tone.MAIN


@dataclass(frozen=True)
class Decision:
    """A yes or no given by pressing one of two buttons; `missing` is said where neither was."""

    name: str
    yes: Way
    no: Way
    missing: str = ""

    def way(self, value: object) -> Way:
        return self.yes if value is True else self.no


@dataclass(frozen=True)
class Form:
    """A form as an analyst defines it. `built_in` names answers that the product gives by itself, by code of its own.

    Without a decision it ends with one `button`.
    """

    name: str
    title: str
    fields: tuple[Field, ...] = ()
    decision: Decision | None = None
    button: str = ""
    built_in: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """Raises KeyError if there is none."""
        found = next((field for field in self.fields if field.name == name), None)
        if found is None:
            raise KeyError(name)
        return found

    @property
    def answers(self) -> Iterator[str]:
        """Every name that this form answers, in the order of the page."""
        yield from (field.name for field in self.fields)
        if self.decision is not None:
            yield self.decision.name
        yield from self.built_in
