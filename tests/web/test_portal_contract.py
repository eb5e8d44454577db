"""The page contract of the live portal (domain handbook §7): a client written for it finds here what it looks for."""

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Person, TrainingAction
from tests.factories import CUS, PersonFactory, TrainingActionFactory
from tests.web.visitor import page_of

PORTAL = "/CertificadoAsistencia"


@pytest.fixture
def action(session: Session) -> TrainingAction:
    found: TrainingAction = TrainingActionFactory(participants=3, classes=2, attended=True)
    return found


@pytest.fixture
def person(action: TrainingAction) -> Person:
    found: Person = PersonFactory(
        rut_body=12345678, cus=True, profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, action.otec, None)]
    )
    return found


class PortalClient:
    """Drives the portal by its ids and names alone, as the OTECs' automation does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def page(self, address: str) -> BeautifulSoup:
        return page_of(self.client.get(address, follow_redirects=True))

    def submit(self, page: BeautifulSoup, field: str, **typed: str) -> BeautifulSoup:
        """Send the form that holds `field`, as filled by the page and typed over, by input's or select's id."""
        (held,) = page.select(field)
        form = held.find_parent("form")
        assert form is not None
        data = {
            str(tag["name"]): str(tag.get("value", ""))
            for tag in form.select("input[name]:not([type=submit], [type=radio])")
        }
        data |= {str(tag["name"]): _value(tag) for tag in form.select("select[name]")}
        data |= {str(form.select(f"#{key}")[0]["name"]): value for key, value in typed.items()}
        return page_of(self.client.post(str(form["action"]), data=data, follow_redirects=True))

    def sign_in(self) -> BeautifulSoup:
        login = self.page(f"{PORTAL}/Login")
        rut = str(login.select('input[placeholder="RUT Usuario"]')[0]["id"])
        return self.submit(login, "input#ClaveSence", **{rut: "12345678-5", "ClaveSence": CUS})

    def enter(self) -> BeautifulSoup:
        return self.submit(self.sign_in(), "select#cmbPerfiles", cmbPerfiles="73", cmdDestino="1")

    def search(self, code: str) -> BeautifulSoup:
        return self.submit(self.enter(), "input#FilterCodigoCurso", FilterTipoPrograma="3", FilterCodigoCurso=code)


def _value(select: Tag) -> str:
    options = select.select("option[selected]") or select.select("option")
    return str(options[0]["value"])


@pytest.fixture
def portal(client: FlaskClient, person: Person) -> PortalClient:
    return PortalClient(client)


@pytest.mark.parametrize(
    "selector",
    [
        'input[placeholder="RUT Usuario"]',
        'input#ClaveSence[placeholder="Clave SENCE"][type=password]',
        'button[onclick*="IniciarClaveUnica"]',
    ],
)
def test_the_login_has(portal: PortalClient, selector: str) -> None:
    assert len(portal.page(f"{PORTAL}/Login").select(selector)) == 1


def test_the_login_offers_both_kinds_of_user(portal: PortalClient) -> None:
    offered = {option.text for option in portal.page(f"{PORTAL}/Login").select("select option")}

    assert offered == {"Ciudadano", "OTEC"}


def test_a_wrong_key_is_told_in_text_danger(portal: PortalClient) -> None:
    login = portal.page(f"{PORTAL}/Login")
    rut = str(login.select('input[placeholder="RUT Usuario"]')[0]["name"])
    token = str(login.select("input[name=csrf_token]")[0]["value"])
    sent = {"csrf_token": token, rut: "12345678-5", "ClaveSence": "clave-equivocada"}
    refused = page_of(portal.client.post(f"{PORTAL}/Login", data=sent), 401)

    assert len(refused.select(".text-danger")) == 1


@pytest.mark.parametrize(
    "selector",
    [
        "form#Formulario",
        "select#cmbPerfiles[name=Perfiles] option[value='73']",
        "select#cmbInstituciones[name=Instituciones]",
        "#Rbtn_Destino_1[type=radio][value='1']",
        "#Rbtn_Destino_2[type=radio][value='2']",
        "select#cmdDestino[name=Destino] option[value='2']",
        "input#btnSeleccionar[type=submit]",
    ],
)
def test_the_choice_of_profile_has(portal: PortalClient, selector: str) -> None:
    assert len(portal.sign_in().select(selector)) == 1


def test_an_institution_is_its_rut_without_the_check_digit(portal: PortalClient, action: TrainingAction) -> None:
    (option,) = portal.sign_in().select("#cmbInstituciones option")

    assert option["value"] == str(action.otec.rut_body)


@pytest.mark.parametrize(
    "selector",
    [
        "select#FilterTipoPrograma option[value='3']",
        "select#FilterTipobusqueda option[value='1']",
        'input#FilterCodigoCurso[placeholder="ID Acción"]',
        "input#btnBusquedaCursos[value=Buscar]",
        "input[value=Limpiar]",
    ],
)
def test_the_search_has(portal: PortalClient, selector: str) -> None:
    assert len(portal.enter().select(selector)) == 1


@pytest.mark.parametrize("text", ["Cerrar Sesión", "Ayuda"])
def test_the_search_links_to(portal: PortalClient, text: str) -> None:
    assert len([link for link in portal.enter().select("a") if link.text.strip() == text]) == 1


@pytest.mark.parametrize(
    "selector",
    [
        "div.ui-dialog:not([hidden])",
        "div.ui-dialog .ui-dialog-titlebar-close",
        "div.ui-dialog input#btnCerrarGrilla[value=Cerrar]",
        "div.ui-dialog a[title='Certificado Pendiente de emitir'][href*='/CursoSeleccionado?']",
    ],
)
def test_the_result_has(portal: PortalClient, action: TrainingAction, selector: str) -> None:
    assert len(portal.search(action.code).select(selector)) == 1


def test_the_grid_has_the_portals_columns_in_order(portal: PortalClient, action: TrainingAction) -> None:
    heads = [head.text for head in portal.search(action.code).select("div.ui-dialog th")]

    assert heads == [
        "Código Curso",
        "Código SENCE",
        "Curso",
        "Programa",
        "Hora(s) Acreditadas",
        "Fecha Inicio",
        "Fecha Término",
        "Ver Estado",
    ]


def test_the_detail_puts_each_label_on_its_own_line_and_the_value_on_the_next(
    portal: PortalClient, action: TrainingAction
) -> None:
    (link,) = portal.search(action.code).select("div.ui-dialog td a")
    lines = [
        line.strip() for line in portal.page(str(link["href"])).select("main")[0].text.splitlines() if line.strip()
    ]

    for label, value in {
        "Fecha Inicio": f"{action.starts_on:%d/%m/%Y}",
        "Fecha Término": f"{action.ends_on:%d/%m/%Y}",
        "Estado del Curso": "Autorizada",
        "Modalidad del Curso": "Presencial",
    }.items():
        assert lines[lines.index(label) + 1] == value


def test_the_detail_lists_the_participants_and_leads_back(portal: PortalClient, action: TrainingAction) -> None:
    (link,) = portal.search(action.code).select("div.ui-dialog td a")
    detail = portal.page(str(link["href"]))

    (grid,) = (
        table for table in detail.select("table") if table.select("caption")[0].text == "Listado de Participantes"
    )
    heads = [head.text for head in grid.select("th")]
    assert heads[:2] == ["Rut Participante", "Nombre Participante"]
    assert heads[-2:] == ["Estado", "Ver"]
    assert len([link for link in detail.select("a") if link.text.strip() == "Volver"]) == 1


@pytest.mark.parametrize(
    "address",
    [
        "/certificadoasistencia",
        "/CERTIFICADOASISTENCIA/",
        "/certificadoasistencia/login",
        "/CertificadoAsistencia/Login/",
        "/certificadoAsistencia/AYUDA/",
    ],
)
def test_an_address_counts_in_any_case_with_or_without_the_final_slash(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address", ["/certificadoasistencia/seleccionarperfil/", "/CertificadoAsistencia/BUSQUEDAACCION"]
)
def test_so_do_the_pages_behind_the_login(portal: PortalClient, address: str) -> None:
    portal.enter()

    assert portal.client.get(address).status_code == 200


def test_the_cookie_has_the_portals_name_and_no_script_reads_it(client: FlaskClient) -> None:
    cookie = client.get(f"{PORTAL}/Login").headers["Set-Cookie"]

    assert cookie.startswith("ASP.NET_SessionId=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
