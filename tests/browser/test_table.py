"""The table of every kind of element in a browser: nothing for axe, nothing sideways, and a hint where the diagram scrolls."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect
from sqlalchemy.orm import Session

from tests.browser.test_studio import AXE, OUTSIDE_THE_DRAWING, opened, picture
from tests.studio.analysts import address, analyst, begun
from tests.studio.test_steps import PROCESSES


@pytest.mark.parametrize("width", [360, 1280])
def test_every_kind_is_typed_over_and_a_term_is_hung_on_a_step(
    live: Flask, live_server: str, live_session: Session, new_context: Callable[..., BrowserContext], width: int
) -> None:
    author = analyst()
    draft = begun(live_session, author)
    draft.xml, draft.process_id, draft.base = PROCESSES["every_element"], "every_element", None
    live_session.commit()
    page = opened(live, live_server, author, new_context, width, has_script=False)

    page.goto(f"{live_server}{address(draft, '/tabla')}")
    expect(page.locator(".app-diagram-hint")).to_be_visible()
    for one in page.locator("summary").all():
        one.click()
    picture(page, f"table-every-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#border_host").select_option("second")
    page.fill("#border_name", "Pasaron 15 días")
    page.fill("#border_days", "15")
    page.get_by_role("button", name="Agregar el aviso").click()

    expect(page.locator("#paso-second #paso-pasaron_15_dias")).to_be_visible()
    scripted = opened(live, live_server, author, new_context, width)
    scripted.goto(f"{live_server}{address(draft, '/tabla')}")
    scripted.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
    assert scripted.evaluate(OUTSIDE_THE_DRAWING) == []
