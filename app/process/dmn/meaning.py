"""From the sheet of a decision table to what it means, with every fault told at its place."""

import keyword
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from app.domain.form_reading import NAME, RESERVED
from app.process.dmn import unary
from app.process.dmn.fault import Fault, InvalidTable
from app.process.dmn.sheet import Column, Row, Sheet
from app.process.dmn.table import TYPES, Aggregation, DecisionTable, HitPolicy, Input, Output, Rule
from app.process.dmn.unary import FeelError
from app.process.expression_types import BOOL, INT, TEXT, Type, choice_of, within
from app.process.expressions import Value

MOST_INPUTS, MOST_OUTPUTS, MOST_ROWS = 10, 5, 200
LONGEST_TITLE, LONGEST_LABEL, LONGEST_NOTE = 120, 120, 500
RANGE = re.compile(r"\[(-?[0-9]{1,9})\.\.(-?[0-9]{1,9})\]\Z")
POLICIES = f"{HitPolicy.UNIQUE} o {HitPolicy.COLLECT}"


def table_of(sheet: Sheet) -> DecisionTable:
    """The table that a sheet means. Raises InvalidTable with every fault."""
    faults = [*_whole(sheet), *_columns(sheet)]
    if faults:
        raise InvalidTable(faults)
    inputs = tuple(Input(column.key, column.name, column.label, _type(column)) for column in sheet.inputs)
    outputs = tuple(Output(column.key, column.name, column.label, _type(column)) for column in sheet.outputs)
    rules = tuple(_rule(sheet, number, row, faults) for number, row in enumerate(sheet.rows, start=1))
    if faults:
        raise InvalidTable(faults)
    policy, aggregation = HitPolicy(sheet.hit_policy), Aggregation(sheet.aggregation)
    return DecisionTable(sheet.name, sheet.title, policy, aggregation, inputs, outputs, rules, sheet)


def _whole(sheet: Sheet) -> Iterator[Fault]:
    if not NAME.match(sheet.name) or keyword.iskeyword(sheet.name):
        yield Fault(
            f"El id «{sheet.name[:60]}» va en inglés, con minúsculas y guion bajo, como «review_level». Cámbielo."
        )
    if not 0 < len(sheet.title) <= LONGEST_TITLE:
        yield Fault(f"La tabla lleva un nombre de hasta {LONGEST_TITLE} caracteres. Escríbalo.", sheet.name)
    yield from _policy(sheet)
    for found, least, most, what in (
        (sheet.inputs, 1, MOST_INPUTS, "entradas"),
        (sheet.outputs, 1, MOST_OUTPUTS, "salidas"),
        (sheet.rows, 1, MOST_ROWS, "filas"),
    ):
        if not least <= len(found) <= most:
            yield Fault(f"La tabla tiene {len(found)} {what} y puede tener de {least} a {most}. Corríjala.", sheet.name)


def _policy(sheet: Sheet) -> Iterator[Fault]:
    if sheet.hit_policy not in set(HitPolicy):
        yield Fault(f"La política «{sheet.hit_policy[:30]}» no se admite. Elija {POLICIES}.", sheet.name)
    elif sheet.aggregation not in set(Aggregation):
        yield Fault(f"La agregación «{sheet.aggregation[:30]}» no se admite. Elija SUM, MIN, MAX o COUNT.", sheet.name)
    elif sheet.aggregation and sheet.hit_policy != HitPolicy.COLLECT:
        yield Fault("Solo una tabla COLLECT agrega. Quite la agregación o elija COLLECT.", sheet.name)
    elif sheet.aggregation and len(sheet.outputs) > 1:
        yield Fault("Una tabla que agrega tiene una sola salida. Quite las demás o la agregación.", sheet.name)


def _columns(sheet: Sheet) -> Iterator[Fault]:
    seen: set[str] = set()
    for column in (*sheet.inputs, *sheet.outputs):
        told = [*_column(column)]
        if column.name in seen:
            told.append(f"«{column.name}» está en dos columnas. Quite una o cambie su nombre.")
        seen.add(column.name)
        key, said = column.key or sheet.name, column.said[:LONGEST_LABEL]
        yield from (Fault(sentence, key, column=said) for sentence in told)
    for column in sheet.outputs:
        numbers = sheet.aggregation in {Aggregation.SUM, Aggregation.MIN, Aggregation.MAX}
        if numbers and column.type in TYPES and TYPES[column.type] != INT:
            sentence = f"{sheet.aggregation} es de números. Elija el tipo integer o COUNT."
            yield Fault(sentence, column.key or sheet.name, column=column.said)


def _column(column: Column) -> Iterator[str]:
    if not NAME.match(column.name) or keyword.iskeyword(column.name) or column.name in RESERVED:
        yield (
            f"La columna lee o da «{column.name[:60]}», que no es el nombre de una respuesta. "
            "Escriba uno como «motive», en inglés, con minúsculas y guion bajo."
        )
    if len(column.label) > LONGEST_LABEL:
        yield f"El título de la columna supera los {LONGEST_LABEL} caracteres. Acórtelo."
    if column.type not in TYPES:
        yield f"El tipo «{column.type[:30]}» no se admite. Elija string, integer o boolean."
        return
    try:
        _type(column)
    except FeelError as error:
        yield str(error)


def _type(column: Column) -> Type:
    """With the values that are allowed. Raises FeelError."""
    type_ = TYPES[column.type]
    if not column.allowed or column.allowed == "-":
        return type_
    if type_.face == INT.face:
        limits = RANGE.match(column.allowed)
        if limits is None or int(limits[1]) > int(limits[2]):
            raise FeelError(f"Los valores permitidos «{column.allowed[:60]}» no se entienden. Escriba [1..30].")
        return within(int(limits[1]), int(limits[2]))
    if type_ == BOOL:
        return type_
    allowed = unary.condition(column.allowed, TEXT)
    if allowed.is_negated:
        raise FeelError('Los valores permitidos se escriben como "regional","nacional". Quite el not.')
    return choice_of(*(value for value in allowed.values if isinstance(value, str)))


def _rule(sheet: Sheet, number: int, row: Row, faults: list[Fault]) -> Rule:
    """What of it can be read; the rest goes into `faults`."""
    if len(row.conditions) != len(sheet.inputs) or len(row.conclusions) != len(sheet.outputs):
        faults.append(Fault("La fila no tiene una celda por columna. Bórrela y escríbala de nuevo.", row.key, number))
        return Rule(row.key, number, (), (), "")
    if len(row.note) > LONGEST_NOTE:
        faults.append(Fault(f"La nota supera los {LONGEST_NOTE} caracteres. Acórtela.", row.key, number))
    conditions = _cells(sheet.inputs, row.conditions, unary.condition)
    conclusions = _cells(sheet.outputs, row.conclusions, unary.literal)
    told = [*conditions, *conclusions]
    columns = (*sheet.inputs, *sheet.outputs)
    faults += [
        replace(cell, element=row.cell(place) or sheet.name, row=number, column=columns[place].said)
        for place, cell in enumerate(told)
        if isinstance(cell, Fault)
    ]
    return Rule(row.key, number, tuple(conditions), tuple(conclusions), row.note)


def _cells(columns: Sequence[Column], cells: Sequence[str], meaning: Callable[[str, Type], Any]) -> list[Any]:
    return [_cell(cell, _type(column), meaning) for column, cell in zip(columns, cells, strict=True)]


def _cell(source: str, type_: Type, meaning: Callable[[str, Type], Any]) -> Value | unary.Condition | Fault:
    try:
        return meaning(source, type_)  # type: ignore[no-any-return]
    except FeelError as error:
        return Fault(str(error))
