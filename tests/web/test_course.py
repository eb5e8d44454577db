"""Detalle de la acción: what each person sees of a course, what can be done with it, and what became of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.domain.terms import ActionStatus
from tests.factories import (
    CertificateFactory,
    ClassHeldFactory,
    MarkFactory,
    OrganisationFactory,
    PersonFactory,
    TrainingActionFactory,
    compute,
    grant,
    rows_of,
)
from tests.support.queries import statements
from tests.web.course_page import ADMIN, ANNUL, DOWNLOAD, GENERATE, REQUEST, VIEW, address, buttons, rows, see, visit
from tests.web.visitor import Visitor, words


@pytest.mark.parametrize(
    ("reached", "offered"),
    [
        ({}, [GENERATE, DOWNLOAD]),
        ({"issued": True}, [VIEW, ANNUL, DOWNLOAD]),
        ({"requested": True}, [VIEW, REQUEST, DOWNLOAD]),
        ({"granted": True}, [GENERATE, VIEW, REQUEST, DOWNLOAD]),
        ({"rejected": True}, [VIEW, ANNUL, REQUEST, DOWNLOAD]),
        ({"voided": True}, [GENERATE, VIEW, DOWNLOAD]),
    ],
    ids=["pending", "issued", "requested", "granted", "rejected", "voided"],
)
def test_each_state_offers_its_buttons(
    client: FlaskClient, session: Session, reached: dict[str, bool], offered: list[str]
) -> None:
    assert buttons(see(client, CertificateFactory(**reached).action)) == offered


def test_every_button_leads_somewhere(client: FlaskClient, session: Session) -> None:
    action = CertificateFactory(rejected=True).action
    visitor = visit(client, ADMIN, action.otec)

    for link in visitor.read(address(action)).select("main .govuk-button-group a, #folios a"):
        assert client.get(str(link["href"])).status_code == 200, link.text


@pytest.mark.parametrize("profile", [Profile.SUPERVISOR, Profile.INSTRUCTOR])
@pytest.mark.parametrize("reached", [{}, {"issued": True}], ids=["pending", "issued"])
def test_who_only_looks_is_offered_nothing_to_do(
    client: FlaskClient, session: Session, profile: Profile, reached: dict[str, bool]
) -> None:
    action = CertificateFactory(**reached).action
    person = PersonFactory()
    if profile is Profile.INSTRUCTOR:
        person = rows_of(session, action)["classes"][0].instructors[0].person
    grant(person, profile, action.company)
    visitor = Visitor(client)
    visitor.enter(person, profile, action.company)

    assert not {GENERATE, ANNUL} & set(buttons(visitor.read(address(action))))
    for forbidden in ("emitir", "anulacion"):
        assert client.get(f"{address(action)}/{forbidden}").status_code == 403


def test_a_course_still_running_says_from_when_it_can_be_issued_instead_of_a_button(
    client: FlaskClient, session: Session
) -> None:
    action = TrainingActionFactory(finished=False, participants=1)
    page = see(client, action)

    first_day = f"{action.ends_on + timedelta(days=1):%d/%m/%Y}"
    assert f"Podrá emitir el certificado desde el {first_day}" in words(page, ".govuk-inset-text")
    assert GENERATE not in buttons(page)


def test_a_liquidated_course_says_that_it_is_frozen(client: FlaskClient, session: Session) -> None:
    page = see(client, TrainingActionFactory(participants=1, status=ActionStatus.LIQUIDATED))

    assert "solo se entregan copias" in words(page, ".govuk-inset-text")


def test_another_institutions_course_does_not_exist(client: FlaskClient, session: Session) -> None:
    action = TrainingActionFactory(participants=1)
    visitor = visit(client, ADMIN, OrganisationFactory())
    (participant,) = rows_of(session, action)["participants"]

    unknown = client.get("/acciones/0000000")
    for path in (
        address(action),
        f"{address(action)}/asistencia.xlsx",
        f"{address(action)}/participantes/{participant.id}",
    ):
        answer = visitor.client.get(path)
        assert (answer.status_code, answer.text) == (404, unknown.text)


def test_a_director_of_another_region_does_not_find_it(client: FlaskClient, session: Session) -> None:
    action = TrainingActionFactory(region="13")

    answers = [
        visit(client, Profile.REGIONAL_DIRECTOR, region=region).client.get(address(action)).status_code
        for region in ("08", "13")
    ]

    assert answers == [404, 200]


def test_selecting_another_institutions_course_selects_nothing(client: FlaskClient, session: Session) -> None:
    visitor = visit(client, ADMIN, OrganisationFactory())

    visitor.read(f"/CertificadoAsistencia/BusquedaAccion/CursoSeleccionado?codigo={TrainingActionFactory().code}", 404)
    assert visitor.client.get("/CertificadoAsistencia/DetalleAccion").status_code == 302


def test_a_longer_history_of_folios_costs_no_more_questions(client: FlaskClient, session: Session) -> None:
    def asked(*steps: str) -> int:
        action = CertificateFactory(steps=steps).action
        visitor = visit(client, ADMIN, action.otec)
        with statements(session) as sent:
            visitor.read(address(action))
        return len(sent)

    once = ("issue", "request", "grant", "issue")
    assert asked(*once) == asked(*once, "request", "grant", "issue")


def test_the_chain_shows_every_folio_with_what_it_is_worth(client: FlaskClient, session: Session) -> None:
    action = CertificateFactory(reissued=True).action
    newest, oldest = rows(see(client, action), "#folios")

    assert newest[3] == "Este certificado está vigente."
    assert f"lo reemplazó el folio {newest[0]}" in oldest[3]
    assert oldest[0] != newest[0]


def test_attendance_changed_after_the_issue_is_shown_beside_what_was_issued(
    client: FlaskClient, session: Session
) -> None:
    action = CertificateFactory(issued=True).action
    first, _ = rows_of(session, action)["participants"]
    held = ClassHeldFactory(action=action)
    MarkFactory(participant=first, class_held=held)
    action.credited_hours = Decimal(20)
    compute(action)
    page = see(client, action)

    assert "Asistencia modificada después de la emisión" in words(page)
    told = [first.person.rut.screen, first.person.full_name, "100,00 %", "50,00 %", "Baja 50,00 puntos"]
    assert rows(page, "#diferencias")[0] == told


def test_unchanged_attendance_is_not_mentioned(client: FlaskClient, session: Session) -> None:
    assert not see(client, CertificateFactory(issued=True).action).select("#diferencias")


def test_the_time_line_tells_what_happened_newest_first(client: FlaskClient, session: Session) -> None:
    events = [tag.text for tag in see(client, CertificateFactory(rejected=True).action).select("#historia li strong")]

    assert events == ["Anulación rechazada", "Solicitud de anulación enviada", "Certificado emitido"]


def test_the_deadlines_are_told_with_what_is_left(client: FlaskClient, session: Session) -> None:
    ended = TrainingActionFactory(participants=1)
    terms = words(see(client, ended), "#plazos")

    assert f"(60 días corridos desde el término) vence el {ended.ends_on + timedelta(days=60):%d/%m/%Y}" in terms
    assert f"(40 días corridos) vence el {ended.ends_on + timedelta(days=40):%d/%m/%Y}" in terms


def test_the_course_says_where_one_came_from(client: FlaskClient, session: Session) -> None:
    (back,) = see(client, TrainingActionFactory()).select("a.govuk-back-link")

    assert back["href"] == "/CertificadoAsistencia/BusquedaAccion"


@pytest.mark.parametrize("path", ["/acciones/%00", "/acciones/1?despues=9999999999999999999999"])
def test_an_address_that_names_nothing_possible_is_a_page_that_is_not_there(
    client: FlaskClient, session: Session, path: str
) -> None:
    action = TrainingActionFactory(code="1")

    assert visit(client, ADMIN, action.otec).client.get(path).status_code == 404
