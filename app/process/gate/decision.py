"""Rules on decision tables: one that a step names is there, reads what is answered, and decides every case, once.

The element of a finding is the step; the sentence names the table and the row.
"""

from collections.abc import Iterator, Mapping

from app.process import dmn
from app.process.diagrams import Diagram
from app.process.dmn import DecisionTable, InvalidTable, NotDecided, World
from app.process.expression_types import Type, Variables
from app.process.gate.finding import Finding
from app.process.gate.surely import Given
from app.process.package import Package


def findings(package: Package, declared: Variables) -> Iterator[Finding]:
    """Of each table when its inputs are what they are `declared`; what it decides only of one that reads what there is."""
    tables = package.decision_tables
    for key, name in package.diagram.decisions.items():
        table = tables.get(name)
        if table is None:
            there = f"Elija una: {', '.join(tables)}." if tables else "Agregue una."
            yield Finding(
                "decision", key, f"La tabla «{name}» no existe. {there}" if name else f"Falta la tabla. {there}"
            )
            continue
        wrong = [Finding("decision", key, sentence) for sentence in _reading(table, declared)]
        yield from wrong or _deciding(key, table, declared)


def given_by(package: Package) -> Given:
    """By step, the answers that its table gives."""
    return {key: frozenset(dmn.gives(table)) for key, table in _named(package)}


def read_by(package: Package) -> Given:
    """By step, the answers that its table reads."""
    return {key: frozenset(input_.name for input_ in table.inputs) for key, table in _named(package)}


def _named(package: Package) -> Iterator[tuple[str, DecisionTable]]:
    tables = package.decision_tables
    return ((key, tables[name]) for key, name in package.diagram.decisions.items() if name in tables)


def of_faulty(diagram: Diagram, faults: Mapping[str, InvalidTable]) -> Iterator[Finding]:
    """What keeps the tables of a draft from being used, each fault at its cell."""
    for name, invalid in faults.items():
        key = next((key for key, table in diagram.decisions.items() if table == name), diagram.process_id)
        for fault in invalid.faults:
            yield Finding("decision", key, f"{_place(name, fault.row, fault.column)}{fault.sentence}")


def _place(title: str, row: int = 0, column: str = "") -> str:
    """A table and a place in it, to begin a sentence with: `Tabla «…», fila 2: `."""
    place = [f"Tabla «{title}»", f"fila {row}" if row else "", f"columna «{column}»" if column else ""]
    return f"{', '.join(filter(None, place))}: "


def _reading(table: DecisionTable, declared: Variables) -> Iterator[str]:
    for place, input_ in enumerate(table.inputs):
        type_, where = declared.get(input_.name), _place(table.title, column=dmn.said(input_))
        if type_ is None:
            known = ", ".join(sorted(declared)) or "ninguna"
            yield f"{where}nadie responde «{input_.name}». Las respuestas que hay: {known}."
        elif type_.face != input_.type.face:
            yield f"{where}«{input_.name}» es {type_.face} y la columna es {input_.type.face}. Cambie su tipo."
        else:
            yield from _unknown(table, place, type_)


def _unknown(table: DecisionTable, place: int, type_: Type) -> Iterator[str]:
    """A text that no answer is."""
    known = ", ".join(sorted(type_.choices))
    for rule in table.rules if type_.choices else ():
        where = _place(table.title, rule.number, dmn.said(table.inputs[place]))
        for value in sorted(map(str, rule.conditions[place].values - type_.choices)):
            yield f"{where}«{value}» no es una opción. Las que hay: {known}."


def _deciding(key: str, table: DecisionTable, declared: Variables) -> Iterator[Finding]:
    for never in dmn.never(table, declared):
        cell = never.rule.conditions[table.inputs.index(never.input)].source
        place = _place(table.title, never.rule.number, dmn.said(never.input))
        sentence = f"ningún valor llega a «{cell}» y la fila no se cumple nunca. Corrija la celda o borre la fila."
        yield Finding("decision_never", key, f"{place}{sentence}")
    for overlap in dmn.overlaps(table, declared):
        place, world = _place(table.title, overlap.rule.number), _when(table, overlap.world)
        sentence = f"{world}, también se cumple la fila {overlap.other.number}. Haga que se excluyan."
        yield Finding("decision_overlap", key, f"{place}{sentence}")
    yield from _open(key, table, declared)


def _open(key: str, table: DecisionTable, declared: Variables) -> Iterator[Finding]:
    place = _place(table.title)
    try:
        gaps = dmn.gaps(table, declared)
    except NotDecided:
        sentence = "hay demasiadas combinaciones para revisarlas. Divídala en dos tablas."
        yield Finding("not_decided", key, f"{place}{sentence}")
        return
    for gap in gaps:
        cells = " | ".join(gap.cells)
        sentence = f"{_when(table, gap.world)}, ninguna fila se cumple. Agregue la que falta: {cells}."
        yield Finding("decision_incomplete", key, f"{place}{sentence}")


def _when(table: DecisionTable, world: World) -> str:
    given = [f"{dmn.said(input_)} = {dmn.value_told(world[input_.name])}" for input_ in table.inputs]
    return f"con {', '.join(given)}"
