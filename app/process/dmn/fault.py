"""What is wrong with a decision table, told at its cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import Refusal


@dataclass(frozen=True)
class Fault:
    """One thing wrong: what to do about it, and where it stands.

    `element` is the id in the file, `row` the number of the row from 1, `column` its face; 0 and empty where it is none.
    """

    sentence: str
    element: str = ""
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        column = f"columna «{self.column}»" if self.column else ""
        place = ", ".join(filter(None, (f"fila {self.row}" if self.row else "", column)))
        return f"{place[0].upper()}{place[1:]}: {self.sentence}" if place else self.sentence


class InvalidTable(Refusal):
    """The file is not a decision table we take; the sentence tells the first fault, `faults` all of them."""

    code = "invalid_table"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(str(faults[0]))
        self.faults = tuple(faults)


def refused(sentence: str, element: str = "") -> InvalidTable:
    return InvalidTable([Fault(sentence, element)])
