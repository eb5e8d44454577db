"""The look and the scripts in a real browser, under the strict content policy, wide and at 360 px."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from werkzeug.serving import make_server

from tests.web.specimen_app import ROOT, create_specimen

AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
EVERYTHING = "/?open&errors&flash&inbox"

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_specimen(), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains of while the test runs: refused content, failed scripts."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("address", [EVERYTHING, "/?anonymous", "/error/404"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    new_context: NewContext, site: str, width: int, address: str
) -> None:
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    page.goto(site + address)
    page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")

    violations = page.evaluate("axe.run().then(found => found.violations.map(one => one.id))")
    assert violations == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_content_policy_refuses_nothing_of_ours(page: Page, site: str, complaints: list[str]) -> None:
    page.goto(site + EVERYTHING)
    page.wait_for_selector("#listo")

    assert complaints == []


def test_the_page_is_set_in_our_own_letters(page: Page, site: str) -> None:
    page.goto(site)
    page.evaluate("document.fonts.ready")

    loaded = page.evaluate("[...document.fonts].filter(face => face.status == 'loaded').map(face => face.family)")
    assert {name.strip('"') for name in loaded} == {"Roboto", "Roboto Slab"}


@pytest.mark.parametrize("way", ["Escape", ".ui-dialog-titlebar-close", "#btnCerrarGrilla"])
def test_closing_the_dialog_gives_the_focus_back(page: Page, site: str, way: str) -> None:
    page.goto(f"{site}/?open")
    expect(page.locator(".ui-dialog")).to_be_focused()

    if way == "Escape":
        page.keyboard.press(way)
    else:
        page.click(way)

    expect(page.locator(".ui-dialog")).to_be_hidden()
    expect(page.locator("#btnBusquedaCursos")).to_be_focused()
    assert page.url == f"{site}/"


def test_the_institutions_follow_the_profile_within_300_ms(page: Page, site: str) -> None:
    page.goto(site)

    page.select_option("#cmbPerfiles", "73")
    expect(page.locator("#cmbInstituciones option")).to_have_text(
        ["Seleccione", "Capacitación </script><b>Ñuble", "Otra"], timeout=300
    )
    page.select_option("#cmbPerfiles", "80")
    expect(page.locator("#cmbInstituciones option")).to_have_text(["OTIC de Prueba"], timeout=300)


def test_both_ways_to_say_the_destination_stay_in_step(page: Page, site: str) -> None:
    page.goto(site)

    page.select_option("#cmdDestino", "2")
    expect(page.locator("#Rbtn_Destino_2")).to_be_checked()
    page.check("#Rbtn_Destino_1")
    expect(page.locator("#cmdDestino")).to_have_value("1")


@pytest.mark.parametrize(
    ("length", "said"), [(499, "Queda 1 carácter"), (500, "No quedan caracteres"), (503, "Sobran 3 caracteres")]
)
def test_the_counter_counts_down_in_spanish(page: Page, site: str, length: int, said: str) -> None:
    page.goto(site)

    page.fill("#motivo", "a" * length)

    expect(page.locator(".govuk-character-count__message").last).to_have_text(said)


def test_the_note_of_progress_gives_way_to_the_result(page: Page, site: str) -> None:
    page.goto(site)
    expect(page.locator(".app-progress")).to_be_visible()

    expect(page.locator("#listo")).to_be_visible(timeout=5000)
    expect(page.locator(".app-progress")).to_have_count(0)


def test_without_script_the_page_asks_again_and_the_dialog_closes(new_context: NewContext, site: str) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/?open")

    with page.expect_navigation(timeout=6000):
        pass
    page.click(".ui-dialog-titlebar-close")

    expect(page.locator(".ui-dialog")).to_have_count(0)


def test_each_label_of_the_facts_stands_on_its_own_line(page: Page, site: str) -> None:
    page.goto(site)

    assert page.inner_text(".app-facts").split("\n")[:4] == [
        "Fecha Inicio", "02/03/2026", "Modalidad del Curso", "Presencial",
    ]  # fmt: skip
