"""The scenarios of a draft on their pages: run, accepted, edited, replaced, made of a finished case; and the share asked for."""

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Person, ProcessDraft
from app.process.studio import drafts, steps
from app.process.studio.steps import NewStep
from app.web.studio.proposal import NOT_COVERED
from tests.factories import CertificateFactory
from tests.studio.analysts import FIFTEEN_DAYS, TEN_DAYS, actor_of, address, analyst, at_the_studio
from tests.studio.pressing import on, press, press_on
from tests.web.people import enter
from tests.web.visitor import Visitor, errors_of, page_of, words

REVIEWED_BY = "annulment_decision"


def test_a_scenario_whose_steps_no_longer_go_on_is_tried_and_replaced(
    session: Session, visitor: Visitor, draft: ProcessDraft, author: Person
) -> None:
    review = NewStep("decided", "userTask", "second_review", "Revisar la resolución", "regional_direction", REVIEWED_BY)
    xml = steps.with_step(draft.xml, review)
    drafts.save(session, draft.id, xml=xml, version=1, actor=actor_of(author))
    listed = visitor.read(address(draft, "/escenarios"))
    assert "y espera «Revisar la resolución» (Dirección Regional)." in words(listed)

    # The first of the list: denied in time.
    on(visitor, address(draft, "/escenarios"), "Abrir como ensayo")
    on(visitor, address(draft, "/probar"), "Rechazar", reason="Está bien rechazada.")
    replaced = on(visitor, address(draft, "/probar"), "Guardar como escenario")

    session.refresh(draft)
    assert len(draft.scenarios) == 5
    assert draft.scenarios["denied_in_time"]["when"][-1]["answer"] == "second_review"
    assert "Pasan 2 de 5." in words(replaced)


def test_who_opened_a_scenario_chooses_whether_it_is_changed_or_another_is_made(
    session: Session, visitor: Visitor, draft: ProcessDraft
) -> None:
    on(visitor, address(draft, "/escenarios"), "Abrir como ensayo")
    trial, before = address(draft, "/probar"), draft.scenarios["denied_in_time"]["title"]
    taken = page_of(press(visitor, trial, "Guardar como escenario", into="new"), 409)
    assert "Ya hay otro escenario con ese nombre." in errors_of(taken)[0]

    on(visitor, trial, "Guardar como escenario", into="new", title="Se rechaza, otra vez")
    session.refresh(draft)
    assert (len(draft.scenarios), draft.scenarios["denied_in_time"]["title"]) == (6, before)

    # The trial is that of the new one now, which may be called otherwise.
    assert "En «Se rechaza, otra vez»" in words(visitor.read(trial))
    on(visitor, trial, "Guardar como escenario", title="Se rechaza siempre")
    session.refresh(draft)
    assert draft.scenarios["se_rechaza_otra_vez"]["title"] == "Se rechaza siempre"
    assert len(draft.scenarios) == 6


def test_a_scenario_that_was_removed_meanwhile_is_not_made_again_unasked(
    session: Session, visitor: Visitor, draft: ProcessDraft
) -> None:
    on(visitor, address(draft, "/escenarios"), "Abrir como ensayo")
    trial = address(draft, "/probar")
    opened = visitor.read(trial)
    draft.scenarios = {name: one for name, one in draft.scenarios.items() if name != "denied_in_time"}
    session.flush()

    refused = page_of(press_on(visitor, opened, trial, "Guardar como escenario", {}), 409)

    assert "ya no está en el borrador" in errors_of(refused)[0]
    assert not refused.select("[name=trial-into]")


def test_another_term_makes_scenarios_fail_until_they_are_accepted(
    session: Session, visitor: Visitor, draft: ProcessDraft, author: Person
) -> None:
    later = draft.xml.replace(TEN_DAYS, FIFTEEN_DAYS)
    drafts.save(session, draft.id, xml=later, version=1, actor=actor_of(author))
    page = address(draft, "/escenarios")
    failing = words(visitor.read(page))
    assert "Pasan 0 de 5." in failing
    assert "se esperaba «Resolver la solicitud de anulación» hasta el 16/03/2026 y fue" in failing

    refused = page_of(press(visitor, address(draft, "/proponer"), "Proponer", note="Quince días."), 409)
    assert "Pasan 0 de 5 escenarios" in words(refused)
    assert errors_of(refused) == [NOT_COVERED]
    assert "Quince días." in refused.select_one("#note").text  # type: ignore[union-attr]

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
        "Avisos, lugar 4: se esperaba «Pasa al nivel central» de «Resolver la solicitud de anulación», el 08/10/2026"
        in words(edited)
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"deadline-on-0": "mañana"}, "«mañana» no es una fecha."),
        ({"title": ""}, "Falta el nombre del escenario. Escríbalo."),
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

    for wrong in ("101", "01000000"):
        refused = page_of(press(admin, page, "Guardar", percent=wrong), 422)
        assert errors_of(refused) == ["Escriba un número entero de 0 a 100, solo con cifras."]

    changed = on(admin, page, "Guardar", percent="80")

    assert "Hoy se pide el 80 %." in words(changed)
    assert "80 %" in words(changed, "#historia")


def test_the_share_and_trials_are_not_for_everybody(client: FlaskClient, draft: ProcessDraft) -> None:
    assert at_the_studio(client, analyst()).client.get("/procesos/cobertura").status_code == 403
    director = enter(client, Profile.REGIONAL_DIRECTOR, region="13").client
    assert [director.get(address(draft, page)).status_code for page in ("/probar", "/escenarios")] == [403, 403]


def test_what_is_not_there_is_not_found(visitor: Visitor, draft: ProcessDraft) -> None:
    page = visitor.read(address(draft, "/escenarios"))
    token = str(page.select("input[name=csrf_token]")[0]["value"])
    for where in (f"/tramite/{10**30}", "/tramite/7", "/nada/aceptar", "/nada/borrar", "/nada/abrir"):
        data = {"csrf_token": token, "one_time_token": f"{where}-{draft.author_id}"}
        assert (where, visitor.client.post(address(draft, f"/escenarios{where}"), data=data).status_code) == (
            where,
            404,
        )
