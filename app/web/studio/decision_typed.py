"""A decision table as an analyst types it: its sheet in what was typed, and the sheet after one of the page's buttons."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, TypeVar

from app.process.dmn import Column, Fault, InvalidTable, Row, Sheet

Typed = Mapping[str, str]
T = TypeVar("T")
TYPES = [("string", "Texto"), ("integer", "Número entero"), ("boolean", "Sí o no")]
WHOLE = frozenset({"number", "long", "integer"})
POLICIES = [
    ("UNIQUE", "Una sola fila: para cada caso se cumple una y no más"),
    ("COLLECT", "Todas las filas que se cumplan: sale la lista de sus valores"),
    ("COLLECT SUM", "Todas: sale la suma de sus valores"),
    ("COLLECT MIN", "Todas: sale el menor de sus valores"),
    ("COLLECT MAX", "Todas: sale el mayor de sus valores"),
    ("COLLECT COUNT", "Todas: sale cuántas filas se cumplen"),
]
MOST = {"input": 10, "output": 5, "rule": 200}
TRUTH = {"sí": "true", "si": "true", "no": "false"}
_ACT = re.compile(r"(up|down|remove|copy(?=-rule))-(input|output|rule)-([0-9]{1,3})")
_FILL = re.compile(r"fill-gap-([0-9]{1,3})")


def sheet(typed: Typed, name: str) -> Sheet:
    """What was typed. Texts get their quotation marks and yes and no their words, where they were left out."""
    policy, _, aggregation = typed.get("policy", "UNIQUE").partition(" ")
    inputs, outputs = (tuple(_columns(typed, kind)) for kind in ("input", "output"))
    kinds = [column.type for column in (*inputs, *outputs)]
    rows = tuple(_row(typed, number, kinds, len(inputs)) for number in _numbers(typed, "rule", "_note"))
    return numbered(Sheet(name, typed.get("title", "").strip(), policy, aggregation, inputs, outputs, rows))


def numbered(found: Sheet) -> Sheet:
    """The same with the ids that the page has: each by its place."""
    return replace(
        found,
        inputs=tuple(replace(one, key=f"input_{n}", type=_type(one)) for n, one in enumerate(found.inputs, 1)),
        outputs=tuple(replace(one, key=f"output_{n}", type=_type(one)) for n, one in enumerate(found.outputs, 1)),
        rows=tuple(_keyed(one, n) for n, one in enumerate(found.rows, 1)),
    )


def changed(found: Sheet, act: str, gaps: Sequence[tuple[str, ...]] = ()) -> tuple[Sheet, str]:
    """The sheet after a button that keeps nothing, and the id of the box to go on in; `gaps` are rows that are missing."""
    if act.startswith("add-") and act[4:] in MOST:
        return _added(found, act[4:])
    filling, said = _FILL.fullmatch(act), _ACT.fullmatch(act)
    if filling is not None and 0 < int(filling[1]) <= len(gaps):
        row = Row(gaps[int(filling[1]) - 1], ("",) * len(found.outputs))
        return _with_rows(found, [*found.rows, row]), _last_box(found)
    if said is None:
        return found, ""
    verb, kind, at = said[1], said[2], int(said[3]) - 1
    places = _order(len(_of(found, kind)), verb, at)
    box = f"{kind}_{places.index(at) + 1}" if verb in ("up", "down") and at in places else ""
    if kind == "rule":
        return _with_rows(found, [found.rows[place] for place in places]), box and f"{box}_cell_1"
    return numbered(_with_columns(found, kind, places)), box and f"{box}-label"


def places(invalid: InvalidTable) -> dict[str, str]:
    """What is wrong, by the id of its box on the page."""
    told: dict[str, str] = {}
    for fault in invalid.faults:
        told.setdefault(place(fault), fault.sentence)
    return told


def place(fault: Fault) -> str:
    """The id of the box on the page of a sheet with the page's ids."""
    sentence = fault.sentence
    if re.fullmatch(r"rule_[0-9]+_cell_[0-9]+", fault.element):
        return fault.element
    if fault.row:
        return f"rule_{fault.row}_note" if "nota" in sentence else f"rule_{fault.row}_cell_1"
    if re.fullmatch(r"(input|output)_[0-9]+", fault.element):
        return f"{fault.element}-{_field(sentence)}"
    return (
        "title" if "nombre de hasta" in sentence else "policy" if "grega" in sentence or "polí" in sentence else "filas"
    )


def _field(sentence: str) -> str:
    if sentence.startswith("El título"):
        return "label"
    if sentence.startswith("El tipo") or "es de números" in sentence:
        return "type"
    return "name" if sentence.startswith("La columna") or "en dos columnas" in sentence else "allowed"


def _columns(typed: Typed, kind: str) -> Iterator[Column]:
    for number in _numbers(typed, kind, "-name"):
        held = {key: typed.get(f"{kind}_{number}-{key}", "").strip() for key in ("name", "label", "type", "allowed")}
        yield Column(**(held | {"allowed": _worded(held["allowed"], held["type"])}))


def _row(typed: Typed, number: int, kinds: Sequence[str], inputs: int) -> Row:
    cells = [_worded(typed.get(f"rule_{number}_cell_{at}", "").strip(), kind) for at, kind in enumerate(kinds, 1)]
    note = typed.get(f"rule_{number}_note", "").strip()
    return Row(tuple(cell or "-" for cell in cells[:inputs]), tuple(cells[inputs:]), note)


def _numbers(typed: Typed, kind: str, last: str) -> Iterator[int]:
    for number in count(1):
        if f"{kind}_{number}{last}" not in typed or number > MOST[kind]:
            return
        yield number


def _worded(cell: str, kind: str) -> str:
    if kind == "boolean":
        return TRUTH.get(cell.lower(), cell)
    if kind != "string" or cell in ("", "-") or '"' in cell or cell.startswith("not"):
        return cell
    return ",".join(f'"{part.strip()}"' for part in cell.split(","))


def _type(column: Column) -> str:
    return "integer" if column.type in WHOLE else column.type


def _keyed(row: Row, number: int) -> Row:
    cells = range(1, 1 + len(row.conditions) + len(row.conclusions))
    return replace(row, key=f"rule_{number}", cells=tuple(f"rule_{number}_cell_{at}" for at in cells))


def _added(found: Sheet, kind: str) -> tuple[Sheet, str]:
    if len(_of(found, kind)) >= MOST[kind]:
        return found, ""
    if kind == "rule":
        row = Row(("-",) * len(found.inputs), ("",) * len(found.outputs))
        return _with_rows(found, [*found.rows, row]), _last_box(found)
    column, box = Column("", "", "string"), f"{kind}_{len(_of(found, kind)) + 1}-label"
    if kind == "input":
        rows = [replace(row, conditions=(*row.conditions, "-")) for row in found.rows]
        return numbered(replace(found, inputs=(*found.inputs, column), rows=tuple(rows))), box
    rows = [replace(row, conclusions=(*row.conclusions, "")) for row in found.rows]
    return numbered(replace(found, outputs=(*found.outputs, column), rows=tuple(rows))), box


def _of(found: Sheet, kind: str) -> Sequence[Any]:
    return {"input": found.inputs, "output": found.outputs, "rule": found.rows}[kind]


def _order(many: int, verb: str, at: int) -> list[int]:
    """The places that stand after it, each by where it stood."""
    order = list(range(many))
    if at >= many or at < 0:
        return order
    if verb == "copy":
        return [*order[: at + 1], at, *order[at + 1 :]]
    order.remove(at)
    if verb != "remove":
        order.insert(max(0, at - 1) if verb == "up" else at + 1, at)
    return order


def _with_rows(found: Sheet, rows: Sequence[Row]) -> Sheet:
    return numbered(replace(found, rows=tuple(rows[: MOST["rule"]])))


def _with_columns(found: Sheet, kind: str, order: Sequence[int]) -> Sheet:
    if kind == "input":
        rows = tuple(replace(row, conditions=_picked(row.conditions, order)) for row in found.rows)
        return replace(found, inputs=_picked(found.inputs, order), rows=rows)
    rows = tuple(replace(row, conclusions=_picked(row.conclusions, order)) for row in found.rows)
    return replace(found, outputs=_picked(found.outputs, order), rows=rows)


def _picked(found: Sequence[T], order: Sequence[int]) -> tuple[T, ...]:
    return tuple(found[at] for at in order if at < len(found))


def _last_box(found: Sheet) -> str:
    return f"rule_{len(found.rows) + 1}_cell_1"
