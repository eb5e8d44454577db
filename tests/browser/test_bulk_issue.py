"""Emisión masiva in a real browser: the page moves by itself from the review to the last certificate, and axe finds nothing."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.web.portal.selection import CRITERIA
from app.web.sessions import COOKIE
from tests.factories import OrganisationFactory, PersonFactory, TrainingActionFactory
from tests.support.jobs import work_off
from tests.support.wire import cookie_of
from tests.web.specimen_app import ROOT
from tests.web.visitor import Visitor

AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"


@pytest.fixture
def visitor(live: Flask, live_session: Session) -> Visitor:
    """Somebody of an OTEC with two courses to issue, who has searched for them."""
    otec = OrganisationFactory()
    for _ in range(2):
        TrainingActionFactory(otec=otec, participants=2, classes=2, attended=True)
    person = PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, otec, None)])
    live_session.commit()
    visitor = Visitor(live.test_client())
    visitor.enter(person, Profile.PROVIDER_NATIONAL_ADMIN, otec)
    with visitor.client.session_transaction() as kept:
        kept[CRITERIA] = ["3", "5", ""]
    return visitor


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_moves_by_itself(
    live: Flask,
    live_session: Session,
    live_server: str,
    visitor: Visitor,
    new_context: Callable[..., BrowserContext],
    width: int,
) -> None:
    context = new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": COOKIE, "value": cookie_of(visitor), "url": live_server}])
    page = context.new_page()
    page.goto(f"{live_server}/emision-masiva")
    complains_of_nothing(page, width)

    for place, field in enumerate(page.locator("#cursos-por-emitir input").all()):
        field.fill(f"F-{place}")
    page.click("text=Revisar los que tienen número")
    complains_of_nothing(page, width)
    with live.app_context():
        work_off(live_session)
    expect(page.get_by_text("Se pueden emitir 2 de 2.")).to_be_visible()
    complains_of_nothing(page, width)

    page.click("text=Acepto emitir los 2 certificados")
    with live.app_context():
        work_off(live_session)
    expect(page.get_by_text("Emitidos 2 de 2.")).to_be_visible()
    complains_of_nothing(page, width)


def complains_of_nothing(page: Page, width: int) -> None:
    page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
    assert page.evaluate("axe.run().then(found => found.violations.map(one => one.id))") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
