"""Decision tables in a real browser: in dmn-js with a script, cell by cell without, and the same table either way."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from app.domain import form_writing
from app.models import ProcessDraft
from app.process import definitions, diagrams, dmn
from app.process.definitions import Signed
from app.process.studio import decisions_edit, drafts
from tests.browser.editing import AXE, sign_in
from tests.factories import PersonFactory
from tests.process.sketches import Sketch, some_forms
from tests.process.tables import SOUND, sheet
from tests.process.test_gate_decisions import ARROWS, STEPS
from tests.process.test_gate_decisions import SOUND as DECIDED
from tests.process.test_gate_decisions import table as by_urgency
from tests.studio.analysts import actor_of, address, analyst, at_the_studio, begun

NAME = "review_level"
PICTURES = os.environ.get("DECISION_PICTURES")
# The table of the library is its own; all around it is ours.
CHECK = """
axe.run({exclude: [['.dmn-js-parent']]})
  .then(found => found.violations.map(one => one.id + one.nodes.map(node => node.html)))
"""
# Its mark brings style attributes of its own, which the content policy leaves out and the browser then mentions.
OF_THE_MARK = "Applying inline style violates the following Content Security Policy"
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def draft(live_session: Session) -> ProcessDraft:
    draft = begun(live_session, analyst())
    save(live_session, draft, *SOUND)
    return draft


@pytest.fixture
def opened(live: Flask, live_server: str, draft: ProcessDraft, new_context: NewContext) -> Callable[..., Page]:
    """The table's page, or another of the draft's, in the browser of who wrote it."""

    def begin(rest: str = f"/decisiones/{NAME}", width: int = 1280, *, has_script: bool = True) -> Page:
        context = new_context(viewport={"width": width, "height": 900}, java_script_enabled=has_script)
        page = sign_in(context, at_the_studio(live.test_client(), draft.author), live_server).new_page()
        page.goto(live_server + address(draft, rest))
        return page

    return begin


def save(session: Session, draft: ProcessDraft, *rows: str) -> None:
    actor, tables = actor_of(draft.author), {NAME: dmn.written(sheet(*rows))}
    drafts.save(session, draft.id, xml=draft.xml, version=draft.version, actor=actor, decision_tables=tables)
    session.commit()


def rows(session: Session, draft: ProcessDraft) -> list[tuple[str, ...]]:
    """What the server holds now."""
    session.expire_all()
    return [(*row.conditions, *row.conclusions) for row in decisions_edit.sheet_of(draft, NAME).rows]


def editor(page: Page) -> Page:
    page.wait_for_selector("#decision[data-ready]")
    return page


def write(page: Page, row: int, column: int, text: str) -> None:
    """Type over a cell of the library's table."""
    cell = page.locator(".dmn-js-parent tbody tr").nth(row - 1).locator("td.input-cell, td.output-cell").nth(column - 1)
    cell.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def expect_saving_done(page: Page) -> None:
    expect(page.locator("#decision")).to_have_attribute("data-behind", "no")


def complains_of_nothing(page: Page, width: int, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
    page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
    assert page.evaluate(CHECK) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_cell_that_is_changed_saves_itself_and_is_there_after_a_reload(
    opened: Callable[..., Page], live_session: Session, draft: ProcessDraft
) -> None:
    page = opened()
    console: list[str] = []
    page.on("console", lambda said: console.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: console.append(str(error)))
    page.reload()
    editor(page)

    write(page, 1, 2, "<= 8")
    expect(page.locator("[role=status]", has_text="Ninguna fila se cumple")).to_be_visible()
    write(page, 2, 2, "> 8")
    expect(page.locator("[role=status]", has_text="Sin hallazgos")).to_be_visible()
    expect_saving_done(page)
    editor(page).reload()

    expect(editor(page).locator(".dmn-js-parent tbody")).to_contain_text("<= 8")
    assert [row[1] for row in rows(live_session, draft)] == ["<= 8", "> 8", "-"]
    assert [said for said in console if not said.startswith(OF_THE_MARK)] == []


def test_the_mark_of_the_library_is_seen_and_leads_to_what_it_says(opened: Callable[..., Page]) -> None:
    page = editor(opened())

    page.locator(".bjs-powered-by").click()

    expect(page.locator(".bjs-powered-by-lightbox")).to_be_visible()


def test_who_only_looks_and_chooses_cells_saves_nothing(
    opened: Callable[..., Page], live_session: Session, draft: ProcessDraft
) -> None:
    page = editor(opened())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))

    for cell in page.locator(".dmn-js-parent tbody td.input-cell").all():
        cell.click()
    page.get_by_role("link", name="Probar la tabla").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Probar")
    assert "PUT" not in asked
    assert rows(live_session, draft) == [tuple(text.split(" | ")) for text in SOUND]


def test_rows_are_made_by_keyboard_alone(
    opened: Callable[..., Page], live_session: Session, draft: ProcessDraft
) -> None:
    page = editor(opened())
    page.locator(".dmn-js-parent tbody td.input-cell [contenteditable]").first.focus()
    for _ in range(3):
        page.keyboard.press("Enter")
    page.keyboard.type('"other"')
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    page.keyboard.type('"regional"')

    expect(page.locator("[role=status]", has_text="Se cumplen a la vez las filas 3 y 4")).to_be_visible()
    expect_saving_done(page)
    assert rows(live_session, draft)[3:] == [('"other"', "3", '"regional"')]
    page.get_by_role("button", name="Ir a la fila 4").press("Enter")
    expect(page.locator(".dmn-js-parent tbody tr").nth(3).locator(":focus")).to_have_count(1)


def test_a_row_that_is_missing_is_put_in(
    opened: Callable[..., Page], live_session: Session, draft: ProcessDraft
) -> None:
    save(live_session, draft, *SOUND[:2])
    page = editor(opened())

    page.get_by_role("button", name="Agregar la fila").click()
    page.keyboard.type('"national"')

    expect(page.locator("[role=status]", has_text="Sin hallazgos")).to_be_visible()
    expect_saving_done(page)
    assert rows(live_session, draft)[2] == ('"duplicate","other"', "-", '"national"')


def test_the_form_and_the_editor_are_the_same_table(
    opened: Callable[..., Page], live_session: Session, draft: ProcessDraft
) -> None:
    page = editor(opened())
    write(page, 1, 2, "<= 8")
    page.get_by_role("link", name="Seguir en el formulario").click()

    expect(page.locator("#rule_1_cell_2")).to_have_value("<= 8")
    page.locator("#rule_2_cell_2").fill("> 8")
    page.get_by_role("button", name="Guardar y seguir en el editor de tablas").click()

    expect(editor(page).locator(".dmn-js-parent tbody")).to_contain_text("> 8")
    assert [row[1] for row in rows(live_session, draft)] == ["<= 8", "> 8", "-"]


def test_nobody_overwrites_what_a_colleague_saved(
    opened: Callable[..., Page], live_session: Session, draft: ProcessDraft
) -> None:
    page = editor(opened())
    save(live_session, draft, *SOUND, '"other" | 3 | "regional"')

    write(page, 1, 2, "<= 7")
    page.get_by_role("button", name="Ver lo que guardó").click()
    expect(page.locator(".dmn-js-parent tbody tr")).to_have_count(4)
    page.get_by_role("button", name="Recuperar mis cambios").click()

    expect(page.locator(".dmn-js-parent tbody tr")).to_have_count(3)
    expect_saving_done(page)
    assert [row[1] for row in rows(live_session, draft)] == ["<= 7", "> 10", "-"]


@pytest.mark.parametrize("width", [360, 1280])
def test_without_a_script_a_row_is_added_filled_and_tried(
    opened: Callable[..., Page], live_session: Session, draft: ProcessDraft, width: int
) -> None:
    save(live_session, draft, *SOUND[:2])
    page = opened("/decisiones", width, has_script=False)
    page.get_by_role("link", name="Quién revisa la anulación").click()

    page.get_by_role("button", name="Agregar la fila").click()
    page.locator("#rule_3_cell_3").fill("national")
    page.get_by_role("button", name="Guardar en el borrador").click()
    expect(page.locator("#hallazgos")).to_contain_text("Sin hallazgos")
    page.get_by_role("link", name="Probar la tabla").click()
    page.get_by_label("Motivo").select_option("other")
    page.get_by_label("Días").fill("3")
    page.get_by_role("button", name="Probar").click()

    expect(page.locator("#resultado")).to_contain_text("Nivel: national")
    assert rows(live_session, draft)[2] == ('"duplicate","other"', "-", '"national"')


def test_a_task_of_the_diagram_chooses_its_table_and_leads_to_it(
    opened: Callable[..., Page], live_server: str, live_session: Session, draft: ProcessDraft
) -> None:
    steps = {**STEPS, "decide": "decides annulment_review"}
    tables = {NAME: dmn.written(by_urgency(*DECIDED))}
    other = drafts.start_from_file(
        live_session, Sketch(steps, ARROWS).bpmn().encode(), actor_of(draft.author), decision_tables=tables
    )
    live_session.commit()
    page = opened("/decisiones")
    page.goto(live_server + address(other))
    page.wait_for_selector("#studio[data-ready]")

    page.select_option("#elemento", "decide")
    page.locator("#propiedad-decision").select_option("Quién revisa")
    page.get_by_role("link", name="Abrir la tabla").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Tabla «Quién revisa»")
    live_session.expire_all()
    assert diagrams.stored(other.xml).decisions == {"decide": NAME}


@pytest.mark.parametrize("width", [360, 1280])
def test_a_version_shows_the_tables_it_decides_by(
    opened: Callable[..., Page], live_server: str, live_session: Session, width: int
) -> None:
    asked = {"triage": form_writing.written(some_forms()["triage"].definition)}
    author, approver = PersonFactory.create_batch(2)
    signed = Signed(author_id=author.id, approver_id=approver.id, note="Decide una tabla.")
    tables = {NAME: dmn.written(by_urgency(*DECIDED))}
    definitions.publish(live_session, Sketch(STEPS, ARROWS).read(), asked, signed, tables=tables)
    live_session.commit()
    page = opened("/decisiones", width)

    page.goto(f"{live_server}/procesos/sketch/versiones/1")

    expect(page.locator(f"#tabla-{NAME}")).to_contain_text("Quién revisa")
    complains_of_nothing(page, width, "version")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_tables_are_for_everybody(
    opened: Callable[..., Page], live_session: Session, draft: ProcessDraft, width: int
) -> None:
    page = opened("/decisiones", width)
    complains_of_nothing(page, width, "list")
    save(live_session, draft, *SOUND[:2], '"data_error" | 3 | "regional"')
    form = opened(f"/decisiones/{NAME}?como=formulario", width)
    expect(form.get_by_role("button", name="Guardar y seguir en el editor")).to_have_count(int(width > 768))
    complains_of_nothing(form, width, "form")
    form.locator("#rule_2_cell_2").fill("muchos")
    form.get_by_role("button", name="Guardar en el borrador").click()
    expect(form.locator("#rule_2_cell_2-error")).to_be_visible()
    complains_of_nothing(form, width, "refused")
    if width > 768:
        complains_of_nothing(editor(opened()), width, "editor")
    tried = opened(f"/decisiones/{NAME}/probar?valor-motive=data_error&valor-days=20&probar=1", width)
    complains_of_nothing(tried, width, "tried")
