"""Faulty decision tables: each is refused for what is wrong with it, at its cell, in a sentence that says what to do."""

from dataclasses import replace

import pytest

from app.process import decision_tables, dmn
from app.process.dmn import Column, InvalidTable, Row, Sheet
from tests.process.tables import MOTIVES, SOUND, sheet

GOOD = dmn.written(sheet(*SOUND))
DEEP = '<literalExpression id="odd"><text>1 + 1</text></literalExpression>'


def faults(content: str | bytes) -> list[tuple[int, str, str]]:
    """Row, column and sentence of each fault."""
    try:
        dmn.read(content if isinstance(content, bytes) else content.encode())
    except InvalidTable as refused:
        return [(fault.row, fault.column, fault.sentence) for fault in refused.faults]
    return []


CELLS = {
    "decimal": ('"other" | 1.5 | "a"', "Días", "no se entiende"),
    "named": ('"other" | days | "a"', "Días", "no se entiende"),
    "computed": ('"other" | 5 + 1 | "a"', "Días", "no se entiende"),
    "joined": ('"other" | > 5 and < 9 | "a"', "Días", "no se entiende"),
    "called": ('"other" | number("5") | "a"', "Días", "no se entiende"),
    "nothing": ('"other" | null | "a"', "Días", "no se entiende"),
    "backwards": ('"other" | [5..1] | "a"', "Días", "no contiene ningún entero"),
    "hollow": ('"other" | (1..2) | "a"', "Días", "no contiene ningún entero"),
    "half_range": ('"other" | [1.. | "a"', "Días", "no se entiende"),
    "beyond": ('"other" | 31 | "a"', "Días", "va de 0 a 30"),
    "text_for_number": ('"other" | "5" | "a"', "Días", "es texto y la columna es número entero"),
    "unquoted": ('other | 5 | "a"', "Motivo", "Escriba un texto entre comillas"),
    "unknown": ('"lost" | 5 | "a"', "Motivo", "no es un valor de la columna"),
    "ordered_text": ('> "a" | 5 | "a"', "Motivo", "no se entiende"),
    "number_for_text": ('5 | 5 | "a"', "Motivo", "es número entero y la columna es texto"),
    "negated_twice": ('not(not("other")) | 5 | "a"', "Motivo", "no se entiende"),
    "left_open": ('not("other" | 5 | "a"', "Motivo", "no se entiende"),
    "escaped": ('"a\\"b" | 5 | "a"', "Motivo", "no se entiende"),
    "python": ('__import__("os") | 5 | "a"', "Motivo", "no se entiende"),
    "concludes_nothing": ('"other" | 5 | ', "Nivel", "Falta el valor"),
    "concludes_any": ('"other" | 5 | -', "Nivel", "no se entiende"),
    "concludes_two": ('"other" | 5 | "a","b"', "Nivel", "no se entiende"),
    "concludes_number": ('"other" | 5 | 7', "Nivel", "es número entero y la columna es texto"),
}


@pytest.mark.parametrize(("row", "column", "sentence"), CELLS.values(), ids=CELLS)
def test_a_faulty_cell_is_told_where_it_stands(row: str, column: str, sentence: str) -> None:
    ((number, where, said),) = faults(dmn.written(sheet(SOUND[0], row)))

    assert (number, where) == (2, column)
    assert sentence in said
    assert ". " in said or said.endswith(".")


WHOLE = {
    "first": (replace(sheet(*SOUND), hit_policy="FIRST"), "«FIRST» no se admite. Elija UNIQUE o COLLECT"),
    "any": (replace(sheet(*SOUND), hit_policy="ANY"), "«ANY» no se admite"),
    "average": (replace(sheet(*SOUND), hit_policy="COLLECT", aggregation="AVG"), "«AVG» no se admite"),
    "unique_sum": (replace(sheet(*SOUND), aggregation="COUNT"), "Solo una tabla COLLECT agrega"),
    "sum_of_texts": (sheet(*SOUND, policy="COLLECT", aggregation="SUM"), "SUM es de números"),
    "no_rows": (sheet(), "0 filas y puede tener de 1 a 200"),
    "many_rows": (sheet(*[*SOUND] * 70), "210 filas"),
    "no_inputs": (replace(sheet(), inputs=(), rows=(Row((), ('"a"',)),)), "0 entradas"),
    "spanish_id": (sheet(*SOUND, name="Nivel"), "«Nivel» va en inglés"),
    "no_title": (replace(sheet(*SOUND), title=""), "La tabla lleva un nombre"),
    "date": (
        replace(sheet(), inputs=(Column("born", "", "date"),), rows=(Row(("-",), ('"a"',)),)),
        "«date» no se admite",
    ),
    "expression": (
        replace(sheet(), inputs=(Column("days + 1", "", "integer"),), rows=(Row(("-",), ('"a"',)),)),
        "no es el nombre de una respuesta",
    ),
    "reads_what_it_gives": (
        replace(sheet(), inputs=(Column("level", "", "string"),), rows=(Row(("-",), ('"a"',)),)),
        "está en dos columnas",
    ),
    "odd_values": (
        replace(sheet(), inputs=(Column("days", "", "integer", "1,2"),), rows=(Row(("-",), ('"a"',)),)),
        "Escriba [1..30]",
    ),
    "short_row": (replace(sheet(*SOUND), rows=(Row(("-",), ('"a"',)),)), "una celda por columna"),
}


@pytest.mark.parametrize(("faulty", "sentence"), WHOLE.values(), ids=WHOLE)
def test_a_faulty_table_is_told_as_a_whole(faulty: Sheet, sentence: str) -> None:
    assert any(sentence in said for _, _, said in faults(dmn.written(faulty)))


FILES = {
    "empty": ("", "no es XML válido"),
    "diagram": (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        "no es una tabla de decisión DMN 1.3",
    ),
    "older": (GOOD.replace("20191111", "20180521").replace("https:", "http:"), "DMN 1.2 y aquí se lee 1.3"),
    "doctype": (f"<!DOCTYPE a [<!ENTITY b 'c'>]>{GOOD}", "DOCTYPE"),
    "latin": (GOOD.replace("Días", "D\xedas").encode("latin-1"), "UTF-8"),
    "expression_beside": (
        GOOD.replace("<decisionTable", f"{DEEP}<decisionTable", 1),
        "«literalExpression» no se admite",
    ),
    "requirement": (
        GOOD.replace("<decisionTable", '<informationRequirement id="r"/><decisionTable', 1),
        "«informationRequirement» no se admite",
    ),
    "default_output": (
        GOOD.replace("</output>", '<defaultOutputEntry id="d"><text>"a"</text></defaultOutputEntry></output>'),
        "«defaultOutputEntry» no se admite",
    ),
    "foreign": (
        GOOD.replace("<input ", '<input xmlns:camunda="urn:c" camunda:inputVariable="x" '),
        "«inputVariable» no se",
    ),
    "javascript": (
        GOOD.replace("<inputEntry ", '<inputEntry expressionLanguage="javascript" ', 1),
        "«javascript» no se admite",
    ),
    "two_decisions": (
        GOOD.replace("</definitions>", '<decision id="other" name="Otra"/></definitions>'),
        "una decisión con una tabla, y solo una",
    ),
    "twice": (GOOD.replace('id="rule_2"', 'id="rule_1"'), "está dos veces"),
    "huge": (GOOD.replace("<rule ", "<rule/>" * 9000 + "<rule ", 1), "más de 8000 elementos"),
}


@pytest.mark.parametrize(("content", "sentence"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_table_of_ours_is_refused_by_name(content: str | bytes, sentence: str) -> None:
    ((_, _, said),) = faults(content)

    assert sentence in said
    assert len(said) < 250


def test_a_file_is_called_as_its_table() -> None:
    with pytest.raises(InvalidTable, match="Dé a su decisión el id «other_level»"):
        decision_tables.canonical("other_level", GOOD.encode())


def test_the_good_one_is_good() -> None:
    assert faults(GOOD) == []
    assert MOTIVES in GOOD


def test_the_first_versions_can_be_used_and_decide_every_case() -> None:
    for table in decision_tables.first_versions().values():
        assert [*dmn.gaps(table, {}), *dmn.overlaps(table, {}), *dmn.never(table, {})] == []
