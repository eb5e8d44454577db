"""What is wrong with a decision table, told beside its rows with an example of values."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.process import dmn
from app.process.dmn import DecisionTable, InvalidTable, NotDecided, Sheet
from app.process.dmn.coverage import World
from app.process.dmn.unary import written
from app.process.expression_types import Variables

TOO_MANY = "Hay demasiadas combinaciones para revisarlas todas. Junte filas o quite entradas."


@dataclass(frozen=True)
class Told:
    """One finding: `row` is the row it is about, counted from 1, 0 for the whole; `element` its cell or column in the file.

    `cells` are the conditions of the row that would mend it, if one would.
    """

    sentence: str
    row: int = 0
    element: str = ""
    cells: tuple[str, ...] = ()


def of(sheet: Sheet, declared: Variables) -> list[Told]:
    """The faults of its cells; of a table without any, what it leaves open, decides twice or never uses."""
    try:
        table = dmn.table_of(sheet)
    except InvalidTable as invalid:
        return [Told(str(fault), fault.row, fault.element) for fault in invalid.faults]
    return [*_never(table, declared), *_overlaps(table, declared), *_gaps(table, declared)]


def _never(table: DecisionTable, declared: Variables) -> Iterator[Told]:
    for one in dmn.never(table, declared):
        column = one.input.label or one.input.name
        sentence = (
            f"La fila {one.rule.number} no se cumple nunca: «{column}» no toma esos valores. Corríjala o quítela."
        )
        yield Told(sentence, one.rule.number)


def _overlaps(table: DecisionTable, declared: Variables) -> Iterator[Told]:
    for one in dmn.overlaps(table, declared):
        rows = f"las filas {one.other.number} y {one.rule.number}"
        yield Told(
            f"Se cumplen a la vez {rows}, por ejemplo si {example(table, one.world)}. Deje una.", one.rule.number
        )


def _gaps(table: DecisionTable, declared: Variables) -> Iterator[Told]:
    try:
        for one in dmn.gaps(table, declared):
            yield Told(f"Ninguna fila se cumple si {example(table, one.world)}. Agregue la que falta.", cells=one.cells)
    except NotDecided:
        yield Told(TOO_MANY)


def example(table: DecisionTable, world: World) -> str:
    """`Motivo es "duplicate" y Días es 3`."""
    said = [f"{one.label or one.name} es {_said(world[one.name])}" for one in table.inputs if one.name in world]
    return " y ".join(filter(None, [", ".join(said[:-1]), *said[-1:]]))


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "sí" if value else "no"
    return written(value) if isinstance(value, str | int) else str(value)
