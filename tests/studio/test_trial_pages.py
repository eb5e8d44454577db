"""Trying a draft on its pages, without a script: answers, days, back, and a scenario of it; scenarios run, accepted, edited."""

from collections.abc import Mapping

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.permissions import Profile
from app.models import Effect, HumanTask, Person, ProcessDraft, ProcessInstance
from app.process.studio import drafts
from tests.factories import CertificateFactory
from tests.studio.analysts import FIFTEEN_DAYS, TEN_DAYS, actor_of, address, analyst, at_the_studio, with_scenarios
from tests.web.people import enter
from tests.web.visitor import Visitor, errors_of, page_of, words


@pytest.fixture
def author(session: Session) -> Person:
    return analyst()


@pytest.fixture
def draft(session: Session, author: Person) -> ProcessDraft:
    return with_scenarios(session, author, "annulment")


@pytest.fixture
def visitor(client: FlaskClient, author: Person) -> Visitor:
    return at_the_studio(client, author)


def press(visitor: Visitor, where: str, button: str, **typed: str) -> TestResponse:
    return press_on(visitor, visitor.read(where), where, button, typed)


def press_on(visitor: Visitor, page: BeautifulSoup, where: str, button: str, typed: Mapping[str, str]) -> TestResponse:
    """Press the first button with these words, `typed` over what its form holds"""
    pressed = next(tag for tag in page.select("main form button") if tag.text.strip() == button)
    form = pressed.find_parent("form")
    assert form is not None
    held = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("input[name]")}
    held |= {str(tag["name"]): tag.text for tag in form.select("textarea[name]")}
    for tag in form.select("select[name]"):
        chosen = tag.select_one("option[selected]")
        held[str(tag["name"])] = str(chosen["value"]) if chosen else ""
    assert typed.keys() <= held.keys(), typed.keys() - held.keys()
    if pressed.get("name"):
        held[str(pressed["name"])] = str(pressed["value"])
    return visitor.client.post(str(form.get("action", where)), data={**held, **typed})


def on(visitor: Visitor, address: str, button: str, **typed: str) -> BeautifulSoup:
    """The page one comes to."""
    answer = press(visitor, address, button, **typed)
    assert answer.status_code == 303, errors_of(page_of(answer, answer.status_code))
    return visitor.read(str(answer.headers["Location"]))


def begun_on(visitor: Visitor, draft: ProcessDraft, day: str = "02/03/2026") -> str:
    page = address(draft, "/probar")
    on(visitor, page, "Empezar de nuevo", day=day)
    return page


def test_a_draft_is_tried_from_the_first_answer_to_its_end(visitor: Visitor, draft: ProcessDraft) -> None:
    page = begun_on(visitor, draft)

    asked = on(visitor, page, "Enviar Solicitud", reason="El folio está mal.")
    assert "Vence el 16/03/2026." in words(asked, "#pendiente")
    late = on(visitor, page, "Avanzar esos días hábiles", days="11")
    assert "Aviso de plazo cumplido" in words(late, "#hechos")
    ended = on(visitor, page, "Aprobar", reason="Corresponde.")

    assert "Terminó: Aprobado para su re-emisión." in words(ended)
    assert "Se haría Registra la resolución de la Dirección Regional." in words(ended, "#hechos")
    assert "Se enviaría Correo a quien pidió" in words(ended, "#hechos")


def test_nothing_of_a_trial_is_done(session: Session, visitor: Visitor, draft: ProcessDraft) -> None:
    page = begun_on(visitor, draft)
    on(visitor, page, "Enviar Solicitud", reason="El folio está mal.")
    on(visitor, page, "Aprobar", reason="Corresponde.")

    assert [
        session.scalar(select(func.count()).select_from(kind)) for kind in (ProcessInstance, HumanTask, Effect)
    ] == [0] * 3


def test_one_step_back_and_the_rest_is_played_again(visitor: Visitor, draft: ProcessDraft) -> None:
    page = begun_on(visitor, draft)
    on(visitor, page, "Enviar Solicitud", reason="El folio está mal.")
    on(visitor, page, "Avanzar esos días hábiles", days="3")

    back = on(visitor, page, "Volver un paso")

    assert "En el ensayo es el 02/03/2026" in words(back)
    assert "Resolver la solicitud de anulación" in words(back, "#pendiente")


def test_the_form_is_checked_as_a_real_one_and_keeps_what_was_typed(visitor: Visitor, draft: ProcessDraft) -> None:
    page = begun_on(visitor, draft)

    refused = page_of(press(visitor, page, "Enviar Solicitud", reason="x" * 501), 422)

    assert "el máximo es 500" in errors_of(refused)[0]
    assert "x" * 501 in refused.select("textarea[name=reason]")[0].text


@pytest.mark.parametrize(
    ("button", "typed", "sentence"),
    [
        ("Avanzar esos días hábiles", {"days": "0"}, "de 1 a 260"),
        ("Avanzar esos días hábiles", {"days": "muchos"}, "solo con cifras"),
        ("Avanzar esos días hábiles", {"days": "²"}, "solo con cifras"),
        ("Empezar de nuevo", {"day": "31/02/2026"}, "no existe en el calendario"),
        ("Empezar de nuevo", {"day": "01/01/1800"}, "Corríjalo"),
        ("Empezar de nuevo", {"region": "99"}, "Elija una región"),
        ("Guardar como escenario", {"title": " "}, "Falta el nombre"),
        ("Guardar como escenario", {"title": "x" * 121}, "el máximo es 120"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field(
    visitor: Visitor, draft: ProcessDraft, button: str, typed: dict[str, str], sentence: str
) -> None:
    page = begun_on(visitor, draft)

    refused = page_of(press(visitor, page, button, **typed), 422)

    assert sentence in errors_of(refused)[0]
    assert refused.select(".govuk-error-message")


def test_a_button_pressed_twice_acts_once(visitor: Visitor, draft: ProcessDraft) -> None:
    page = begun_on(visitor, draft)
    read = visitor.read(page)
    press_on(visitor, read, page, "Avanzar esos días hábiles", {"days": "3"})

    press_on(visitor, read, page, "Avanzar esos días hábiles", {"days": "3"})

    again = visitor.read(page)
    assert "En el ensayo es el 05/03/2026" in words(again)
    assert "El ensayo ya estaba en otro paso." in words(again)


def test_a_trial_becomes_a_scenario_that_passes(session: Session, visitor: Visitor, draft: ProcessDraft) -> None:
    page = begun_on(visitor, draft)
    on(visitor, page, "Enviar Solicitud", reason="El folio está mal.")
    on(visitor, page, "Avanzar esos días hábiles", days="12")

    listed = on(visitor, page, "Guardar como escenario", title="Nadie resuelve en doce días")

    assert "Pasan 6 de 6." in words(listed)
    session.refresh(draft)
    assert draft.scenarios["nadie_resuelve_en_doce_dias"]["then"]["waiting"] == [
        {"office": "regional_direction", "task": "decide_annulment"}
    ]


def test_an_unsound_draft_is_corrected_first(session: Session, visitor: Visitor, draft: ProcessDraft) -> None:
    draft.xml = draft.xml.replace(TEN_DAYS, "plazo_habil(0)")

    for page in ("/probar", "/escenarios"):
        read = visitor.read(address(draft, page))
        assert "Hay 1 hallazgo." in words(read)
        assert read.select("main form") == []


def test_another_term_makes_scenarios_fail_until_they_are_accepted(
    session: Session, visitor: Visitor, draft: ProcessDraft, author: Person
) -> None:
    later = draft.xml.replace(TEN_DAYS, FIFTEEN_DAYS)
    drafts.save(session, draft.id, xml=later, version=1, actor=actor_of(author))
    page = address(draft, "/escenarios")
    failing = words(visitor.read(page))
    assert "Pasan 0 de 5." in failing
    assert "se esperaba «Resolver la solicitud de anulación» vence el 16/03/2026 y fue" in failing

    on(visitor, page, "Aceptar lo que pasa ahora")
    assert "Pasan 1 de 5." in words(visitor.read(page))
    accepted = on(visitor, page, "Aceptar todo lo que pasa ahora")

    assert "Pasan 5 de 5. Los que pasan recorren 7 de 7 flechas, el 100 %." in words(accepted)
    assert "Alcanza para proponer." in words(accepted)


def test_what_nobody_tries_is_named_and_marked(session: Session, visitor: Visitor, draft: ProcessDraft) -> None:
    draft.scenarios = {"granted_in_time": draft.scenarios["granted_in_time"]}

    page = visitor.read(address(draft, "/escenarios"))

    assert words(page, "#sin-recorrer") == (
        "de «¿Se aprueba?» a «Solicitud rechazada; el certificado sigue vigente», por «no»"
    )
    assert [sign.text for sign in page.select("svg text[font-weight='700']")] == ["?"]
    assert "Todavía no alcanza para proponer." in words(page)


def test_an_expectation_is_edited_and_fails(visitor: Visitor, draft: ProcessDraft) -> None:
    page = address(draft, "/escenarios/granted_late/editar")

    edited = on(visitor, page, "Guardar el escenario", **{"told-on-3": "08/10/2026"})

    assert (
        "Avisos, lugar 4: se esperaba Pasa al nivel central de «Resolver la solicitud de anulación», el 08/10/2026"
        in words(edited)
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"deadline-on-0": "mañana"}, "«mañana» no es una fecha."),
        ({"title": ""}, "falta «title»"),
        ({"told-what-0": "x"}, "«what» es uno de"),
    ],
)
def test_an_expectation_that_cannot_be_is_told(
    visitor: Visitor, draft: ProcessDraft, typed: dict[str, str], sentence: str
) -> None:
    page = address(draft, "/escenarios/granted_late/editar")

    refused = page_of(press(visitor, page, "Guardar el escenario", **typed), 409)

    assert sentence in errors_of(refused)[0]


def test_a_scenario_is_removed_and_opened_as_a_trial(visitor: Visitor, draft: ProcessDraft) -> None:
    opened = on(visitor, address(draft, "/escenarios"), "Abrir como ensayo")
    assert "Terminó: Solicitud rechazada" in words(opened)

    page = on(visitor, address(draft, "/escenarios/granted_late/editar"), "Borrar el escenario")

    assert "Pasan 4 de 4." in words(page)
    assert visitor.client.get(address(draft, "/escenarios/granted_late/editar")).status_code == 404


def test_a_finished_case_becomes_a_trial_without_what_people_wrote(
    session: Session, visitor: Visitor, draft: ProcessDraft
) -> None:
    CertificateFactory(rejected=True)

    opened = _from_case(visitor, draft)

    assert "Terminó: Solicitud rechazada; el certificado sigue vigente." in words(opened)
    listed = on(visitor, address(draft, "/probar"), "Guardar como escenario", title="Como en un trámite real")
    session.refresh(draft)
    steps = draft.scenarios["como_en_un_tramite_real"]["when"]
    assert [step.get("answers") for step in steps if "answer" in step] == [None, {"granted": False}]
    assert "Pasan 6 de 6." in words(listed)


def _from_case(visitor: Visitor, draft: ProcessDraft) -> BeautifulSoup:
    page = visitor.read(address(draft, "/escenarios"))
    (row,) = page.select("#tabla-de-tramites tbody tr")
    form = row.select_one("form")
    assert form is not None
    data = {str(tag["name"]): str(tag["value"]) for tag in form.select("input[name]")}
    answer = visitor.client.post(str(form["action"]), data=data)
    return visitor.read(str(answer.headers["Location"]))


def test_an_administrator_asks_for_another_share(client: FlaskClient, draft: ProcessDraft) -> None:
    admin = enter(client, Profile.SENCE_NATIONAL_ADMIN)
    page = "/procesos/cobertura"
    assert "Hoy se pide el 100 %." in words(admin.read(page))

    refused = page_of(press(admin, page, "Guardar", percent="101"), 422)
    changed = on(admin, page, "Guardar", percent="80")

    assert errors_of(refused) == ["Escriba un número entero de 0 a 100, solo con cifras."]
    assert "Hoy se pide el 80 %." in words(changed)
    assert "80 %" in words(changed, "#historia")


def test_the_share_and_trials_are_not_for_everybody(client: FlaskClient, draft: ProcessDraft) -> None:
    assert at_the_studio(client, analyst()).client.get("/procesos/cobertura").status_code == 403
    director = enter(client, Profile.REGIONAL_DIRECTOR, region="13").client
    assert [director.get(address(draft, page)).status_code for page in ("/probar", "/escenarios")] == [403, 403]
