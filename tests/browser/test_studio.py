"""The studio in a real browser: nothing for axe outside the drawing, nothing scrolls sideways, and it works without a script."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Person
from app.process.studio import drafts, proposals
from app.web.sessions import COOKIE
from tests.factories import CertificateFactory, PersonFactory
from tests.studio.analysts import ANALYST, TEN_DAYS, actor_of, address, analyst, at_the_studio, begun
from tests.support.wire import cookie_of
from tests.web.specimen_app import ROOT

AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
OUTSIDE_THE_DRAWING = "axe.run({exclude: ['.app-studio__canvas']}).then(found => found.violations.map(one => one.id))"
PICTURES = os.environ.get("STUDIO_PICTURES")


@pytest.fixture
def pages(live: Flask, live_session: Session) -> tuple[Person, list[str]]:
    """Two versions, a draft with a finding, a proposal: somebody who may approve it, and what there is to see."""
    author, colleague = analyst(), analyst()
    CertificateFactory(requested=True)
    second = begun(live_session, author)
    second.xml = second.xml.replace(TEN_DAYS, "plazo_habil(15)")
    arguments = {"version": 1, "note": "Quince días, según la resolución 12.", "starts_at": None}
    proposals.propose(live_session, second.id, **arguments, actor=actor_of(author))  # type: ignore[arg-type]
    proposals.approve(live_session, second.id, version=2, against=1, actor=actor_of(colleague))
    drafts.discard(live_session, begun(live_session, author).id, actor_of(author))
    draft = begun(live_session, author)
    draft.xml = draft.xml.replace("granted == True", "aprobado == True")
    proposal = proposals.propose_earlier(live_session, "annulment", 1, actor_of(author))
    live_session.commit()
    process = "/procesos/annulment"
    return colleague, [
        "/procesos",
        "/procesos/descartados",
        process,
        f"{process}/versiones/1",
        f"{process}/versiones/1/diferencia/2",
        address(proposal),
        address(second),
        # Not the last one: it goes on asking the server.
        address(draft),
        address(draft, "/tabla"),
        address(draft, "/proponer"),
    ]


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    live: Flask,
    live_server: str,
    pages: tuple[Person, list[str]],
    new_context: Callable[..., BrowserContext],
    width: int,
) -> None:
    person, addresses = pages
    page = opened(live, live_server, person, new_context, width)
    for number, where in enumerate(addresses):
        page.goto(f"{live_server}{where}")
        if where == addresses[-3]:
            expect(page.locator("#studio[data-ready]")).to_be_visible()
        picture(page, f"{number}-{width}")
        page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
        assert (where, page.evaluate(OUTSIDE_THE_DRAWING)) == (where, [])
        assert (where, page.evaluate("document.documentElement.scrollWidth") <= width) == (where, True)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_share_that_an_administrator_sets_is_for_everybody_to_use(
    live: Flask,
    live_server: str,
    live_session: Session,
    new_context: Callable[..., BrowserContext],
    width: int,
) -> None:
    """As it is, refused and changed, by keyboard."""
    admin = PersonFactory(profiles=[(Profile.SENCE_NATIONAL_ADMIN, None, None)])
    live_session.commit()
    page = opened(live, live_server, admin, new_context, width, profile=Profile.SENCE_NATIONAL_ADMIN)
    page.goto(f"{live_server}/procesos/cobertura")
    for number, (percent, sentence) in enumerate((("101", "de 0 a 100"), ("80", "Hoy se pide el 80 %."))):
        page.fill("#percent", percent)
        page.locator("#percent").press("Enter")
        expect(page.get_by_text(sentence).first).to_be_visible()
        picture(page, f"cobertura-{number}-{width}")
        page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
        assert (percent, page.evaluate(OUTSIDE_THE_DRAWING)) == (percent, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_a_script_the_diagram_and_the_ways_on_are_there(
    live: Flask, live_server: str, pages: tuple[Person, list[str]], new_context: Callable[..., BrowserContext]
) -> None:
    person, addresses = pages
    page = opened(live, live_server, person, new_context, 1280, has_script=False)

    page.goto(f"{live_server}{addresses[-3]}")

    expect(page.locator("#studio svg.app-diagram")).to_be_visible()
    expect(page.get_by_text("Hay 1 hallazgo.")).to_be_visible()
    page.click("text=Cambiarlo como tabla")
    page.fill("[id='condition.granted_yes']", "granted == True")
    page.fill("[id='deadline.decide_annulment']", "12")
    page.click("text=Guardar la tabla")
    expect(page.get_by_text("No falta nada: se puede proponer.")).to_be_visible()


def opened(
    live: Flask,
    server: str,
    person: Person,
    new_context: Callable[..., BrowserContext],
    width: int,
    *,
    has_script: bool = True,
    profile: Profile = ANALYST,
) -> Page:
    context = new_context(viewport={"width": width, "height": 900}, java_script_enabled=has_script)
    visitor = at_the_studio(live.test_client(), person, profile)
    context.add_cookies([{"name": COOKIE, "value": cookie_of(visitor), "url": server}])
    return context.new_page()


def picture(page: Page, name: str) -> None:
    """For looking at; only where somebody asks for them."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def test_a_sentence_leads_to_its_step_on_a_narrow_screen(
    live: Flask, live_server: str, pages: tuple[Person, list[str]], new_context: Callable[..., BrowserContext]
) -> None:
    person, _ = pages
    page = opened(live, live_server, person, new_context, 360)
    page.goto(f"{live_server}/procesos/annulment/versiones/1/diferencia/2")
    step = page.locator("#diferencia-decide_annulment")
    expect(step).not_to_be_in_viewport()

    page.click("a.app-changes__sign")

    expect(step).to_be_in_viewport()
