"""What changed in decision tables, in sentences an analyst can check against the table."""

from dataclasses import replace

import pytest

from app.process import dmn
from app.process.dmn import Column, Row, Sheet
from app.process.studio import decision_difference
from tests.process.tables import SOUND, row, sheet

BEFORE = sheet(*SOUND)
TITLE = "La tabla «Quién revisa la anulación»"
OFFICE = Column("office", "Oficina", "string")


def told(before: Sheet | None, after: Sheet | None) -> list[tuple[str, str]]:
    stored = [{one.name: dmn.written(one)} if one else {} for one in (before, after)]
    return [(mark, sentence) for mark, _, sentence in decision_difference.told(*stored)]


def rows(*texts: str) -> Sheet:
    return replace(BEFORE, rows=tuple(row(*text.split(" | ")) for text in texts))


CHANGES = {
    "a cell": (
        rows(SOUND[0].replace("<= 10", "<= 15"), *SOUND[1:]),
        f"{TITLE}, fila 1: «Días» pasa de «<= 10» a «<= 15».",
    ),
    "what comes out": (
        rows(SOUND[0].replace("regional", "national"), *SOUND[1:]),
        f'{TITLE}, fila 1: «Nivel» pasa de «"regional"» a «"national"».',
    ),
    "any value": (
        rows(SOUND[0].replace("<= 10", "-"), *SOUND[1:]),
        f"{TITLE}, fila 1: «Días» pasa de «<= 10» a «cualquiera».",
    ),
    "a row more": (
        rows(*SOUND, '"other" | 3 | "regional"'),
        f'{TITLE} suma la fila 4: si Motivo es "other" y Días es 3, entonces Nivel es "regional".',
    ),
    "a row less": (
        rows(*SOUND[:2]),
        f'{TITLE} ya no tiene la fila: si Motivo es not("data_error"), entonces Nivel es "national".',
    ),
    "another order": (rows(*reversed(SOUND)), f"{TITLE} tiene sus filas en otro orden."),
    "another title": (replace(BEFORE, title="Nivel"), "La tabla «Nivel» se llamaba «Quién revisa la anulación»."),
    "another policy": (
        replace(BEFORE, hit_policy="COLLECT", aggregation="COUNT"),
        f"{TITLE}: cuántas filas valen pasa de «Una sola fila» a «Cuántas filas».",
    ),
    "another limit": (
        replace(BEFORE, inputs=(BEFORE.inputs[0], replace(BEFORE.inputs[1], allowed="[0..60]"))),
        f"{TITLE}, en la entrada «Días», cambia los valores permitidos: ahora «[0..60]»; antes «[0..30]».",
    ),
    "another type": (
        replace(BEFORE, outputs=(replace(BEFORE.outputs[0], type="boolean"),)),
        f"{TITLE}, en la salida «Nivel», cambia el tipo: ahora «sí o no»; antes «texto».",
    ),
}


@pytest.mark.parametrize(("after", "sentence"), CHANGES.values(), ids=CHANGES)
def test_one_change_is_one_sentence(after: Sheet, sentence: str) -> None:
    assert told(BEFORE, after) == [("changed", sentence)]


def test_a_table_that_comes_or_goes_is_told_as_a_whole() -> None:
    assert told(None, BEFORE) == [("added", "Se agrega la tabla de decisión «Quién revisa la anulación», con 3 filas.")]
    assert told(BEFORE, None) == [("removed", "Se quita la tabla de decisión «Quién revisa la anulación».")]


def test_a_column_that_comes_is_told_once_and_not_again_in_every_row() -> None:
    wider = replace(
        BEFORE,
        outputs=(*BEFORE.outputs, OFFICE),
        rows=tuple(replace(one, conclusions=(*one.conclusions, '"x"')) for one in BEFORE.rows),
    )

    assert told(BEFORE, wider) == [("changed", f"{TITLE} da ahora «Oficina».")]
    assert told(wider, BEFORE) == [("changed", f"{TITLE} ya no da «Oficina».")]


def test_other_ids_and_columns_in_another_order_are_no_change() -> None:
    other = replace(
        BEFORE,
        inputs=tuple(reversed(BEFORE.inputs)),
        rows=tuple(
            Row(tuple(reversed(one.conditions)), one.conclusions, key=f"r{n}") for n, one in enumerate(BEFORE.rows)
        ),
    )

    assert told(BEFORE, other) == []
