"""What a measurement found: one row a figure, shown as a table and kept as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured value; `reference` says what it is to be held against."""

    name: str
    value: float
    unit: str
    reference: str = ""


def table(figures: Sequence[Figure]) -> str:
    """The figures in columns, numbers aligned to the right."""
    rows = [(f.name, _number(f.value), f.unit, f.reference) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        f"{name:<{widths[0]}}  {value:>{widths[1]}}  {unit:<{widths[2]}}  {reference}".rstrip()
        for name, value, unit, reference in rows
    )


def as_json(figures: Sequence[Figure]) -> str:
    return json.dumps([asdict(figure) for figure in figures], ensure_ascii=False, indent=1)


def keep(figures: Sequence[Figure], path: Path) -> None:
    path.write_text(as_json(figures) + "\n", encoding="utf-8")


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3f}"
