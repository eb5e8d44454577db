"""The verification in a real browser: nothing for axe in any state, wide and narrow; by a dropped file, and without script."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.domain.verification_code import new_code
from app.models import Certificate
from app.services import certificates
from tests.factories import CertificateFactory
from tests.support.stored import store_pdf
from tests.web.specimen_app import ROOT

AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
STATES: dict[str, dict[str, Any]] = {
    "issued": {"issued": True},
    "requested": {"requested": True},
    "granted": {"steps": ("issue", "request", "grant")},
}


@pytest.fixture
def code_of(live_session: Session) -> Callable[[Certificate], str]:
    """Its code, once its PDF is there."""

    def code(certificate: Certificate) -> str:
        issuance = certificates.latest_issuance(live_session, certificate.id)
        # Where Playwright runs is an event loop already, and signing brings its own.
        with ThreadPoolExecutor(1) as another:
            another.submit(store_pdf, live_session, issuance).result()
        live_session.commit()
        return issuance.verification_code

    return code


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("state", [*STATES, "replaced", "unknown", "start"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    live_session: Session,
    live_server: str,
    browser: Browser,
    code_of: Callable[[Certificate], str],
    state: str,
    width: int,
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{live_server}/v/{_address(live_session, code_of, state)}")
    page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")

    assert page.evaluate("axe.run().then(found => found.violations.map(one => one.id))") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def _address(session: Session, code_of: Callable[[Certificate], str], state: str) -> str:
    if state in STATES:
        return code_of(CertificateFactory(**STATES[state]))
    if state == "replaced":
        first = CertificateFactory(reissued=True).issuances[0].verification_code
        session.commit()
        return str(first)
    return new_code() if state == "unknown" else ""


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_code_is_typed_a_person_proven_and_a_file_checked(
    live: Flask,
    live_session: Session,
    live_server: str,
    browser: Browser,
    code_of: Callable[[Certificate], str],
    tmp_path: Path,
    script: bool,
) -> None:
    certificate = CertificateFactory(issued=True)
    code = code_of(certificate)
    (issuance,) = certificates.issuances_of(live_session, certificate.action_id)
    page = browser.new_context(java_script_enabled=script, viewport={"width": 360, "height": 800}).new_page()

    page.goto(f"{live_server}/v/")
    page.get_by_label("Código de verificación").fill(code.lower())
    page.get_by_role("button", name="Verificar").click()
    expect(page.locator("#vigencia")).to_contain_text("Es válido")

    page.get_by_label("RUT de la persona").fill(issuance.snapshot["participants"][0]["rut_screen"])
    page.get_by_role("button", name="Comprobar el RUT").click()
    expect(page.locator("#resultado-de-la-persona")).to_contain_text("Ese RUT está en este certificado")

    assert issuance.document is not None
    pdf = tmp_path / "certificado.pdf"
    pdf.write_bytes(live.extensions["storage"].read(issuance.document.sha256))
    page.locator("input[type=file]").set_input_files(pdf)
    page.get_by_role("button", name="Comprobar el archivo").click()
    expect(page.locator("#resultado-del-archivo")).to_contain_text("Es el PDF original de este certificado")


def test_a_dropped_file_is_chosen(
    live_session: Session, live_server: str, page: Page, code_of: Callable[[Certificate], str]
) -> None:
    page.goto(f"{live_server}/v/{code_of(CertificateFactory(issued=True))}")
    drop = """form => {
        const data = new DataTransfer();
        data.items.add(new File(['%PDF-1.7 otro'], 'otro.pdf', {type: 'application/pdf'}));
        form.dispatchEvent(new DragEvent('drop', {dataTransfer: data, cancelable: true}));
    }"""
    page.locator("form[data-drop]").evaluate(drop)

    page.get_by_role("button", name="Comprobar el archivo").click()
    expect(page.locator("#resultado-del-archivo")).to_contain_text("No es un PDF emitido aquí")
