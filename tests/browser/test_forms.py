"""Forms in a real browser: what hangs on an answer comes and goes with it, and the editor's preview follows what is typed."""

import copy
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.process import definitions, runner
from app.process.definitions import Signed
from app.web.sessions import COOKIE
from tests.factories import CertificateFactory, PersonFactory
from tests.studio.analysts import address, analyst, at_the_studio, begun
from tests.support import second_review
from tests.support.stories import actor_of
from tests.support.wire import cookie_of
from tests.web.offices import visit
from tests.web.people import enter
from tests.web.specimen_app import ROOT
from tests.web.visitor import Visitor

AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
PICTURES = os.environ.get("FORMS_PICTURES")
LATE = {"name": "late", "type": "yes_no", "label": "¿Pasaron más de 30 días desde la emisión?"}
DAYS = {"name": "days", "type": "number", "label": "Cuántos días pasaron", "when": "late == True", "minimum": 31}
WHY = {"name": "why_late", "type": "text", "label": "Por qué pide ahora", "maximum": 100, "when": "days > 60"}
WHEN = {"name": "seen_on", "type": "date", "label": "Cuándo se vio el error", "required": False}
CAUSE = {
    "name": "cause",
    "type": "choice",
    "label": "Qué está mal",
    "choices": [{"value": "marks", "label": "Las marcas"}, {"value": "people", "label": "Los participantes"}],
}


@pytest.fixture
def requesting(live: Flask, live_session: Session) -> tuple[Visitor, str]:
    """Somebody about to ask, by a form with every kind of question."""
    forms: dict[str, Any] = copy.deepcopy(second_review.forms())
    forms["annulment_request"]["fields"] += [CAUSE, WHEN, LATE, DAYS, WHY]
    author, approver = PersonFactory.create_batch(2)
    signed = Signed(author_id=author.id, approver_id=approver.id, note="Más preguntas.")
    definitions.publish(live_session, second_review.diagram(), forms, signed)
    certificate = CertificateFactory(issued=True)
    otec = certificate.action.otec
    live_session.commit()
    visitor = visit(live.test_client(), otec, Profile.PROVIDER_NATIONAL_ADMIN)
    live_session.commit()
    return visitor, f"/acciones/{certificate.action.code}/anulacion"


@pytest.mark.parametrize("width", [360, 1280])
def test_a_field_comes_and_goes_with_the_answer_it_hangs_on(
    live_server: str, requesting: tuple[Visitor, str], new_context: Callable[..., BrowserContext], width: int
) -> None:
    visitor, where = requesting
    page = opened(live_server, visitor, new_context, width)
    page.goto(f"{live_server}{where}")
    days, why = page.get_by_label("Cuántos días pasaron"), page.get_by_label("Por qué pide ahora")

    expect(days).to_be_hidden()
    page.get_by_label("Sí", exact=True).check()
    expect(days).to_be_visible()
    expect(why).to_be_hidden()
    days.fill("1.000")
    expect(why).to_be_visible()
    complains_of_nothing(page, width, "request")
    page.get_by_label("No", exact=True).check()
    # What hung on what is gone is gone too.
    expect(why).to_be_hidden()
    page.get_by_label("Sí", exact=True).check()
    page.get_by_role("button", name="Enviar Solicitud").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Falta «Por qué pide ahora».")
    expect(why).to_be_visible()
    complains_of_nothing(page, width, "refused")


def test_without_a_script_the_condition_is_told_and_the_rest_is_enough(
    live_server: str, requesting: tuple[Visitor, str], new_context: Callable[..., BrowserContext]
) -> None:
    visitor, where = requesting
    page = opened(live_server, visitor, new_context, 1280, has_script=False)
    page.goto(f"{live_server}{where}")

    expect(page.get_by_label("Cuántos días pasaron")).to_be_visible()
    expect(page.locator("form")).to_contain_text(f"Conteste solo si «{LATE['label']}» es «Sí».")
    page.locator("#reason").fill("Falta un participante.")
    page.get_by_label("Monto pagado por el curso").fill("1.250.000")
    page.get_by_label("Los participantes").check()
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Enviar Solicitud").click()

    expect(page.locator("main")).to_contain_text("Su solicitud quedó enviada a la Dirección Regional.")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_preview_follows_what_is_typed(
    live: Flask, live_session: Session, live_server: str, new_context: Callable[..., BrowserContext], width: int
) -> None:
    person = analyst()
    draft = begun(live_session, person)
    live_session.commit()
    page = opened(live_server, at_the_studio(live.test_client(), person), new_context, width)
    page.goto(f"{live_server}{address(draft, '/formularios')}")
    complains_of_nothing(page, width, "forms")
    page.get_by_role("link", name="Solicitud de anulación").click()

    page.locator("#f0-label").fill("Motivo de lo que pide")
    expect(page.locator("#vista label", has_text="Motivo de lo que pide")).to_be_visible()
    page.locator("#f0-name").fill("Motivo")
    expect(page.locator("#vista")).to_contain_text("el nombre «Motivo» va en inglés")
    page.locator("#f0-name").fill("reason")
    page.get_by_role("button", name="Agregar una pregunta").click()
    expect(page.locator("#f1-label")).to_be_focused()
    page.locator("#f1-label").fill("Monto pagado")
    page.locator("#f1-type").select_option("number")
    expect(page.locator("#vista input[inputmode=numeric]")).to_be_visible()
    complains_of_nothing(page, width, "editor")
    page.get_by_role("button", name="Guardar en el borrador").click()
    expect(page.locator("main, [role=alert]").first).to_contain_text("El formulario quedó guardado en el borrador.")


@pytest.mark.parametrize("width", [360, 1280])
def test_any_task_is_answered_on_one_page(
    live: Flask, live_session: Session, live_server: str, new_context: Callable[..., BrowserContext], width: int
) -> None:
    second_review.published(live_session)
    certificate = CertificateFactory(issued=True)
    provider, director = (
        PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, certificate.action.otec, None)]),
        PersonFactory(profiles=[(Profile.REGIONAL_DIRECTOR, None, certificate.action.region)]),
    )
    with live.app_context():
        asked = {"reason": "Falta un participante.\nFigura otro.", "amount_paid": 1250000}
        case = runner.start_and_answer(
            live_session, "annulment", certificate_id=certificate.id, actor=actor_of(provider), answers=asked
        )
        granted = {"granted": True, "reason": "Se revisaron las marcas."}
        runner.answer_at_once(live_session, case, actor_of(director), granted)
    task = runner.waiting_task(case)
    assert task is not None
    visitor = enter(live.test_client(), Profile.SENCE_NATIONAL_ADMIN)
    live_session.commit()
    page = opened(live_server, visitor, new_context, width)
    page.goto(f"{live_server}/bandeja/{task.id}")

    complains_of_nothing(page, width, "review")
    page.get_by_role("button", name="Confirmar").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Falta «Razones de la revisión».")
    page.get_by_label("Razones de la revisión").fill("Conforme.")
    page.get_by_role("button", name="Confirmar").click()
    expect(page.locator("main")).to_contain_text("Quedó registrado: Revisar la resolución.")


def opened(
    live_server: str,
    visitor: Visitor,
    new_context: Callable[..., BrowserContext],
    width: int,
    *,
    has_script: bool = True,
) -> Page:
    context = new_context(viewport={"width": width, "height": 900}, java_script_enabled=has_script)
    context.add_cookies([{"name": COOKIE, "value": cookie_of(visitor), "url": live_server}])
    return context.new_page()


def complains_of_nothing(page: Page, width: int, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
    page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
    found = "axe.run().then(found => found.violations.map(one => one.id + one.nodes.map(node => node.html)))"
    assert page.evaluate(found) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
