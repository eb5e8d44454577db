"""The operators' page of incidents: what it tells, what its buttons do, and who may see it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Effect, Incident, IncidentResolution, Organisation, Participant, TrainingAction
from app.services import incidents, reasons
from app.services.separation import NOT_SEPARATED
from app.web.operations import told
from tasks.effects import perform
from tasks.handlers import HANDLERS
from tests.factories import PersonFactory, TrainingActionFactory
from tests.support.database import Work
from tests.support.incidents import give_up
from tests.web.visitor import Visitor, page_of, words

PROVIDERS = (Profile.PROVIDER_NATIONAL_ADMIN, Profile.PROVIDER_REGIONAL_ADMIN)


def enter(
    client: FlaskClient,
    profile: Profile = Profile.OPERATOR,
    organisation: Organisation | None = None,
    region: str | None = None,
) -> Visitor:
    visitor = Visitor(client)
    visitor.enter(PersonFactory(profiles=[(profile, organisation, region)]), profile, organisation)
    return visitor


@pytest.fixture
def action(session: Session) -> TrainingAction:
    found: TrainingAction = TrainingActionFactory(participants=2, classes=1, attended=True)
    return found


@pytest.fixture
def given_up(work: Work, action: TrainingAction) -> Callable[[str], int]:
    """A recomputation that was given up; its incident's number."""

    def give(identity: str) -> int:
        with work() as inner:
            return give_up(inner, identity, action_id=action.id)

    return give


def press(visitor: Visitor, selector: str, address: str = "/incidentes") -> str:
    """Press the button of the form at `selector`; the words of the page one gets to."""
    form = visitor.read(address).select_one(selector)
    assert form is not None, selector
    held = {str(tag["name"]): str(tag["value"]) for tag in form.select("input[name]")}
    answer = visitor.client.post(str(form["action"]), data=held)
    assert answer.status_code == 303
    return words(visitor.read(str(answer.headers["Location"])))


def resolutions(session: Session) -> list[IncidentResolution | None]:
    session.commit()
    return list(session.scalars(select(Incident.resolution).order_by(Incident.id)))


def test_an_operator_is_warned_of_one_role_for_everything(client: FlaskClient, session: Session) -> None:
    visitor = enter(client)
    separated = words(visitor.read("/incidentes"))
    session.execute(text("RESET ROLE"))
    one = words(visitor.read("/incidentes"))

    assert NOT_SEPARATED not in separated
    assert NOT_SEPARATED in one


def test_without_incidents_the_page_says_that_all_is_well(client: FlaskClient, session: Session) -> None:
    text = words(enter(client).read("/incidentes"))

    assert "No hay incidentes abiertos: todo lo pedido se hizo o está en marcha." in text
    assert "Recálculos Nada en espera" in text


def test_an_incident_tells_what_failed_why_since_when_and_about_which_course(
    client: FlaskClient, session: Session, action: TrainingAction, given_up: Callable[[str], int]
) -> None:
    number = given_up("a")
    visitor = enter(client)

    listed, own = words(visitor.read("/incidentes")), words(visitor.read(f"/incidentes/{number}"))

    for told_there in (listed, own):
        assert reasons.STORAGE_FULL in told_there
        assert f"Curso {action.code}" in told_there
        assert "Recalcular la asistencia de un curso" in told_there
    assert "Detalle técnico OSError (ENOSPC)" in own
    assert "Intentos 3" in own


def test_no_page_of_incidents_names_a_participant(
    client: FlaskClient, session: Session, action: TrainingAction, given_up: Callable[[str], int]
) -> None:
    number = given_up("a")
    visitor = enter(client)
    people = [participant.person for participant in session.scalars(select(Participant))]
    assert len(people) == 2

    for address in ("/incidentes", f"/incidentes/{number}", f"/incidentes/{number}/descartar"):
        text = words(visitor.read(address))
        assert not any(person.full_name in text or person.rut.screen in text for person in people)


def test_one_is_retried_and_the_work_is_done(
    app: Flask, client: FlaskClient, session: Session, given_up: Callable[[str], int]
) -> None:
    given_up("a")
    visitor = enter(client)

    text = press(visitor, "#incidentes form")
    assert "Se intentará de nuevo ahora." in text
    assert resolutions(session) == [IncidentResolution.RETRIED]

    with app.app_context():
        perform("bulk")
    session.commit()
    assert session.scalars(select(Effect.done_at)).one() is not None


def test_all_of_a_kind_are_retried_with_one_button(
    client: FlaskClient, session: Session, given_up: Callable[[str], int]
) -> None:
    for identity in ("a", "b", "c"):
        given_up(identity)
    visitor = enter(client)
    assert "Reintentar todos" in words(visitor.read("/incidentes"))

    text = press(visitor, "#tipos form")

    assert resolutions(session) == [IncidentResolution.RETRIED] * 3
    assert "No hay incidentes abiertos" in text
    assert "Recálculos 3 en espera" in text


def test_another_button_of_an_old_page_is_another_action(
    client: FlaskClient, session: Session, given_up: Callable[[str], int]
) -> None:
    given_up("a")
    given_up("b")
    visitor = enter(client)
    forms = [
        (str(form["action"]), {str(tag["name"]): str(tag["value"]) for tag in form.select("input[name]")})
        for form in visitor.read("/incidentes").select("#incidentes form")
    ]

    for address, held in forms:
        assert visitor.client.post(address, data=held).status_code == 303

    assert resolutions(session) == [IncidentResolution.RETRIED] * 2


def test_dismissing_asks_first_and_is_then_told_among_the_resolved(
    client: FlaskClient, session: Session, given_up: Callable[[str], int]
) -> None:
    number = given_up("a")
    visitor = enter(client)
    assert "Descártelo solo si ya no hace falta." in words(visitor.read(f"/incidentes/{number}/descartar"))
    assert resolutions(session) == [None]

    press(visitor, "main form", f"/incidentes/{number}/descartar")

    assert resolutions(session) == [IncidentResolution.DISMISSED]
    assert "Descartado por" in words(visitor.read("/incidentes?estado=resueltos"))


def test_who_comes_second_is_told_who_did_what(
    client: FlaskClient, session: Session, given_up: Callable[[str], int]
) -> None:
    number = given_up("a")
    first, address = enter(client), f"/incidentes/{number}/descartar"
    form = first.fill(first.read(address), "Descartar")
    press(first, "#incidentes form")
    session.commit()
    resolved_by = session.get_one(Incident, number).resolved_by
    assert resolved_by is not None
    name = resolved_by.full_name

    page = page_of(client.post(address, data=form), 409)

    assert f"{name} ya reintentó este incidente el" in words(page)


def test_many_incidents_are_paged(client: FlaskClient, session: Session, given_up: Callable[[str], int]) -> None:
    numbers = [given_up(f"a{n}") for n in range(27)]
    visitor = enter(client)

    first = visitor.read("/incidentes")
    (following,) = first.select("nav[aria-label=Paginación] a")
    second = visitor.read(str(following["href"]))

    assert len(first.select("#incidentes tbody tr")) == 25
    assert [link.text for link in second.select("#incidentes td:first-child a")] == [
        f"N.º {number}, Recalcular la asistencia de un curso" for number in reversed(numbers[:2])
    ]


def test_a_case_that_cannot_go_on_is_dismissed_not_retried(client: FlaskClient, session: Session, work: Work) -> None:
    with work() as inner:
        incidents.open_for_instance(inner, 0, "process/annulment", "El diagrama no sigue.", "Curso 1: x")
    visitor = enter(client)

    page = visitor.read("/incidentes")

    assert page.select("main form") == []
    assert "Trámite detenido: anulación" in words(page)


@pytest.mark.parametrize("profile", sorted(set(Profile) - {Profile.OPERATOR}))
def test_nobody_but_an_operator_sees_incidents(
    client: FlaskClient,
    session: Session,
    action: TrainingAction,
    given_up: Callable[[str], int],
    profile: Profile,
) -> None:
    number = given_up("a")
    of_organisation = profile in (*PROVIDERS, Profile.SUPERVISOR)
    region = "13" if profile is Profile.REGIONAL_DIRECTOR else None
    visitor = enter(client, profile, action.otec if of_organisation else None, region)

    for address in ("/incidentes", f"/incidentes/{number}", f"/incidentes/{number}/descartar"):
        answer = client.get(address)
        assert answer.status_code in (302, 403)
        assert reasons.STORAGE_FULL not in answer.text
    assert visitor.client.post(f"/incidentes/{number}/reintentar").status_code in (302, 400, 403)
    assert resolutions(session) == [None]


def test_an_operator_starts_at_the_incidents_and_finds_them_in_the_navigation(
    client: FlaskClient, session: Session
) -> None:
    page = enter(client).read("/incidentes")

    ways = {link.text.strip(): str(link["href"]) for link in page.select("header nav a")}
    assert ways["Incidentes"] == "/incidentes"
    assert "Búsqueda" not in ways


def test_every_kind_of_effect_has_a_name_for_people() -> None:
    assert HANDLERS.keys() <= told.KINDS.keys()
