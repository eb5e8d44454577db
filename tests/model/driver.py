"""The one way in which the model acts on the product, at whatever height: read a form, send it, be told."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from tests.model.people import Verb, Who


class Kind(StrEnum):
    """`DENIED` is for who may not; `NOT_YET` leads to a step that comes before; after `FAILED` nobody knows what is so."""

    DONE = "done"
    REFUSED = "refused"
    DENIED = "denied"
    NOT_YET = "not yet"
    FAILED = "failed"


@dataclass(frozen=True)
class Answer:
    kind: Kind
    sentence: str = ""


@dataclass(frozen=True)
class Form:
    """What somebody holds in hand; `content` is the driver's own."""

    who: Who
    verb: Verb
    code: str
    content: Any


@dataclass(frozen=True)
class Shown:
    """A course as it is told to somebody: its state and what is offered there."""

    state: str
    buttons: tuple[str, ...]


class Driver(Protocol):
    def read(self, who: Who, verb: Verb, code: str, reference: str) -> tuple[Answer, Form | None]:
        """Go where the verb is done: the form, filled in, if there is one."""

    def by_hand(self, who: Who, verb: Verb, code: str, reference: str) -> Form:
        """The form made up by somebody to whom no page gave it."""

    def send(self, form: Form) -> Answer:
        """Do it. The same form may be sent again, at any time."""
