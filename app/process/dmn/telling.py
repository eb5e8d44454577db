"""A decision in words."""

from collections.abc import Mapping, Sequence

from app.process.dmn.table import DecisionTable, said
from app.process.expressions import Value


def told(table: DecisionTable, rules: Sequence[int], given: Mapping[str, Value]) -> str:
    """By which rows, and what they give: `Tabla «Quién revisa», fila 2: Nivel = «national»`."""
    by = f"{'fila' if len(rules) == 1 else 'filas'} {', '.join(map(str, rules))}" if rules else "ninguna fila"
    values = "; ".join(f"{said(output)} = {value_told(given[output.name])}" for output in table.outputs)
    return f"Tabla «{table.title}», {by}: {values}"


def value_told(value: Value) -> str:
    """A value of a case's data in words."""
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, list | tuple):
        return f"({', '.join(map(value_told, value))})"
    return f"«{value}»" if isinstance(value, str) else str(value)
