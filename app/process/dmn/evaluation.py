"""What a decision table decides for given answers, and by which of its rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.process.dmn.table import Aggregation, DecisionTable, HitPolicy, Input, Rule, said
from app.process.expression_types import BOOL, INT
from app.process.expressions import Value

KINDS = {BOOL.face: bool, INT.face: int}
AGGREGATED: Mapping[Aggregation, Callable[[Sequence[Any]], Value]] = {
    Aggregation.NONE: tuple,
    Aggregation.SUM: sum,
    Aggregation.MIN: min,
    Aggregation.MAX: max,
    Aggregation.COUNT: len,
}


class DecisionError(ValueError):
    """The table does not decide these answers. What the gate let pass never comes here."""


@dataclass(frozen=True)
class Decided:
    """What the table gives, each output by its name, and the numbers of the rows that applied, from 1."""

    outputs: Mapping[str, Value]
    rules: tuple[int, ...]


def evaluate(table: DecisionTable, values: Mapping[str, Value]) -> Decided:
    """The decision; of `values` the table reads its inputs. Raises DecisionError."""
    read = [_read(table, input_, values) for input_ in table.inputs]
    applied = [
        rule
        for rule in table.rules
        if all(condition.holds(value) for condition, value in zip(rule.conditions, read, strict=True))
    ]
    if not applied and table.needs_a_rule:
        raise DecisionError(f"Tabla «{table.title}»: ninguna fila se cumple. Agregue la que falta.")
    if table.hit_policy is HitPolicy.UNIQUE and len(applied) > 1:
        raise DecisionError(
            f"Tabla «{table.title}»: se cumplen las filas {applied[0].number} y {applied[1].number}. Deje una."
        )
    outputs = {output.name: _given(table, applied, place) for place, output in enumerate(table.outputs)}
    return Decided(outputs, tuple(rule.number for rule in applied))


def _read(table: DecisionTable, input_: Input, values: Mapping[str, Value]) -> Value:
    value = values.get(input_.name)
    # True is 1 for Python, and not for a table.
    if type(value) is not KINDS.get(input_.type.face, str):
        raise DecisionError(
            f"Tabla «{table.title}»: falta «{said(input_)}», o no es {input_.type.face}. Pida «{input_.name}» antes."
        )
    return value


def _given(table: DecisionTable, applied: Sequence[Rule], place: int) -> Value:
    concluded = [rule.conclusions[place] for rule in applied]
    return concluded[0] if table.hit_policy is HitPolicy.UNIQUE else AGGREGATED[table.aggregation](concluded)
