"""The main job in a browser: issue, read the PDF, ask for the annulment, decide, issue again, read the second PDF."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import TrainingAction
from tests.factories import CUS, PersonFactory, TrainingActionFactory, director_of
from tests.support.queue import WorkerProcess

REASON = "La factura corresponde a otro curso; el número no coincide."
PATIENCE_MS = 60_000


@pytest.fixture
def course(live_session: Session) -> TrainingAction:
    action = TrainingActionFactory(participants=12, classes=2, attended=True)
    live_session.commit()
    return action


@pytest.fixture
def someone_else(browser: Browser, browser_context_args: dict[str, str]) -> Iterator[Page]:
    """A page in a browser of its own: another person at another desk."""
    with browser.new_context(**browser_context_args) as context:  # type: ignore[arg-type]
        yield context.new_page()


def test_a_certificate_is_issued_annulled_and_issued_again(
    course: TrainingAction,
    live_session: Session,
    live_server: str,
    celery_worker_process: WorkerProcess,
    page: Page,
    someone_else: Page,
) -> None:
    issuer = PersonFactory(cus=True, profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, course.otec, None)])
    director = PersonFactory(cus=True, profiles=[director_of(course.region)])
    live_session.commit()
    code, name = course.code, course.name

    with celery_worker_process():
        sign_in(page, live_server, issuer.rut.wire)
        find(page, code)
        issue(page, reference="F-100")
        first_folio, first = pdf_of(page)
        assert name in first
        assert "F-100" in first

        page.get_by_role("link", name="Volver al curso").click()
        ask_for_annulment(page)

        sign_in(someone_else, live_server, director.rut.wire)
        decide(someone_else, code)

        page.goto(f"{live_server}/acciones/{code}")
        expect(page.locator("main")).to_contain_text("Certificado aprobado para su Re-emisión")
        issue(page, reference="F-200")
        second_folio, second = pdf_of(page)

    assert first_folio != second_folio
    assert "F-200" in second
    # The chain: the new certificate names the one it replaces.
    assert first_folio in second


def sign_in(page: Page, server: str, rut: str) -> None:
    page.goto(f"{server}/CertificadoAsistencia/")
    page.get_by_role("button", name="Ingresar").click()
    page.get_by_placeholder("RUT Usuario").fill(rut)
    page.locator("#ClaveSence").fill(CUS)
    page.get_by_role("button", name="Ingresar", exact=True).click()
    page.locator("#btnSeleccionar").click()


def find(page: Page, code: str) -> None:
    page.locator("#FilterTipoPrograma").select_option("3")
    page.locator("#FilterTipobusqueda").select_option("1")
    page.get_by_placeholder("ID Acción").fill(code)
    page.locator("#btnBusquedaCursos").click()
    page.locator("div.ui-dialog").get_by_title("Certificado Pendiente de emitir").click()


def issue(page: Page, *, reference: str) -> None:
    page.get_by_role("button", name="Generar Certificado").click()
    page.get_by_label("N° factura / orden de compra").fill(reference)
    page.get_by_role("button", name="Emitir Certificado").click()
    page.get_by_role("button", name="Acepto emitir el certificado").click()


def pdf_of(page: Page) -> tuple[str, str]:
    """The folio on the page, and the text of the PDF that the page offers once it is made."""
    folio = page.locator(".govuk-panel__body strong").inner_text()
    link = page.locator("a[href$='.pdf']").first
    expect(link).to_be_visible(timeout=PATIENCE_MS)
    href = link.get_attribute("href")
    assert href is not None
    content = page.request.get(f"{page.url.split('/acciones')[0]}{href}").body()
    text = " ".join(leaf.extract_text() for leaf in PdfReader(BytesIO(content)).pages)
    assert folio in text
    return folio, text


def ask_for_annulment(page: Page) -> None:
    page.get_by_role("button", name="Solicitud de anulación certificado").click()
    page.get_by_label("Motivo de la solicitud").fill(REASON)
    page.get_by_role("button", name="Enviar Solicitud").click()
    expect(page.locator("main")).to_contain_text("Certificado pendiente de validación")


def decide(page: Page, code: str) -> None:
    page.goto(f"{page.url.split('/CertificadoAsistencia')[0].split('/bandeja')[0]}/bandeja")
    page.get_by_role("row").filter(has_text=code).get_by_role("link").click()
    expect(page.locator("main")).to_contain_text(REASON)
    page.get_by_label("Razones de la resolución").fill("El error en la factura está acreditado.")
    page.get_by_role("button", name="Aprobar").click()
