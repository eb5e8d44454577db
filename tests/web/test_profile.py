"""Seleccione Perfil: what may be chosen, in one step or in two, and where each choice leads."""

import json

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.permissions import Profile
from app.models import Organisation, Person, ProfileGrant
from app.web.access import AUTHENTICATED_BY, PERSON, PROFILE
from app.web.portal.profile import NOT_YET, NOTHING_GRANTED, UNKNOWN
from tests.factories import OrganisationFactory, ParticipantFactory, PersonFactory
from tests.web.visitor import errors_of, page_of, words

ADDRESS = "/CertificadoAsistencia/SeleccionarPerfil"
ADMIN = Profile.PROVIDER_NATIONAL_ADMIN


@pytest.fixture
def otec(session: Session) -> Organisation:
    found: Organisation = OrganisationFactory()
    return found


def signed_in(client: FlaskClient, person: Person) -> BeautifulSoup:
    """The page as somebody sees it who has just signed in."""
    with client.session_transaction() as session:
        session[PERSON] = person.id
        session[AUTHENTICATED_BY] = "cus"
    return page_of(client.get(ADDRESS))


def choose(client: FlaskClient, page: BeautifulSoup, **fields: str) -> TestResponse:
    token = page.select("#Formulario input[name=csrf_token]")[0]["value"]
    return client.post(ADDRESS, data={"csrf_token": token, **fields})


def options(page: BeautifulSoup, selector: str) -> dict[str, str]:
    return {str(option["value"]): option.text for option in page.select(f"{selector} option")}


def chosen(page: BeautifulSoup, selector: str) -> list[str]:
    return [str(option["value"]) for option in page.select(f"{selector} option[selected]")]


def test_the_only_profile_and_institution_come_preselected(client: FlaskClient, otec: Organisation) -> None:
    page = signed_in(client, PersonFactory(profiles=[(ADMIN, otec, None)]))

    assert options(page, "#cmbPerfiles") == {"73": "CAPACITADOR - ADMINISTRADOR NACIONAL"}
    assert options(page, "#cmbInstituciones") == {str(otec.rut_body): otec.name}
    assert chosen(page, "#cmbPerfiles") == ["73"]
    assert chosen(page, "#cmbInstituciones") == [str(otec.rut_body)]


def test_several_profiles_wait_for_a_choice_and_the_script_knows_each_ones_institutions(
    client: FlaskClient, otec: Organisation
) -> None:
    other = OrganisationFactory()
    person = PersonFactory(profiles=[(ADMIN, otec, None), (ADMIN, other, None), (Profile.SUPERVISOR, other, None)])
    page = signed_in(client, person)

    assert "" in options(page, "#cmbPerfiles")
    (data,) = page.select("script#profile-institutions")
    by_profile = json.loads(data.text)
    assert {option["value"] for option in by_profile["73"]} == {str(otec.rut_body), str(other.rut_body)}
    assert [option["value"] for option in by_profile["75"]] == [str(other.rut_body)]


def test_without_script_the_profile_comes_first_and_its_institutions_next(
    client: FlaskClient, otec: Organisation
) -> None:
    other = OrganisationFactory()
    person = PersonFactory(profiles=[(ADMIN, otec, None), (ADMIN, other, None), (Profile.SUPERVISOR, other, None)])

    second = page_of(choose(client, signed_in(client, person), Perfiles="73", Instituciones="", Destino="1"))

    assert options(second, "#cmbInstituciones").keys() == {"", str(otec.rut_body), str(other.rut_body)}
    assert chosen(second, "#cmbPerfiles") == ["73"]
    done = choose(client, second, Perfiles="73", Instituciones=str(other.rut_body), Destino="1")
    assert done.headers["Location"] == "/CertificadoAsistencia/BusquedaAccion"


def test_a_profile_with_one_institution_needs_no_second_step(client: FlaskClient, otec: Organisation) -> None:
    page = signed_in(client, PersonFactory(profiles=[(ADMIN, otec, None), (Profile.INSTRUCTOR, otec, None)]))

    assert choose(client, page, Perfiles="73", Instituciones="").status_code == 303


@pytest.mark.parametrize(
    ("profile", "region", "leads_to"),
    [
        (Profile.REGIONAL_DIRECTOR, "13", "/bandeja"),
        (Profile.SENCE_NATIONAL_ADMIN, None, "/CertificadoAsistencia/BusquedaAccion"),
        (Profile.OPERATOR, None, "/incidentes"),
        (Profile.PROCESS_ANALYST, None, "/procesos"),
    ],
)
def test_each_profile_lands_where_its_work_begins(
    client: FlaskClient, session: Session, profile: Profile, region: str | None, leads_to: str
) -> None:
    page = signed_in(client, PersonFactory(profiles=[(profile, None, region)]))
    answer = choose(client, page, Perfiles=profile.portal_value, Instituciones="0", Destino="1")

    assert answer.headers["Location"] == leads_to
    assert client.get(leads_to).status_code == 200


def test_a_participant_needs_no_grant(client: FlaskClient, session: Session) -> None:
    page = signed_in(client, ParticipantFactory().person)

    assert options(page, "#cmbPerfiles") == {"77": "PARTICIPANTE"}
    assert choose(client, page, Perfiles="77", Instituciones="0").status_code == 303


def test_somebody_elses_institution_cannot_be_chosen(client: FlaskClient, otec: Organisation) -> None:
    stranger = OrganisationFactory()
    page = signed_in(client, PersonFactory(profiles=[(ADMIN, otec, None)]))
    refused = page_of(choose(client, page, Perfiles="73", Instituciones=str(stranger.rut_body)), 422)

    assert errors_of(refused) == [UNKNOWN]
    with client.session_transaction() as kept:
        assert PROFILE not in kept


@pytest.mark.parametrize("control", ["Destino", "Rbtn_Destino"])
def test_the_affidavit_is_refused_in_one_sentence_whichever_control_asks_for_it(
    client: FlaskClient, otec: Organisation, control: str
) -> None:
    page = signed_in(client, PersonFactory(profiles=[(ADMIN, otec, None)]))
    asked = {"Destino": "1", "Rbtn_Destino": "1", control: "2"}
    refused = page_of(choose(client, page, Perfiles="73", Instituciones=str(otec.rut_body), **asked), 422)

    assert errors_of(refused) == [NOT_YET]
    assert chosen(refused, "#cmbInstituciones") == [str(otec.rut_body)]
    with client.session_transaction() as kept:
        assert PROFILE not in kept


def test_who_has_no_profile_is_told_whom_to_ask(client: FlaskClient, session: Session) -> None:
    assert NOTHING_GRANTED in words(signed_in(client, PersonFactory()))


def test_a_profile_withdrawn_today_is_no_longer_in_use(
    client: FlaskClient, session: Session, otec: Organisation
) -> None:
    person = PersonFactory(profiles=[(ADMIN, otec, None)])
    choose(client, signed_in(client, person), Perfiles="73", Instituciones=str(otec.rut_body))
    assert client.get("/CertificadoAsistencia/BusquedaAccion").status_code == 200

    session.query(ProfileGrant).filter_by(person_id=person.id).delete()

    assert client.get("/CertificadoAsistencia/BusquedaAccion").headers["Location"] == ADDRESS


def test_another_profile_does_not_inherit_the_last_search(client: FlaskClient, otec: Organisation) -> None:
    person = PersonFactory(profiles=[(ADMIN, otec, None), (Profile.SUPERVISOR, otec, None)])
    page = signed_in(client, person)
    choose(client, page, Perfiles="73", Instituciones=str(otec.rut_body))
    search = page_of(client.get("/CertificadoAsistencia/BusquedaAccion"))
    token = search.select("input[name=csrf_token]")[0]["value"]
    typed = {"FilterTipoPrograma": "3", "FilterTipobusqueda": "1", "FilterCodigoCurso": "6731120"}
    client.post("/CertificadoAsistencia/BusquedaAccion", data={"csrf_token": token, **typed})

    choose(client, page, Perfiles="75", Instituciones=str(otec.rut_body))

    after = page_of(client.get("/CertificadoAsistencia/BusquedaAccion"))
    assert after.select("#FilterCodigoCurso")[0].get("value", "") == ""
