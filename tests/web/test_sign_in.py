"""Landing, login and the way out: who gets in, what is said to who does not, and what of a session stays."""

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.config import Settings
from app.domain.permissions import Profile
from app.models import Person
from app.web.errors import EXPIRED
from app.web.portal.sign_in import NOT_CONNECTED, WAIT, WRONG
from tests.factories import CUS, OrganisationFactory, PersonFactory
from tests.web.visitor import Visitor, errors_of, page_of, words

PORTAL = "/CertificadoAsistencia"
LOGIN = f"{PORTAL}/Login"
COOKIE = "ASP.NET_SessionId"
STRANGER = "11111111-1"


@pytest.fixture
def person(session: Session) -> Person:
    found: Person = PersonFactory(rut_body=12345678, cus=True)
    return found


def token(client: FlaskClient, address: str = LOGIN) -> str:
    return str(page_of(client.get(address)).select("input[name=csrf_token]")[0]["value"])


def sign_in(client: FlaskClient, rut: str, cus: str = CUS) -> TestResponse:
    typed = {"TipoUsuario": "OTEC", "RutUsuario": rut, "ClaveSence": cus}
    return client.post(LOGIN, data={"csrf_token": token(client), **typed})


def typed_rut(page: BeautifulSoup) -> str:
    return str(page.select('input[placeholder="RUT Usuario"]')[0]["value"])


def test_the_landing_leads_to_the_login(client: FlaskClient) -> None:
    (form,) = page_of(client.get(f"{PORTAL}/")).select("form")

    assert [button.text.strip() for button in form.select("button[type=submit]")] == ["Ingresar"]
    assert form["action"] == LOGIN


def test_the_root_leads_to_the_landing(client: FlaskClient) -> None:
    assert client.get("/").headers["Location"] == f"{PORTAL}/"


@pytest.mark.parametrize("address", [f"{PORTAL}/", LOGIN])
def test_who_has_a_session_open_lands_on_the_choice_of_profile(
    client: FlaskClient, person: Person, address: str
) -> None:
    sign_in(client, "12345678-5")

    assert client.get(address).headers["Location"] == f"{PORTAL}/SeleccionarPerfil"


@pytest.mark.parametrize("written", ["12345678-5", "12.345.678-5", "123456785", " 12 345 678-5 "])
def test_a_rut_is_accepted_however_people_write_it(client: FlaskClient, person: Person, written: str) -> None:
    assert sign_in(client, written).headers["Location"] == f"{PORTAL}/SeleccionarPerfil"


@pytest.mark.parametrize("written", ["1000005-K", "1000005-k", "1000005k"])
def test_a_check_digit_k_may_be_small(client: FlaskClient, session: Session, written: str) -> None:
    PersonFactory(rut_body=1000005, cus=True)

    assert sign_in(client, written).status_code == 303


@pytest.mark.parametrize(("rut", "cus"), [("12.345.678-5", "otra-clave-larga"), (STRANGER, CUS)])
def test_a_wrong_cus_and_an_unknown_rut_get_the_same_sentence_and_the_rut_stays(
    client: FlaskClient, person: Person, rut: str, cus: str
) -> None:
    answer = sign_in(client, rut, cus)
    page = page_of(answer, 401)

    assert words(page, "main .text-danger") == f"Error: {WRONG}"
    assert typed_rut(page) == rut
    assert cus not in answer.text


def test_a_person_without_cus_is_told_nothing_more_than_a_stranger(client: FlaskClient, session: Session) -> None:
    PersonFactory(rut_body=12345678)

    assert errors_of(page_of(sign_in(client, "12345678-5"), 401)) == [WRONG]


def test_a_rut_that_is_none_is_told_so_and_stays(client: FlaskClient) -> None:
    page = page_of(sign_in(client, "12.345.678-9"), 422)

    assert errors_of(page) == ["El dígito verificador no corresponde a ese RUT. Revise el número completo."]
    assert typed_rut(page) == "12.345.678-9"


def test_an_empty_form_asks_for_both(client: FlaskClient) -> None:
    page = page_of(sign_in(client, "", ""), 422)

    assert len(errors_of(page)) == len(page.select("form .text-danger")) == 2


def test_a_form_that_expired_keeps_the_rut(client: FlaskClient) -> None:
    token(client)
    answer = client.post(LOGIN, data={"csrf_token": "vencida", "RutUsuario": STRANGER, "ClaveSence": CUS})
    page = page_of(answer, 422)

    assert errors_of(page) == [EXPIRED]
    assert typed_rut(page) == STRANGER


def test_after_five_failures_even_the_right_cus_waits_and_the_rut_stays(client: FlaskClient, person: Person) -> None:
    for _ in range(5):
        assert sign_in(client, "12345678-5", "clave-equivocada").status_code == 401

    page = page_of(sign_in(client, "12.345.678-5"), 429)

    assert errors_of(page) == [WAIT]
    assert typed_rut(page) == "12.345.678-5"


def test_another_person_does_not_wait_for_somebody_elses_failures(client: FlaskClient, person: Person) -> None:
    for _ in range(6):
        sign_in(client, STRANGER, "clave-equivocada")

    assert sign_in(client, "12345678-5").status_code == 303


def test_who_tries_many_ruts_from_one_address_waits_too(
    client: FlaskClient, person: Person, settings: Settings
) -> None:
    sign_in(client, STRANGER, "clave-equivocada")
    with Redis.from_url(settings.limits_url, decode_responses=True) as counters:
        (of_address,) = (key for key in counters.scan_iter() if "/30/" in key)
        counters.incrby(of_address, 29)

    assert sign_in(client, "12345678-5").status_code == 429


def test_getting_in_costs_nothing(client: FlaskClient, person: Person) -> None:
    for _ in range(6):
        assert sign_in(client, "12345678-5").status_code == 303
        client.get(f"{PORTAL}/CerrarSesion")


def test_the_counters_hold_no_rut_and_last_fifteen_minutes(
    client: FlaskClient, person: Person, settings: Settings
) -> None:
    sign_in(client, "12345678-5", "clave-equivocada")

    with Redis.from_url(settings.limits_url, decode_responses=True) as counters:
        keys = [str(key) for key in counters.scan_iter()]
        lasting = [counters.ttl(key) for key in keys]
    assert len(keys) == 2
    assert not any("12345678" in key or "127.0.0.1" in key for key in keys)
    assert all(0 < int(str(seconds)) <= 15 * 60 for seconds in lasting)


def test_the_session_gets_a_new_id_at_login(client: FlaskClient, person: Person) -> None:
    client.set_cookie(COOKIE, "plantada-por-otro")
    csrf = token(client)
    planted = client.get_cookie(COOKIE)
    client.post(LOGIN, data={"csrf_token": csrf, "RutUsuario": "12345678-5", "ClaveSence": CUS})
    renewed = client.get_cookie(COOKIE)

    assert planted is not None
    assert renewed is not None
    assert renewed.value != planted.value
    client.set_cookie(COOKIE, planted.value)
    assert client.get(f"{PORTAL}/SeleccionarPerfil").headers["Location"] == LOGIN


def test_after_signing_out_a_copy_of_the_cookie_opens_nothing(client: FlaskClient, person: Person) -> None:
    sign_in(client, "12345678-5")
    copied = client.get_cookie(COOKIE)
    assert copied is not None
    client.get(f"{PORTAL}/CerrarSesion")
    client.set_cookie(COOKIE, copied.value)

    assert client.get(f"{PORTAL}/SeleccionarPerfil").headers["Location"] == LOGIN


def test_claveunica_is_a_form_that_says_what_to_do_instead(client: FlaskClient) -> None:
    (button,) = page_of(client.get(LOGIN)).select('button[onclick*="IniciarClaveUnica"]')
    form = button.find_parent("form")
    assert form is not None
    sent = client.post(str(form["action"]), data={"csrf_token": token(client)})

    assert NOT_CONNECTED in words(page_of(client.get(sent.headers["Location"])))


def test_who_must_sign_in_again_comes_back_to_what_was_typed(client: FlaskClient, session: Session) -> None:
    otec = OrganisationFactory()
    person = PersonFactory(cus=True, profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, otec, None)])
    visitor = Visitor(client)
    visitor.enter(person, Profile.PROVIDER_NATIONAL_ADMIN, otec)
    search, choice = f"{PORTAL}/BusquedaAccion", f"{PORTAL}/SeleccionarPerfil"
    typed = {"FilterTipoPrograma": "6", "FilterTipobusqueda": "1", "FilterCodigoCurso": "6731120"}
    (mine,) = visitor.read(search).select("input[name=one_time_token]")
    client.get(f"{PORTAL}/CerrarSesion")

    refused = client.post(search, data={"csrf_token": "vencida", "one_time_token": mine["value"], **typed})
    assert refused.headers["Location"] == LOGIN
    sign_in(client, person.rut.wire)
    profile = {"csrf_token": token(client, choice), "Perfiles": "73", "Instituciones": str(otec.rut_body)}
    page = page_of(client.get(client.post(choice, data=profile).headers["Location"]))

    assert page.select("#FilterCodigoCurso")[0]["value"] == "6731120"
    assert page.select("#FilterTipoPrograma option[selected]")[0]["value"] == "6"
