"""Trying a draft in a real browser: by keyboard, without a script, on a narrow screen, and as axe sees it."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from app.models import Person, ProcessDraft
from app.process.studio import drafts
from tests.browser.test_studio import AXE, opened, picture
from tests.studio import waiting
from tests.studio.analysts import FIFTEEN_DAYS, TEN_DAYS, actor_of, address, analyst, with_scenarios

VIOLATIONS = "axe.run().then(found => found.violations.map(one => one.id))"


@pytest.fixture
def author(live_session: Session) -> Person:
    return analyst()


@pytest.fixture
def draft(live: Flask, live_session: Session, author: Person) -> ProcessDraft:
    """With fifteen days instead of ten, which the scenarios do not expect yet."""
    draft = with_scenarios(live_session, author, "annulment")
    later = draft.xml.replace(TEN_DAYS, FIFTEEN_DAYS)
    drafts.save(live_session, draft.id, xml=later, version=1, actor=actor_of(author))
    live_session.commit()
    return draft


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    live: Flask,
    live_server: str,
    author: Person,
    draft: ProcessDraft,
    new_context: Callable[..., BrowserContext],
    width: int,
) -> None:
    page = opened(live, live_server, author, new_context, width)
    page.goto(f"{live_server}{address(draft, '/probar')}")
    page.fill("[name=reason]", "El folio está mal.")
    page.click("text=Enviar Solicitud")
    page.fill("[name=trial-days]", "11")
    page.click("text=Avanzar esos días hábiles")
    assert wrong_with(page, "probar", width) == []
    for number, where in enumerate(("/escenarios", "/escenarios/granted_late/editar")):
        page.goto(f"{live_server}{address(draft, where)}")
        assert (where, wrong_with(page, f"escenarios-{number}", width)) == (where, [])


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_where_terms_and_facts_are_awaited(
    live: Flask,
    live_server: str,
    live_session: Session,
    author: Person,
    new_context: Callable[..., BrowserContext],
    width: int,
) -> None:
    draft = with_scenarios(live_session, author, "annulment")
    xml, forms = waiting.waiting(), {**draft.forms, **waiting.FORMS}
    drafts.save(live_session, draft.id, xml=xml, version=1, forms=forms, actor=actor_of(author))
    live_session.commit()
    page = opened(live, live_server, author, new_context, width)
    page.goto(f"{live_server}{address(draft, '/probar')}")
    page.fill("[name=reason]", "El folio está mal.")
    page.click("text=Enviar Solicitud")
    page.fill("[name=trial-title]", "Nadie resuelve todavía")
    page.click("text=Guardar como escenario")
    page.goto(f"{live_server}{address(draft, '/escenarios/nadie_resuelve_todavia/editar')}")
    assert wrong_with(page, "espera-editar", width) == []

    page.goto(f"{live_server}{address(draft, '/probar')}")
    page.fill("[name=trial-days]", "6")
    page.click("text=Avanzar esos días hábiles")
    page.get_by_role("link", name="Responder esta").click()
    page.fill("[name=note]", "Faltan antecedentes.")
    page.get_by_role("button", name="Guardar", exact=True).click()
    page.fill("[name=reason]", "Corresponde.")
    page.get_by_role("button", name="Aprobar").click()
    assert wrong_with(page, "espera-aviso", width) == []
    page.get_by_role("button", name="Llega el aviso «Certificado anulado»").press("Enter")
    expect(page.get_by_text("Terminó: Aprobado para su re-emisión.")).to_be_visible()
    page.goto(f"{live_server}{address(draft, '/escenarios')}")
    assert wrong_with(page, "espera-escenarios", width) == []


def test_a_scenario_is_made_by_keyboard_without_a_script(
    live: Flask,
    live_server: str,
    author: Person,
    draft: ProcessDraft,
    new_context: Callable[..., BrowserContext],
) -> None:
    page = opened(live, live_server, author, new_context, 360, has_script=False)
    page.goto(f"{live_server}{address(draft, '/probar')}")

    typed(page, "[name=reason]", "El folio está mal.")
    expect(page.locator("#pendiente")).to_contain_text("Resolver la solicitud de anulación")
    typed(page, "[name=trial-days]", "16")
    expect(page.locator("#hechos")).to_contain_text("Aviso de plazo cumplido")
    typed(page, "[name=trial-title]", "Dieciséis días sin resolver")

    expect(page.get_by_text("El ensayo quedó guardado como escenario.")).to_be_visible()
    expect(page.locator("#dieciseis_dias_sin_resolver")).to_be_visible()
    page.get_by_role("button", name="Aceptar todo lo que pasa ahora").press("Enter")
    expect(page.get_by_text("Alcanza para proponer.")).to_be_visible()


def typed(page: Page, field: str, text: str) -> None:
    """Typed over what is there, and sent with the key."""
    page.fill(field, text)
    button = page.locator(f"form:has({field}) button[type=submit]").first
    button.focus()
    page.keyboard.press("Enter")


def wrong_with(page: Page, name: str, width: int) -> list[str]:
    """What axe finds, and whether the page is wider than the screen."""
    picture(page, f"{name}-{width}")
    page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
    found: list[str] = page.evaluate(VIOLATIONS)
    return found + (["too wide"] if page.evaluate("document.documentElement.scrollWidth") > width else [])
