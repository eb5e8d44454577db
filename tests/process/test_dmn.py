"""Decision tables: what a cell means, what a table decides, what it gives to the diagram, and what its file says."""

import pytest

from app.process import dmn
from app.process.dmn import Column, DecisionError, InvalidTable, Row, Sheet
from app.process.dmn.unary import condition
from app.process.expression_types import BOOL, INT, TEXT, Type, choice_of, within
from app.process.expressions import Value
from tests.process.tables import SOUND, sheet, table


@pytest.mark.parametrize(
    ("cell", "type_", "holds", "fails"),
    [
        ("-", INT, [-5, 0, 7], []),
        ("", TEXT, ["a", ""], []),
        ("5", INT, [5], [4, 6]),
        ("-5", INT, [-5], [5]),
        ("1,3, 5", INT, [1, 3, 5], [2, 4]),
        ("< 5", INT, [4], [5]),
        ("<=5", INT, [5], [6]),
        ("> 5", INT, [6], [5]),
        (">= 5", INT, [5], [4]),
        ("[1..5]", INT, [1, 5], [0, 6]),
        ("(1..5)", INT, [2, 4], [1, 5]),
        ("]1..5[", INT, [2, 4], [1, 5]),
        ("[1..5)", INT, [1, 4], [5]),
        ("< 2, > 8, 5", INT, [1, 9, 5], [2, 8, 4]),
        ("not(5)", INT, [4], [5]),
        ("not(< 2, [5..7])", INT, [2, 4, 8], [1, 5, 7]),
        ('"a"', TEXT, ["a"], ["b", ""]),
        ('"a", "b"', TEXT, ["a", "b"], ["c"]),
        ('not("a","b")', TEXT, ["c"], ["a", "b"]),
        ("true", BOOL, [True], [False]),
        ("not(true)", BOOL, [False], [True]),
        ("true,false", BOOL, [True, False], []),
    ],
)
def test_a_cell_means_what_feel_says(cell: str, type_: Type, holds: list[Value], fails: list[Value]) -> None:
    meant = condition(cell, type_)

    assert all(meant.holds(value) for value in holds)
    assert not any(meant.holds(value) for value in fails)


def test_the_one_row_that_holds_decides() -> None:
    decided = dmn.evaluate(table(*SOUND), {"motive": "data_error", "days": 11})

    assert decided == dmn.Decided({"level": "national"}, (2,))


@pytest.mark.parametrize(
    ("aggregation", "days", "given", "rules"),
    [
        ("", 8, (10, 5), (1, 2)),
        ("", 0, (), ()),
        ("SUM", 8, 15, (1, 2)),
        ("SUM", 0, 0, ()),
        ("MIN", 8, 5, (1, 2)),
        ("MAX", 8, 10, (1, 2)),
        ("COUNT", 8, 2, (1, 2)),
        ("COUNT", 0, 0, ()),
    ],
)
def test_collect_takes_every_row_that_holds(aggregation: str, days: int, given: Value, rules: tuple[int]) -> None:
    rows = "- | > 5 | 10", "- | [1..9] | 5"
    collecting = table(*rows, policy="COLLECT", aggregation=aggregation, output="integer")

    values: dict[str, Value] = {"motive": "other", "days": days}

    assert dmn.evaluate(collecting, values) == dmn.Decided({"level": given}, rules)


@pytest.mark.parametrize("aggregation", ["MIN", "MAX"])
def test_there_is_no_smallest_of_nothing(aggregation: str) -> None:
    collecting = table("- | > 5 | 10", policy="COLLECT", aggregation=aggregation, output="integer")

    with pytest.raises(DecisionError, match="ninguna fila se cumple"):
        dmn.evaluate(collecting, {"motive": "other", "days": 5})


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"days": 5}, "falta «Motivo»"),
        ({"motive": "other", "days": True}, "falta «Días», o no es número entero"),
        ({"motive": "other", "days": "5"}, "falta «Días», o no es número entero"),
    ],
)
def test_what_is_missing_or_of_another_type_is_an_error_and_not_an_answer(
    values: dict[str, Value], sentence: str
) -> None:
    with pytest.raises(DecisionError, match=sentence):
        dmn.evaluate(table(*SOUND), values)


def test_two_rows_at_once_are_an_error_and_not_the_first() -> None:
    with pytest.raises(DecisionError, match="las filas 1 y 2"):
        dmn.evaluate(table('- | - | "a"', '"other" | - | "b"'), {"motive": "other", "days": 1})


def test_what_a_table_gives_is_no_wider_than_its_rows() -> None:
    assert dmn.gives(table(*SOUND)) == {"level": choice_of("national", "regional")}


@pytest.mark.parametrize(
    ("aggregation", "given"),
    [("SUM", within(-3, 15)), ("MIN", within(-3, 10)), ("MAX", within(-3, 10)), ("COUNT", within(0, 3))],
)
def test_a_collected_number_has_its_limits(aggregation: str, given: Type) -> None:
    rows = "- | > 5 | 10", "- | > 7 | 5", "- | > 9 | -3"

    assert dmn.gives(table(*rows, policy="COLLECT", aggregation=aggregation, output="integer")) == {"level": given}


def test_collected_texts_are_a_list() -> None:
    given = dmn.gives(table('- | > 5 | "a"', '- | > 7 | "b"', policy="COLLECT"))["level"]

    assert (given.face, given.element, given.choices) == ("lista", TEXT, frozenset({"a", "b"}))


def test_a_file_says_the_same_table_again() -> None:
    there = dmn.written(table(*SOUND))
    back, canonical = dmn.read(there.encode())

    assert canonical == there
    assert [rule.conclusions for rule in back.rules] == [("regional",), ("national",), ("national",)]
    assert dmn.written(back) == there


def test_what_an_editor_adds_is_read_past() -> None:
    plain = dmn.written(table(*SOUND))
    drawn = (
        plain.replace(
            'namespace="urn:constancia:dmn">',
            'namespace="http://camunda.org/schema/1.0/dmn" exporter="dmn-js" exporterVersion="17.0.0" '
            'xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" '
            'xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/">',
        )
        .replace('label="Motivo">', 'label="Motivo" biodi:width="192">')
        .replace(
            "</definitions>",
            '<dmndi:DMNDI><dmndi:DMNDiagram><dmndi:DMNShape dmnElementRef="review_level">'
            '<dc:Bounds height="80" width="180" x="160" y="100"/></dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>'
            "</definitions>",
        )
    )

    read, kept = dmn.read(drawn.encode())

    assert read == dmn.stored(plain)
    assert 'biodi:width="192"' in kept


def test_every_fault_is_told_at_once_and_each_at_its_cell() -> None:
    with pytest.raises(InvalidTable) as refused:
        table('"wrong" | 5 | "a"', '- | "five" | national')

    told = [(fault.row, fault.column) for fault in refused.value.faults]
    assert told == [(1, "Motivo"), (2, "Días"), (2, "Nivel")]


def test_a_fault_of_a_file_names_the_cell_of_the_file() -> None:
    there = dmn.written(sheet('"wrong" | 5 | "a"'))

    with pytest.raises(InvalidTable) as refused:
        dmn.read(there.encode())

    assert refused.value.faults[0].element == "rule_1_cell_1"
    assert refused.value.sentence.startswith("Fila 1, columna «Motivo»: «wrong» no es un valor de la columna.")


def test_a_sheet_may_be_faulty_and_is_still_shown() -> None:
    faulty = sheet('"wrong" | 5 | national')

    shown, _ = dmn.sheet_of(dmn.written(faulty).encode())

    assert shown.rows[0].conclusions == ("national",)


def test_several_outputs_each_give_their_answer() -> None:
    two = Sheet(
        "review_level",
        "Quién revisa",
        "UNIQUE",
        "",
        (Column("late", "Tarde", "boolean"),),
        (Column("level", "", "string"), Column("days", "", "integer")),
        (Row(("true",), ('"national"', "20")), Row(("false",), ('"regional"', "10"))),
    )

    assert dmn.evaluate(dmn.table_of(two), {"late": False}).outputs == {"level": "regional", "days": 10}
