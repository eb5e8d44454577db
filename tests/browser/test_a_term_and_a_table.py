"""An analyst adds a term that ends a request and a decision table to the annulment: drawn, tried, written down and proposed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from app.models import DraftStatus, Person, ProcessDraft
from tests.browser.editing import Editor, open_editor
from tests.browser.test_studio import picture
from tests.browser.test_the_analysts_story import WHY, advance, answer, keep, propose
from tests.studio.analysts import address, with_scenarios

TABLE, TITLE = "notice_level", "A quién se informa"
CELLS = {
    "title": TITLE,
    "input_1-label": "¿Se aprueba?",
    "input_1-name": "granted",
    "output_1-label": "Nivel",
    "output_1-name": "notice_level",
    "rule_1_cell_1": "true",
    "rule_1_cell_2": '"national"',
}
SECOND_ROW = {"rule_2_cell_1": "false", "rule_2_cell_2": '"regional"'}
LAPSED = "La solicitud caduca a los treinta días"


@pytest.fixture
def draft(live_session: Session, author: Person) -> ProcessDraft:
    """With the scenarios of its version, in a house that asks for every arrow."""
    draft = with_scenarios(live_session, author, "annulment")
    live_session.commit()
    return draft


def test_a_term_and_a_table_are_drawn_tried_by_the_clock_written_down_and_proposed(
    at_work: Callable[..., BrowserContext], author: Person, live_server: str, live_session: Session, draft: ProcessDraft
) -> None:
    editor = open_editor(at_work(author), live_server + address(draft))
    page = editor.page
    make_the_table(page)
    draw(editor)
    try_what_lapses(page)
    try_what_the_table_says(page)
    accept_and_see_what_is_gone_through(page)
    propose(page)

    live_session.expire_all()
    assert draft.status is DraftStatus.PROPOSED
    assert TABLE in draft.decision_tables
    lapses = next(one for one in draft.scenarios.values() if one["title"] == LAPSED)
    assert lapses["then"]["outcome"] == "la_solicitud_caduco"


def make_the_table(page: Page) -> None:
    page.get_by_role("link", name="tablas de decisión").click()
    page.get_by_label("Nombre para el diagrama").fill(TABLE)
    page.get_by_label("Título").fill(TITLE)
    page.get_by_role("button", name="Agregar la tabla").click()
    page.wait_for_url(f"**/decisiones/{TABLE}**")
    page.goto(f"{page.url.partition('?')[0]}?como=formulario")
    page.locator("[id='input_1-type']").select_option("boolean")
    page.locator("[id='output_1-type']").select_option("string")
    write(page, CELLS)
    page.get_by_role("button", name="Agregar una fila").click()
    write(page, SECOND_ROW)
    page.get_by_role("button", name="Guardar en el borrador").click()
    expect(page.locator("#hallazgos")).to_contain_text("Sin hallazgos: para cada caso hay una respuesta.")
    page.get_by_role("link", name="Tablas del borrador").click()
    page.get_by_role("link", name="Borrador de").click()
    page.wait_for_selector("#studio[data-ready]")


def write(page: Page, cells: dict[str, str]) -> None:
    for field, text in cells.items():
        page.locator(f"[id='{field}']").fill(text)


def draw(editor: Editor) -> None:
    """On the border of the task that decides, and after what was decided is recorded."""
    editor.choose("decide_annulment")
    editor.add("Si vence un plazo")
    editor.write("name", "Pasan treinta días sin resolver")
    editor.write("term", "30")
    editor.add("Término")
    editor.write("name", "La solicitud caducó")
    editor.choose("record_decision")
    editor.add("Tabla de decisión")
    editor.write("name", "Ver a quién se informa")
    editor.pick("decision", TITLE)
    editor.page.select_option("#elemento", label="de «Registrar la resolución» a «¿Se aprueba?»")
    editor.press("Borrar este elemento")
    editor.choose("ver_a_quien_se_informa")
    editor.pick("onward", "¿Se aprueba?")
    editor.press("Agregar el camino")
    editor.expect_saving_done()
    expect(editor.page.get_by_text("Sin hallazgos.")).to_be_visible()
    expect(editor.lacks()).to_contain_text("Agregue escenarios que pasen por aquí")
    picture(editor.page, "a-term-and-a-table")


def try_what_lapses(page: Page) -> None:
    page.get_by_role("link", name="Probarlo").click()
    answer(page, "Enviar Solicitud", reason=WHY)
    expect(page.locator("#en-espera")).to_contain_text("Pasan treinta días sin resolver: se cumple al terminar el")
    advance(page, 31)
    expect(page.get_by_text("Terminó: La solicitud caducó.")).to_be_visible()
    told = page.locator("#hechos")
    expect(told).to_contain_text("Pasa al nivel central")
    expect(told.get_by_role("row").filter(has_text="Se cumple")).to_contain_text("«Pasan treinta días sin resolver».")
    picture(page, "lapsed")
    keep(page, LAPSED)


def try_what_the_table_says(page: Page) -> None:
    page.get_by_role("link", name="Probar el borrador").click()
    page.get_by_role("button", name="Volver un paso").click()
    answer(page, "Rechazar", reason="No procede.")
    expect(page.locator("#hechos")).to_contain_text("«A quién se informa», fila 2. Nivel: «regional».")
    picture(page, "decided-by-table")
    page.get_by_role("link", name="Ver los escenarios").click()


def accept_and_see_what_is_gone_through(page: Page) -> None:
    expect(page.locator("#filas-sin-usar")).to_have_count(0)
    if page.get_by_role("button", name="Aceptar todo lo que pasa ahora").count():
        page.get_by_role("button", name="Aceptar todo lo que pasa ahora").click()
    expect(page.get_by_text("Alcanza para proponer.")).to_be_visible()
    picture(page, "gone-through")
