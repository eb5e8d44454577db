"""A decision table typed on its page: the sheet that it means, what the buttons make of it, and where a fault is told."""

from dataclasses import replace

import pytest

from app.process import dmn
from app.process.dmn import Sheet
from app.process.studio import decisions_edit
from app.web.studio import decision_typed
from tests.process.tables import SOUND, sheet

FOUND = decision_typed.numbered(sheet(*SOUND))


def typed_of(found: Sheet) -> dict[str, str]:
    """What a browser would send of the page that shows it."""
    typed = {"title": found.title, "policy": f"{found.hit_policy} {found.aggregation}".strip()}
    for column in (*found.inputs, *found.outputs):
        typed |= {f"{column.key}-{key}": getattr(column, key) for key in ("name", "label", "type", "allowed")}
    for row in found.rows:
        typed |= dict(zip(row.cells, (*row.conditions, *row.conclusions), strict=True)) | {f"{row.key}_note": row.note}
    return typed


def first_column(found: Sheet) -> list[str]:
    return [row.conditions[0] for row in found.rows]


@pytest.mark.parametrize(
    "found",
    [FOUND, decision_typed.numbered(sheet(*SOUND[:2], policy="COLLECT", aggregation="COUNT"))],
    ids=["unique", "collect"],
)
def test_what_is_shown_to_be_typed_over_is_the_table_again(found: Sheet) -> None:
    assert decision_typed.sheet(typed_of(found), found.name) == found


def test_texts_get_their_quotation_marks_and_yes_and_no_their_words() -> None:
    typed = typed_of(FOUND) | {
        "rule_1_cell_1": "data_error, other",
        "rule_1_cell_2": "",
        "input_1-allowed": "data_error, other",
        "output_1-type": "boolean",
        "rule_1_cell_3": "Sí",
        "rule_2_cell_3": "no",
    }

    found = decision_typed.sheet(typed, "review_level")

    assert found.rows[0].conditions == ('"data_error","other"', "-")
    assert found.inputs[0].allowed == '"data_error","other"'
    assert [one.conclusions[0] for one in found.rows[:2]] == ["true", "false"]


def test_rows_are_moved_copied_and_taken_out() -> None:
    before = first_column(FOUND)

    down, box = decision_typed.changed(FOUND, "down-rule-1")
    assert (first_column(down), box) == ([before[1], before[0], before[2]], "rule_2_cell_1")
    assert decision_typed.changed(down, "up-rule-2")[0] == FOUND
    assert first_column(decision_typed.changed(FOUND, "copy-rule-1")[0]) == [before[0], *before]
    assert first_column(decision_typed.changed(FOUND, "remove-rule-1")[0]) == before[1:]


def test_a_column_takes_its_cells_with_it() -> None:
    moved, box = decision_typed.changed(FOUND, "down-input-1")
    gone, _ = decision_typed.changed(FOUND, "remove-input-1")

    assert [column.name for column in moved.inputs] == ["days", "motive"]
    assert [row.conditions for row in moved.rows] == [tuple(reversed(row.conditions)) for row in FOUND.rows]
    assert box == "input_2-label"
    assert [row.conditions for row in gone.rows] == [row.conditions[1:] for row in FOUND.rows]


def test_what_is_added_is_empty_and_fits_the_rest() -> None:
    more, box = decision_typed.changed(FOUND, "add-rule")
    wider, _ = decision_typed.changed(FOUND, "add-input")
    longer, _ = decision_typed.changed(FOUND, "add-output")

    assert (more.rows[-1].conditions, more.rows[-1].conclusions, box) == (("-", "-"), ("",), "rule_4_cell_1")
    assert {len(row.conditions) for row in wider.rows} == {3}
    assert {row.conclusions[1:] for row in longer.rows} == {("",)}


def test_a_row_that_is_missing_is_filled_in() -> None:
    filled, box = decision_typed.changed(FOUND, "fill-gap-1", [('"other"', "> 3")])

    assert (filled.rows[-1].conditions, box) == (('"other"', "> 3"), "rule_4_cell_1")


@pytest.mark.parametrize("act", ["remove-rule-9", "up-input-0", "fill-gap-2", "remove-gap-1", "nothing", "add-", ""])
def test_a_button_that_there_is_not_changes_nothing(act: str) -> None:
    assert decision_typed.changed(FOUND, act)[0] == FOUND


WRONG = {
    "a cell": ({"rule_2_cell_2": "many"}, "rule_2_cell_2"),
    "what comes out": ({"rule_1_cell_3": ""}, "rule_1_cell_3"),
    "a note": ({"rule_3_note": "x" * 600}, "rule_3_note"),
    "a name": ({"input_2-name": "Días"}, "input_2-name"),
    "a name twice": ({"input_2-name": "motive"}, "input_2-name"),
    "a label": ({"output_1-label": "x" * 200}, "output_1-label"),
    "a limit": ({"input_2-allowed": "30"}, "input_2-allowed"),
    "no title": ({"title": ""}, "title"),
    "no numbers to sum": ({"policy": "COLLECT SUM"}, "output_1-type"),
}


@pytest.mark.parametrize(("typed", "place"), WRONG.values(), ids=WRONG)
def test_a_fault_is_told_at_its_box(typed: dict[str, str], place: str) -> None:
    found = decision_typed.sheet(typed_of(FOUND) | typed, "review_level")

    invalid = decisions_edit.faults_of(found)

    assert invalid is not None
    assert place in decision_typed.places(invalid)


def test_a_table_drawn_elsewhere_gets_the_ids_of_the_page() -> None:
    drawn = replace(sheet(*SOUND), inputs=tuple(replace(one, key=f"InputClause_{one.name}") for one in FOUND.inputs))

    assert decision_typed.numbered(drawn) == FOUND
    assert dmn.sheet_of(dmn.written(FOUND).encode())[0] == FOUND
