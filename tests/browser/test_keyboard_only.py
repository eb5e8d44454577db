"""A whole change by the keyboard alone: from the draft that is opened to the proposal, without one press of a mouse."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy.orm import Session

from app.models import Person, ProcessDraft
from app.models.studio import DraftStatus
from tests.browser.editing import Editor, open_editor, stored_xml
from tests.studio.analysts import address, with_scenarios

STOPS = 60


@pytest.fixture
def draft(live_session: Session, author: Person) -> ProcessDraft:
    draft = with_scenarios(live_session, author)
    live_session.commit()
    return draft


@pytest.fixture
def editor(at_work: Callable[..., BrowserContext], author: Person, draft: ProcessDraft, live_server: str) -> Editor:
    return open_editor(at_work(author), live_server + address(draft))


def test_a_change_is_drawn_tried_and_proposed_without_a_mouse(
    editor: Editor, live_session: Session, draft: ProcessDraft
) -> None:
    page = editor.page
    choose(page, "Resolver la solicitud")
    fill(page, page.get_by_label("Plazo", exact=True), "15")
    expect(editor.lacks()).to_contain_text("Acepte lo que quiso cambiar")
    press(page, page.get_by_role("link", name="Ver los escenarios"))
    press(page, page.get_by_role("button", name="Aceptar todo lo que pasa ahora"))
    press(page, page.get_by_role("link", name="Borrador de"))
    page.wait_for_selector("#studio[data-ready]")
    expect(editor.lacks()).to_have_text("No falta nada: se puede proponer.")
    press(page, page.get_by_role("link", name="Ver qué cambia y proponerlo"))
    fill(page, page.get_by_label("Nota del cambio"), "Quince días, según la resolución 12.")
    press(page, page.get_by_role("button", name="Proponer"))

    expect(page.get_by_text("El borrador quedó propuesto.")).to_be_visible()
    assert 'constancia:deadline="plazo_habil(15)"' in stored_xml(live_session, draft)
    assert draft.status is DraftStatus.PROPOSED


def test_a_step_is_put_between_two_others_and_taken_out_again_without_a_mouse(
    editor: Editor, live_session: Session, draft: ProcessDraft
) -> None:
    page = editor.page
    step_to(page, "de «Resolver la solicitud")
    press(page, page.get_by_role("button", name="Borrar este elemento"))
    choose(page, "Resolver la solicitud")
    tool(page, "Tarea automática")
    fill(page, page.get_by_label("Nombre", exact=True), "Avisar la resolución")
    pick(page, page.get_by_label("Agregar un camino a"), "Registrar la resolución")
    press(page, page.get_by_role("button", name="Agregar el camino"))
    expect(page.locator("#elemento")).to_be_focused()
    editor.expect_saving_done()
    stored = stored_xml(live_session, draft)
    assert 'sourceRef="avisar_la_resolucion" targetRef="record_decision"' in stored

    choose(page, "Avisar la resoluci")
    press(page, page.get_by_role("button", name="Borrar este elemento"))
    editor.expect_saving_done()
    assert "avisar_la_resolucion" not in stored_xml(live_session, draft)


def go(page: Page, wanted: Locator) -> None:
    """On by the tabulator until it has the focus."""
    expect(wanted).to_be_attached()
    for _ in range(STOPS):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tabulator does not come to {wanted}")


def press(page: Page, wanted: Locator) -> None:
    go(page, wanted)
    page.keyboard.press("Enter")


def fill(page: Page, wanted: Locator, text: str) -> None:
    go(page, wanted)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Tab")


def pick(page: Page, wanted: Locator, text: str) -> None:
    """In a list: its first letters, those that the driver has keys for."""
    go(page, wanted)
    page.keyboard.type(re.split("[^ -~]", text)[0])


def choose(page: Page, text: str) -> None:
    pick(page, page.locator("#elemento"), text)
    expect(page.locator("#elemento option:checked")).to_contain_text(text)


def step_to(page: Page, text: str) -> None:
    """Down the list of elements, one after the other, as where no letters tell."""
    go(page, page.locator("#elemento"))
    chosen = page.locator("#elemento option:checked")
    for _ in range(STOPS):
        if text in chosen.inner_text():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no element {text}")


def tool(page: Page, name: str) -> None:
    """The toolbar is one stop; the arrows go through it."""
    wanted = page.get_by_role("toolbar").get_by_role("button", name=name, exact=True)
    for _ in range(STOPS):
        if page.evaluate("document.activeElement.closest('[role=toolbar]') !== null"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Home")
    for _ in range(STOPS):
        if wanted.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
