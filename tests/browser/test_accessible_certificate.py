"""The certificate as a page, in a real browser: nothing for axe to complain of, wide, narrow and on paper."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.services import certificates
from app.web.sessions import COOKIE
from tests.factories import CertificateFactory, PersonFactory
from tests.support.wire import cookie_of
from tests.web.specimen_app import ROOT
from tests.web.visitor import Visitor

AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
Open = Callable[..., Page]


@pytest.fixture
def opened(live: Flask, live_session: Session, live_server: str, new_context: Callable[..., BrowserContext]) -> Open:
    """Opens the page of a certificate that replaces another, as its issuer, in a window of some width."""
    certificate = CertificateFactory(reissued=True)
    otec = certificate.action.otec
    issuer = PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, otec, None)])
    code = certificates.latest_issuance(live_session, certificate.id).verification_code
    live_session.commit()
    visitor = Visitor(live.test_client())
    visitor.enter(issuer, Profile.PROVIDER_NATIONAL_ADMIN, otec)

    def open_page(width: int) -> Page:
        context = new_context(viewport={"width": width, "height": 900})
        context.add_cookies([{"name": COOKIE, "value": cookie_of(visitor), "url": live_server}])
        page = context.new_page()
        page.goto(f"{live_server}/v/{code}/documento")
        return page

    return open_page


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(opened: Open, width: int) -> None:
    page = opened(width)
    page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")

    assert page.evaluate("axe.run().then(found => found.violations.map(one => one.id))") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.app-paper img').naturalWidth") > 0


def test_on_paper_it_is_the_document_alone_and_its_table_a_table(opened: Open) -> None:
    page = opened(700)
    page.emulate_media(media="print")

    for hidden in ("body > header", ".app-footer", ".govuk-back-link"):
        assert not page.is_visible(hidden)
    assert page.is_visible(".app-paper h1")
    shown = "selector => getComputedStyle(document.querySelector(selector)).display"
    assert page.evaluate(shown, "#participantes thead") == "table-header-group"
    assert page.evaluate(shown, "#participantes tbody tr") == "table-row"
