"""A link in a letter: it asks to sign in, and leads to its page afterwards, once."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.permissions import Profile
from app.models import Person
from tests.factories import CUS, PersonFactory
from tests.web.offices import requested, task_address
from tests.web.visitor import page_of, words

LOGIN, PROFILE = "/CertificadoAsistencia/Login", "/CertificadoAsistencia/SeleccionarPerfil"


@pytest.fixture
def director(session: Session) -> Person:
    found: Person = PersonFactory(cus=True, profiles=[(Profile.REGIONAL_DIRECTOR, None, "13")])
    return found


def token(client: FlaskClient, address: str) -> str:
    return str(page_of(client.get(address)).select("input[name=csrf_token]")[0]["value"])


def sign_in(client: FlaskClient, person: Person) -> TestResponse:
    typed = {"TipoUsuario": "OTEC", "RutUsuario": person.rut.wire, "ClaveSence": CUS}
    return client.post(LOGIN, data={"csrf_token": token(client, LOGIN), **typed})


def choose_profile(client: FlaskClient) -> str:
    chosen = {"Perfiles": Profile.REGIONAL_DIRECTOR.portal_value, "Instituciones": "0"}
    return client.post(PROFILE, data={"csrf_token": token(client, PROFILE), **chosen}).headers["Location"]


def test_a_link_leads_to_its_page_after_signing_in(client: FlaskClient, session: Session, director: Person) -> None:
    task = task_address(session, requested())

    assert client.get(task).headers["Location"] == LOGIN
    sign_in(client, director)

    assert choose_profile(client) == task
    assert "Resolver la solicitud de anulación" in words(page_of(client.get(task)))


def test_the_page_is_remembered_once(client: FlaskClient, session: Session, director: Person) -> None:
    client.get("/bandeja/1")
    sign_in(client, director)

    assert [choose_profile(client), choose_profile(client)] == ["/bandeja/1", "/bandeja"]


def test_who_has_not_chosen_a_profile_is_led_there_too(client: FlaskClient, director: Person) -> None:
    sign_in(client, director)

    assert client.get("/bandeja/7").headers["Location"] == PROFILE
    assert choose_profile(client) == "/bandeja/7"


@pytest.mark.parametrize(
    "address", ["/CertificadoAsistencia/BusquedaAccion", PROFILE, "/certificadoasistencia/DetalleAccion/"]
)
def test_the_portals_clients_go_where_they_always_went(client: FlaskClient, director: Person, address: str) -> None:
    client.get(address)
    sign_in(client, director)

    assert choose_profile(client) == "/bandeja"


def test_what_a_script_asks_for_is_no_page_to_go_to(client: FlaskClient, director: Person) -> None:
    client.get("/bandeja/7", headers={"HX-Request": "true"})
    sign_in(client, director)

    assert choose_profile(client) == "/bandeja"
