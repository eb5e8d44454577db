"""Decision tables where they are used: named by a task, tried on values, saved by the editor, and shown with a version."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.models import ProcessDefinition, ProcessDraft
from app.process import definitions, dmn
from app.process.studio import decisions_edit, drafts
from app.process.studio.difference import NOTHING, Content, between
from tests.process.sketches import Sketch
from tests.process.tables import SOUND, sheet
from tests.studio import pressing
from tests.studio.analysts import actor_of, address, analyst, at_the_studio
from tests.web.visitor import Visitor, errors_of, page_of, words

NAME = "review_level"
SKETCH = Sketch(
    {"begin": "start", "decide": "decides review_level", "finish": "end"},
    ["begin decide finish"],
)


@pytest.fixture
def draft(session: Session) -> ProcessDraft:
    """A process of which a step is decided by the table."""
    content, author = SKETCH.bpmn().encode(), actor_of(analyst())
    return drafts.start_from_file(session, content, author, decision_tables={NAME: dmn.written(sheet(*SOUND))})


@pytest.fixture
def visitor(client: FlaskClient, draft: ProcessDraft) -> Visitor:
    return at_the_studio(client, draft.author)


def where(draft: ProcessDraft, rest: str = "") -> str:
    return address(draft, f"/decisiones/{NAME}{rest}")


def changed(session: Session, draft: ProcessDraft, *rows: str, policy: str = "UNIQUE", **more: str) -> None:
    stored = {NAME: dmn.written(sheet(*rows, policy=policy, **more))}
    actor = actor_of(draft.author)
    drafts.save(session, draft.id, xml=draft.xml, version=draft.version, actor=actor, decision_tables=stored)


def results(page: BeautifulSoup) -> list[str]:
    return [line.text for line in page.select("#resultado p")]


def put(visitor: Visitor, draft: ProcessDraft, **body: Any) -> TestResponse:
    """What the editor sends when it saves."""
    csrf = str(visitor.read(where(draft)).select("#decision")[0]["data-csrf"])
    return visitor.client.put(where(draft, "/dmn"), json=body, headers={"X-CSRFToken": csrf})


def test_a_table_that_a_task_names_is_not_taken_out(visitor: Visitor, session: Session, draft: ProcessDraft) -> None:
    refused = page_of(pressing.press(visitor, where(draft), "Quitar la tabla"), 409)

    assert errors_of(refused) == [
        "La decide «Decide» en el diagrama. Elija otra tabla en esa tarea y vuelva a quitarla."
    ]
    assert "Decide" in words(refused, "#tablas")
    session.refresh(draft)
    assert list(draft.decision_tables) == [NAME]


TRIED = {
    "one row": ({"motive": "data_error", "days": "11"}, ["Nivel: national", "Se cumple la fila 2."]),
    "any days": ({"motive": "other", "days": "3"}, ["Nivel: national", "Se cumple la fila 3."]),
}


@pytest.mark.parametrize(("values", "told"), TRIED.values(), ids=TRIED)
def test_values_are_given_and_what_comes_out_is_told(
    visitor: Visitor, draft: ProcessDraft, values: dict[str, str], told: list[str]
) -> None:
    query = "&".join(f"valor-{name}={value}" for name, value in values.items())

    page = visitor.read(where(draft, f"/probar?{query}&probar=1"))

    assert results(page) == told
    (applied,) = page.select("tr.app-decision__applied")
    assert "se cumple" in applied.text


def test_nothing_is_told_before_values_are_given(visitor: Visitor, draft: ProcessDraft) -> None:
    page = visitor.read(where(draft, "/probar"))

    assert page.select("#resultado, .govuk-error-summary") == []
    assert [tag["value"] for tag in page.select("#valor-motive option")] == ["", "data_error", "duplicate", "other"]
    assert page.select_one("input#valor-days[inputmode=numeric]") is not None


def test_rows_that_do_not_agree_are_told_and_no_error(visitor: Visitor, session: Session, draft: ProcessDraft) -> None:
    changed(session, draft, *SOUND, '"other" | 3 | "regional"')

    page = visitor.read(where(draft, "/probar?valor-motive=other&valor-days=3&probar=1"))

    assert "se cumplen las filas 3 y 4. Deje una." in words(page, "#resultado")


def test_all_rows_that_hold_give_a_list(visitor: Visitor, session: Session, draft: ProcessDraft) -> None:
    changed(session, draft, *SOUND, '- | 3 | "regional"', policy="COLLECT")

    page = visitor.read(where(draft, "/probar?valor-motive=other&valor-days=3&probar=1"))

    assert results(page) == ["Nivel: national, regional", "Se cumplen las filas 3 y 4."]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [("", "Falta «Días»."), ("many", "«Días» es un número entero."), ("31", "«Días» va de 0 a 30.")],
)
def test_a_value_that_cannot_be_is_told_at_its_field(
    visitor: Visitor, draft: ProcessDraft, days: str, sentence: str
) -> None:
    page = visitor.read(where(draft, f"/probar?valor-motive=other&valor-days={days}&probar=1"), 422)

    assert errors_of(page)[0].startswith(sentence)
    assert page.select_one('.govuk-error-summary a[href="#valor-days"]') is not None


def test_the_editor_reads_and_saves_the_file_with_its_findings(
    visitor: Visitor, session: Session, draft: ProcessDraft
) -> None:
    before = visitor.client.get(where(draft, "/dmn")).get_json()

    after = put(visitor, draft, xml=dmn.written(sheet(*SOUND[:2])), version=before["version"]).get_json()

    assert (before["findings"], after["version"]) == ([], before["version"] + 1)
    (found,) = after["findings"]
    assert (found["row"], found["sentence"][:32]) == (0, "Ninguna fila se cumple si Motivo")
    session.refresh(draft)
    assert len(decisions_edit.sheet_of(draft, NAME).rows) == 2


def test_a_table_half_typed_is_kept_and_told_row_by_row(
    visitor: Visitor, session: Session, draft: ProcessDraft
) -> None:
    half = dmn.written(sheet(*SOUND[:2], "- | - | "))

    told = put(visitor, draft, xml=half, version=draft.version).get_json()

    (found,) = told["findings"]
    assert (found["row"], found["sentence"]) == (
        3,
        "Fila 3, columna «Nivel»: Falta el valor que da la fila. Escríbalo.",
    )
    assert "Cuando sus celdas estén bien" in words(visitor.read(where(draft)), "#hallazgos")


REFUSED = {
    "an old version": ({"version": 0}, 409, "draft_changed"),
    "no file": ({"xml": None}, 422, "not_json"),
    "another table": ({"xml": dmn.written(sheet(*SOUND, name="other"))}, 409, "invalid_table"),
    "no table": ({"xml": "<definitions/>"}, 409, "invalid_table"),
}


@pytest.mark.parametrize(("body", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(
    visitor: Visitor, session: Session, draft: ProcessDraft, body: dict[str, Any], status: int, code: str
) -> None:
    before = draft.version
    whole = {"xml": dmn.written(sheet(*SOUND[:2])), "version": before} | body

    answer = put(visitor, draft, **whole)

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    session.refresh(draft)
    assert draft.version == before


def test_the_editor_of_the_diagram_is_told_the_tables_and_what_they_give(
    visitor: Visitor, session: Session, draft: ProcessDraft
) -> None:
    changed(session, draft, *SOUND, "- | - | ")
    told = visitor.client.get(f"/procesos/catalogo?borrador={draft.id}").get_json()

    tables = {one["name"]: one for one in told["decisions"]}
    assert tables["annulment_review"]["decides"] == {"review_level": "texto"}
    # Half typed, it can be chosen and gives nothing yet.
    assert (tables[NAME]["title"], tables[NAME]["decides"]) == ("Quién revisa la anulación", {})
    assert tables[NAME]["url"] == where(draft)
    assert told["decisions_url"] == address(draft, "/decisiones")


def test_a_published_version_shows_its_tables_to_be_read(client: FlaskClient, session: Session) -> None:
    first = definitions.latest(session, "annulment")
    kept = ("version", "xml", "forms", "scenarios", "author", "approver", "note", "published_at", "starts_at")
    tables = {NAME: dmn.written(sheet(*SOUND))}
    same = {name: getattr(first, name) for name in kept}
    session.add(ProcessDefinition(process_id="tabled", content_sha256="0" * 64, decision_tables=tables, **same))
    session.flush()

    page = at_the_studio(client, analyst()).read("/procesos/tabled/versiones/1")

    told = words(page, f"#tabla-{NAME}")
    assert "Quién revisa la anulación" in told
    assert "Una sola fila: para cada caso se cumple una y no más." in told
    assert page.select(f"#tabla-{NAME} input, #tabla-{NAME} button") == []


def test_the_difference_of_two_versions_tells_their_tables(draft: ProcessDraft) -> None:
    after = Content(draft.xml, {}, decision_tables=draft.decision_tables)
    before = Content(draft.xml, {}, decision_tables={NAME: dmn.written(sheet(*SOUND[:2]))})

    assert [(change.mark.value, change.element) for change in between(before, after).changes] == [("changed", NAME)]
    assert "tabla de decisión" in between(NOTHING, after).changes[-1].sentence
