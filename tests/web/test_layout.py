"""The frame of every page and our components, read as the HTML that arrives."""

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from jinja2 import UndefinedError

from app.web.assets import DIST, MissingAssetError, hashed_name
from tests.web.specimen_app import STATES, create_specimen

ERRORS = (400, 403, 404, 409, 429, 500, 503)


@pytest.fixture(scope="module")
def specimen() -> Flask:
    return create_specimen()


@pytest.fixture
def client(specimen: Flask) -> FlaskClient:
    return specimen.test_client()


def read(client: FlaskClient, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).text, "lxml")


def one(page: Tag, selector: str) -> Tag:
    """The only element of that selector; a test that finds none or two fails here."""
    (found,) = page.select(selector)
    return found


def words(tag: Tag) -> str:
    return " ".join(tag.text.split())


def test_the_title_names_the_page_and_the_product(client: FlaskClient) -> None:
    assert one(read(client, "/"), "title").text == "Busque la acción de capacitación – Constancia"


def test_a_page_with_errors_says_so_first_in_title_and_summary(client: FlaskClient) -> None:
    page = read(client, "/?errors")

    assert one(page, "title").text.startswith("Error: Busque")
    assert one(page, ".govuk-error-summary a")["href"] == "#FilterCodigoCurso"


def test_the_frame_says_who_is_logged_in_and_how_to_leave(client: FlaskClient) -> None:
    header = one(read(client, "/"), "header")

    for text in ("Rosa Elena Ñancupil", "CAPACITADOR - ADMINISTRADOR NACIONAL", "Capacitaciones de Prueba Limitada"):
        assert text in header.text
    ways = {link.text: link["href"] for link in header.select("a.app-header__link")}
    assert ways["Cerrar Sesión"] == "/CertificadoAsistencia/CerrarSesion"
    assert "Ayuda" in ways


def test_nobody_logged_in_sees_help_but_no_way_out_and_no_navigation(client: FlaskClient) -> None:
    header = one(read(client, "/?anonymous"), "header")

    assert [link.text for link in header.select("a.app-header__link")] == ["Ayuda"]
    assert header.nav is None


def test_the_inbox_is_offered_with_its_count_only_to_profiles_that_have_one(client: FlaskClient) -> None:
    assert "Bandeja" not in words(one(read(client, "/"), "header"))
    assert "Bandeja 3 pendientes" in words(one(read(client, "/?inbox"), "header"))


def test_a_message_is_shown_as_a_banner(client: FlaskClient) -> None:
    banner = one(read(client, "/?flash"), ".govuk-notification-banner--success")

    assert "Enviamos su solicitud" in banner.text


def test_no_script_style_or_handler_is_written_into_the_page(client: FlaskClient) -> None:
    page = read(client, "/?open&errors&flash&inbox")

    assert [
        tag for tag in page.find_all("script") if not tag.get("src") and tag.get("type") != "application/json"
    ] == []
    assert page.find_all("style") == []
    assert [
        tag for tag in page.find_all(True) if any(name == "style" or name.startswith("on") for name in tag.attrs)
    ] == []


def test_a_name_nobody_gave_is_an_error_in_our_templates(specimen: Flask) -> None:
    with specimen.test_request_context(), pytest.raises(UndefinedError, match="nobody_gave_this"):
        render_template_string("{{ nobody_gave_this }}")


def test_a_missing_name_handed_to_a_govuk_macro_is_an_error_too(specimen: Flask) -> None:
    source = (
        '{% from "govuk_frontend_jinja/components/button/macro.html" import govukButton %}'
        '{{ govukButton({"text": nobody_gave_this}) }}'
    )
    with specimen.test_request_context(), pytest.raises(UndefinedError, match="nobody_gave_this"):
        render_template_string(source)


def test_each_state_is_told_in_words_and_has_a_colour_of_its_own(client: FlaskClient) -> None:
    tags = read(client, "/").select(".app-state")
    styles = (DIST / hashed_name("app.css")).read_text(encoding="utf-8")

    assert [tag.text for tag in tags] == list(STATES.values())
    assert [code for code in STATES if f".app-state--{code}" not in styles] == []


def test_a_fact_without_value_shows_a_dash(client: FlaskClient) -> None:
    facts = one(read(client, "/"), "dl.app-facts")

    assert facts.get_text("|", strip=True) == "Fecha Inicio|02/03/2026|Modalidad del Curso|Presencial|OTIC|–"


def test_every_cell_carries_its_column_for_narrow_screens(client: FlaskClient) -> None:
    cells = read(client, "/?open").select("#cursos td")

    assert [cell["data-label"] for cell in cells] == ["Código Curso", "Curso", "Hora(s) Acreditadas", "Fecha Inicio"]


def test_a_table_without_rows_says_so(client: FlaskClient) -> None:
    assert one(read(client, "/"), ".app-empty").text == "No hay datos disponibles!"


def test_a_cell_is_text_whatever_it_holds(specimen: Flask) -> None:
    source = (
        '{% from "layout/components.html" import data_table %}'
        '{{ data_table("Personas", [{"text": "Nombre"}], [["<b>Ana</b>"]]) }}'
    )
    with specimen.test_request_context():
        assert "&lt;b&gt;Ana&lt;/b&gt;" in render_template_string(source)


def test_the_pager_tells_which_rows_are_shown(client: FlaskClient) -> None:
    pager = one(read(client, "/?open"), ".app-pager")

    assert one(pager, "p").text == "Mostrando registros 1 a 10 de 150"
    assert [link["rel"] for link in pager.select("a[rel]")] == [["next"]]


def test_the_dialog_closes_by_links_without_script(client: FlaskClient) -> None:
    dialog = one(read(client, "/?open"), "div.ui-dialog")

    assert one(dialog, "a.ui-dialog-titlebar-close")["href"] == "/"
    assert one(dialog, "form[action='/'] input#btnCerrarGrilla")["value"] == "Cerrar"


def test_the_counter_speaks_spanish_before_any_script(client: FlaskClient) -> None:
    assert words(one(read(client, "/"), "#motivo-info")) == "Máximo 500 caracteres"


def test_a_guarded_form_carries_both_tokens(client: FlaskClient) -> None:
    form = one(read(client, "/"), "form")

    assert one(form, "input[name=csrf_token]")["value"]
    assert one(form, "input[name=one_time_token]")["value"] == "una-sola-vez"


def test_hostile_names_cannot_close_the_data_block_of_the_profile_page(client: FlaskClient) -> None:
    data = one(read(client, "/"), "script#profile-institutions")

    assert json.loads(data.text)["73"][0]["label"] == "Capacitación </script><b>Ñuble"


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_is_one_sentence_and_a_way_on(client: FlaskClient, status: int) -> None:
    main = one(read(client, f"/error/{status}"), "main")

    sentence = words(one(main, "p.govuk-body-l"))
    assert sentence.count(".") == 1
    assert len(sentence.split()) <= 20
    assert main.select_one("a[href='/CertificadoAsistencia/']") is not None


def test_an_asset_that_is_not_built_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(MissingAssetError, match="npm ci && npm run build"):
        hashed_name("app.css", tmp_path)


def test_an_unknown_asset_is_refused_by_name() -> None:
    with pytest.raises(MissingAssetError, match=r"nada\.css"):
        hashed_name("nada.css")


def test_hashed_files_may_be_kept_for_ever_and_the_manifest_may_not(client: FlaskClient) -> None:
    hashed = client.get(f"/static/dist/{hashed_name('app.js')}")
    manifest = client.get("/static/dist/manifest.json")

    assert "immutable" in hashed.headers["Cache-Control"]
    assert "immutable" not in manifest.headers["Cache-Control"]
