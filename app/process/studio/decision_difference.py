"""What changes in the decision tables of a process, told in sentences: columns by their names, rows by what is in them."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from app.process import dmn
from app.process.decision_tables import Stored
from app.process.dmn import Column, Row, Sheet
from app.process.dmn.table import Aggregation, HitPolicy

Told = tuple[str, str, str]
Cells = Mapping[str, str]
TYPES = {"string": "texto", "boolean": "sí o no", "integer": "número", "long": "número", "number": "número"}
WORDS = {"label": "la etiqueta", "type": "el tipo", "allowed": "los valores permitidos"}


def told(before: Stored, after: Stored) -> Iterator[Told]:
    """Mark, table and sentence for each thing that is otherwise."""
    for name in sorted(before.keys() | after.keys()):
        old, new = (dmn.sheet_of(side[name].encode())[0] if name in side else None for side in (before, after))
        if old is None and new is not None:
            rows = f"{len(new.rows)} {'fila' if len(new.rows) == 1 else 'filas'}"
            yield "added", name, f"Se agrega la tabla de decisión «{new.title or name}», con {rows}."
        elif new is None and old is not None:
            yield "removed", name, f"Se quita la tabla de decisión «{old.title or name}»."
        elif old is not None and new is not None:
            yield from (("changed", name, sentence) for sentence in _changed(old, new))


def _changed(old: Sheet, new: Sheet) -> Iterator[str]:
    where = f"La tabla «{new.title or new.name}»"
    if old.title != new.title:
        yield f"{where} se llamaba «{old.title}»."
    if _policy(old) != _policy(new):
        yield f"{where}: cuántas filas valen pasa de «{_policy(old)}» a «{_policy(new)}»."
    yield from _of_columns(old.inputs, new.inputs, f"{where} lee", f"{where}, en la entrada")
    yield from _of_columns(old.outputs, new.outputs, f"{where} da", f"{where}, en la salida")
    yield from _of_rows(old, new, where)


def _policy(sheet: Sheet) -> str:
    if sheet.aggregation in set(Aggregation) - {Aggregation.NONE}:
        return Aggregation(sheet.aggregation).label
    return HitPolicy(sheet.hit_policy).label if sheet.hit_policy in set(HitPolicy) else sheet.hit_policy


def _of_columns(old: Sequence[Column], new: Sequence[Column], does: str, where: str) -> Iterator[str]:
    before, after = ({column.name: column for column in side} for side in (old, new))
    for name, column in after.items():
        if name not in before:
            yield f"{does} ahora «{column.said}»."
            continue
        for fact, words in WORDS.items():
            was, now = (_fact(side[name], fact) for side in (before, after))
            if was != now:
                yield f"{where} «{column.said}», cambia {words}: ahora {now}; antes {was}."
    for name, column in before.items():
        if name not in after:
            yield f"{does.removesuffix('lee').removesuffix('da')}ya no {does.rpartition(' ')[2]} «{column.said}»."


def _fact(column: Column, fact: str) -> str:
    value = getattr(column, fact)
    if fact == "type":
        value = TYPES.get(value, value)
    return f"«{value}»" if value else "nada"


def _of_rows(old: Sheet, new: Sheet, where: str) -> Iterator[str]:
    """On the columns that both have: what a column brought or took with it was said of the column."""
    shared = {column.name for column in _columns(old)} & {column.name for column in _columns(new)}
    before, after = ([_cells(sheet, row, shared) for row in sheet.rows] for sheet in (old, new))
    if before == after:
        return
    if sorted(map(str, before)) == sorted(map(str, after)):
        yield f"{where} tiene sus filas en otro orden."
        return
    faces = {column.name: column.said for column in _columns(new)}
    outputs = {column.name for column in new.outputs}
    matcher = SequenceMatcher(None, [str(row) for row in before], [str(row) for row in after], autojunk=False)
    for kind, begin, end, start, stop in matcher.get_opcodes():
        if kind == "equal":
            continue
        both = min(end - begin, stop - start)
        for place in range(both):
            yield from _of_row(before[begin + place], after[start + place], f"{where}, fila {start + place + 1}", faces)
        for place in range(start + both, stop):
            yield f"{where} suma la fila {place + 1}: {_said(after[place], faces, outputs)}."
        for place in range(begin + both, end):
            yield f"{where} ya no tiene la fila: {_said(before[place], faces, outputs)}."


def _of_row(old: Cells, new: Cells, where: str, faces: Mapping[str, str]) -> Iterator[str]:
    for name, cell in new.items():
        if old[name] != cell:
            yield f"{where}: «{faces.get(name, 'Nota')}» pasa de {_cell(old[name])} a {_cell(cell)}."


def _columns(sheet: Sheet) -> tuple[Column, ...]:
    return (*sheet.inputs, *sheet.outputs)


def _cells(sheet: Sheet, row: Row, shared: set[str]) -> Cells:
    named = zip(_columns(sheet), (*row.conditions, *row.conclusions), strict=False)
    return {column.name: text or "-" for column, text in named if column.name in shared} | {"": row.note}


def _said(cells: Cells, faces: Mapping[str, str], outputs: set[str]) -> str:
    """`si Motivo es "duplicate", entonces Nivel es "regional"`."""
    conditions = [
        f"{faces[name]} es {cell}" for name, cell in cells.items() if name not in outputs | {""} and cell != "-"
    ]
    conclusions = [f"{faces[name]} es {cell}" for name, cell in cells.items() if name in outputs]
    when = f"si {' y '.join(conditions)}" if conditions else "siempre"
    return f"{when}, entonces {' y '.join(conclusions)}" if conclusions else when


def _cell(text: str) -> str:
    return f"«{text}»" if text and text != "-" else "«cualquiera»" if text else "nada"
