"""A decision table that can be used: typed columns, rows of conditions with what each concludes, and what it gives."""

from dataclasses import dataclass, replace

from app.domain.faces import Face
from app.process.dmn.sheet import Column, Sheet
from app.process.dmn.unary import Condition
from app.process.expression_types import BOOL, INT, TEXT, Type, Variables, choice_of, list_of, within
from app.process.expressions import Value


class HitPolicy(Face):
    UNIQUE = "UNIQUE", "Una sola fila"
    COLLECT = "COLLECT", "Todas las filas que se cumplan"


class Aggregation(Face):
    NONE = "", "Lista de valores"
    SUM = "SUM", "Suma"
    MIN = "MIN", "El menor"
    MAX = "MAX", "El mayor"
    COUNT = "COUNT", "Cuántas filas"


@dataclass(frozen=True)
class Input:
    """An answer that the table reads by its `name`."""

    key: str
    name: str
    label: str
    type: Type


@dataclass(frozen=True)
class Output:
    """An answer that the table gives; `type` is what the file says of it, with what may stand in its cells."""

    key: str
    name: str
    label: str
    type: Type


@dataclass(frozen=True)
class Rule:
    """A row: it applies where each condition holds of the input in its place. `number` counts from 1."""

    key: str
    number: int
    conditions: tuple[Condition, ...]
    conclusions: tuple[Value, ...]
    note: str


@dataclass(frozen=True)
class DecisionTable:
    """`sheet` is the same table as it is written."""

    name: str
    title: str
    hit_policy: HitPolicy
    aggregation: Aggregation
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    sheet: Sheet

    @property
    def needs_a_rule(self) -> bool:
        """Whether it gives nothing where no row applies: a list is empty then, a sum and a count are 0."""
        return self.hit_policy is HitPolicy.UNIQUE or self.aggregation in {Aggregation.MIN, Aggregation.MAX}


TYPES = {"string": TEXT, "boolean": BOOL, "integer": INT, "long": INT, "number": INT}
"""The type of a column by its name in the file; a number is a whole one."""


def said(column: Input | Output | Column) -> str:
    """What a person calls a column."""
    return column.label or column.name


def gives(table: DecisionTable) -> Variables:
    """What conditions may read once the table has decided, no wider than its rows."""
    return {output.name: _given(table, place) for place, output in enumerate(table.outputs)}


def _given(table: DecisionTable, place: int) -> Type:
    concluded = [rule.conclusions[place] for rule in table.rules]
    one = _narrowed(table.outputs[place].type, concluded)
    if table.hit_policy is HitPolicy.UNIQUE or table.aggregation in {Aggregation.MIN, Aggregation.MAX}:
        return one
    if table.aggregation is Aggregation.COUNT:
        return within(0, len(table.rules))
    if table.aggregation is Aggregation.SUM:
        numbers = [value for value in concluded if isinstance(value, int)]
        return within(sum(value for value in numbers if value < 0), sum(value for value in numbers if value > 0))
    return list_of(one)


def _narrowed(type_: Type, values: list[Value]) -> Type:
    if type_.face == TEXT.face:
        return choice_of(*(value for value in values if isinstance(value, str)))
    if type_.face == INT.face:
        numbers = [value for value in values if isinstance(value, int)]
        return within(min(numbers), max(numbers))
    return replace(type_, bounds=None)
