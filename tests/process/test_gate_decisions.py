"""What the gate says of decision tables: at which step, of which table and row, and what their answers are worth to gateways."""

import pytest

from app.process import dmn, gate
from app.process.decision_tables import Tables
from app.process.dmn import Column, DecisionTable, Sheet
from app.process.gate import Finding
from app.process.package import Package
from tests.process.sketches import Sketch, some_forms
from tests.process.tables import row

STEPS = {
    "begin": "start",
    "sort": "user triage regional_direction",
    "decide": "decides review_level",
    "which": "xor",
    "low_end": "end",
    "high_end": "end",
}
ARROWS = [
    "begin sort decide which",
    "which low_end : level == 'regional'",
    "which high_end : level == 'national'",
]
SOUND = ('"low" | - | "regional"', '"medium","high" | <= 10 | "regional"', '"medium","high" | > 10 | "national"')


def table(*rows: str, name: str = "review_level", output: str = "level", **more: str) -> DecisionTable:
    """By urgency and days, as the form `triage` gives them."""
    kinds = {
        "output_type": "string",
        "policy": "UNIQUE",
        "aggregation": "",
        "urgency": "string",
        "days": "integer",
    } | more
    return dmn.table_of(
        Sheet(
            name,
            "Quién revisa",
            kinds["policy"],
            kinds["aggregation"],
            (Column("urgency", "Urgencia", kinds["urgency"]), Column("days", "Días", kinds["days"])),
            (Column(output, "Nivel", kinds["output_type"]),),
            tuple(row(*text.split(" | ")) for text in rows),
        )
    )


def found(sketch: Sketch, *tables: DecisionTable) -> list[Finding]:
    given: Tables = {one.name: one for one in tables}
    return gate.findings(Package(sketch.read(), some_forms(), given))


def told(sketch: Sketch, *tables: DecisionTable) -> list[tuple[str, str]]:
    return [(one.code, one.element) for one in found(sketch, *tables)]


def sketch(*arrows: str, **steps: str) -> Sketch:
    return Sketch({**STEPS, **steps}, arrows or ARROWS)


def test_a_table_that_decides_every_case_once_lets_its_gateway_do_without_a_default() -> None:
    assert told(sketch(), table(*SOUND)) == []


@pytest.mark.parametrize(
    ("rows", "code", "sentence"),
    [
        (SOUND[:2], "decision_incomplete", "con Urgencia = «high», Días = 11, ninguna fila se cumple"),
        (
            (*SOUND, '"low" | > 3 | "national"'),
            "decision_overlap",
            "Tabla «Quién revisa», fila 4: con Urgencia = «low»",
        ),
        ((*SOUND, '"low" | > 3, < 5 | "national"'), "decision_overlap", "también se cumple la fila 1"),
        ((*SOUND, 'not("low","medium","high") | - | "national"'), "decision_never", "fila 4, columna «Urgencia»"),
        (('"urgent" | - | "regional"', *SOUND), "decision", "fila 1, columna «Urgencia»: «urgent» no es una opción"),
    ],
)
def test_a_faulty_table_is_told_at_its_step_with_its_row(rows: tuple[str, ...], code: str, sentence: str) -> None:
    first = found(sketch(), table(*rows))[0]

    assert (first.code, first.element) == (code, "decide")
    assert sentence in first.sentence


def test_the_row_that_is_missing_is_offered() -> None:
    assert found(sketch(), table(*SOUND[:2]))[0].sentence.endswith('Agregue la que falta: "high","medium" | >= 11.')


def test_a_table_that_there_is_not_is_told() -> None:
    assert ("decision", "decide") in told(sketch())


@pytest.mark.parametrize(
    ("kinds", "rows", "sentence"),
    [
        ({"urgency": "boolean"}, ('true | - | "a"', 'false | - | "b"'), "«urgency» es texto y la columna es sí o no"),
        (
            {"days": "string"},
            ('- | "ten" | "a"', '- | not("ten") | "b"'),
            "«days» es número entero y la columna es texto",
        ),
    ],
)
def test_a_column_of_another_type_than_the_answer_is_told(
    kinds: dict[str, str], rows: tuple[str, ...], sentence: str
) -> None:
    first = found(sketch(), table(*rows, **kinds))[0]

    assert (first.code, first.element) == ("decision", "decide")
    assert sentence in first.sentence


def test_a_table_reads_what_somebody_answers() -> None:
    first = found(sketch(sort="user region regional_direction"), table(*SOUND))[0]

    assert (first.code, first.element) == ("decision", "decide")
    assert "nadie responde «urgency». Las respuestas que hay: level, region." in first.sentence


def test_a_table_reads_what_is_answered_on_every_way() -> None:
    around = sketch(
        "begin agrees is_fine",
        "is_fine sort : agrees == True",
        "is_fine meet : otherwise",
        "sort meet decide which",
        *ARROWS[1:],
        agrees="user second_opinion provider",
        is_fine="xor",
        meet="xor",
    )

    assert told(around, table(*SOUND)) == [("undecided", "decide")]


def test_what_a_table_gives_is_there_only_after_it() -> None:
    around = sketch(
        "begin sort is_foreign",
        "is_foreign decide : is_foreign == True",
        "is_foreign meet : otherwise",
        "decide meet which",
        *ARROWS[1:],
        is_foreign="xor",
        meet="xor",
    )

    assert told(around, table(*SOUND)) == [("undecided", "which")]


def test_a_gateway_knows_what_a_table_can_give() -> None:
    assert told(sketch(), table('"low" | - | "regional"', 'not("low") | - | "nobody"'))[0] == (
        "condition",
        "which__high_end",
    )


def test_a_table_and_a_form_give_one_name_one_type() -> None:
    clashing = table(*SOUND, output="is_foreign")

    assert ("type_clash", "decide") in told(sketch(), clashing)


def test_two_tables_give_one_name_one_type_and_together_what_both_give() -> None:
    second = table('- | <= 3 | "nobody"', '- | > 3 | "national"', name="second_level")
    both = sketch(
        "begin sort decide again which",
        *ARROWS[1:],
        "which nobody_end : level == 'nobody'",
        again="decides second_level",
        nobody_end="end",
    )

    assert told(both, table(*SOUND), second) == []


def test_two_tables_at_once_do_not_give_one_name() -> None:
    both = sketch(
        "begin sort fork",
        "fork decide join",
        "fork again join",
        "join which",
        *ARROWS[1:],
        again="decides second_level",
        fork="and",
        join="and",
    )

    assert told(both, table(*SOUND), table(*SOUND, name="second_level")) == [("answered_twice", "again")]


COLLECTING = {"policy": "COLLECT"}
LISTED = ["begin sort decide which", "which low_end : 'national' in level", "which high_end : otherwise"]


def test_a_collected_list_may_be_empty_and_overlap() -> None:
    rows = '"low" | - | "regional"', '- | > 10 | "national"'

    assert told(sketch(*LISTED), table(*rows, **COLLECTING)) == []


def test_every_list_that_conditions_tell_apart_is_tried() -> None:
    rows = '"low" | - | "regional"', '- | > 10 | "national"'
    without_default = sketch(*LISTED[:2], "which high_end : 'regional' in level and 'national' not in level")

    assert told(without_default, table(*rows, **COLLECTING)) == [("no_answer", "which")]


@pytest.mark.parametrize("condition", ["'nobody' in level", "level == ('national', 'regional')"])
def test_a_list_is_only_looked_into_and_for_what_can_be_in_it(condition: str) -> None:
    rows = '"low" | - | "regional"', '- | > 10 | "national"'
    odd = sketch(*LISTED[:1], f"which low_end : {condition}", LISTED[2])

    assert told(odd, table(*rows, **COLLECTING)) == [("condition", "which__low_end")]


def test_a_count_is_a_number_with_limits() -> None:
    rows = '"low" | - | "regional"', '- | > 10 | "national"'
    counted = sketch(LISTED[0], "which low_end : level == 0", "which high_end : level in (1, 2)")

    assert told(counted, table(*rows, policy="COLLECT", aggregation="COUNT")) == []


def test_a_largest_needs_a_row_for_every_case() -> None:
    numbers = table('"low" | - | 5', policy="COLLECT", aggregation="MAX", output_type="integer")
    gateway = sketch(LISTED[0], "which low_end : level == 5", LISTED[2])

    assert ("decision_incomplete", "decide") in told(gateway, numbers)


def test_more_combinations_than_are_looked_at_are_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.process.dmn.coverage.MOST_STEPS", 2)

    assert told(sketch(), table(*SOUND)) == [("not_decided", "decide")]
