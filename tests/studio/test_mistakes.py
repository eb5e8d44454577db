"""What goes wrong around a form of the studio: an ended session, a late form, two tabs, a step put nowhere."""

import json

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import Person, ProcessDraft
from app.process.studio import drafts, proposals
from app.web.errors import EXPIRED
from tests.studio.analysts import FIFTEEN_DAYS, TEN_DAYS, actor_of, address, analyst, at_the_studio, with_scenarios
from tests.studio.pressing import press
from tests.web.visitor import errors_of, page_of

TYPED = "Lo que escribí antes"
SCENARIO = "/escenarios/granted_late/editar"
KEPT = {
    "a cell of the table": ("/tabla", "Guardar la tabla", "name.decide_annulment"),
    "a new step": ("/tabla", "Agregar el paso", "new_name"),
    "a new form": ("/formularios", "Agregar el formulario", "title"),
    "an answer of a trial": ("/probar", "Enviar Solicitud", "reason"),
    "a scenario": (SCENARIO, "Guardar el escenario", "title"),
    "a note": ("/proponer", "Proponer", "note"),
}


@pytest.fixture
def author(session: Session) -> Person:
    return analyst()


@pytest.fixture
def draft(session: Session, author: Person) -> ProcessDraft:
    return with_scenarios(session, author, "annulment")


def typed_in(page: BeautifulSoup, field: str) -> str:
    (tag,) = page.select(f"[name='{field}']")
    return str(tag.get("value") or tag.text).strip()


def after_signing_in_again(client: FlaskClient, author: Person, where: str, button: str, **typed: str) -> BeautifulSoup:
    """The page that somebody is led back to whose session had ended when the button was pressed."""
    visitor = at_the_studio(client, author)
    page = visitor.read(where)
    with client.session_transaction() as ended:
        ended.clear()
    form = next(tag for tag in page.select("main form button") if tag.text.strip() == button).find_parent("form")
    assert form is not None
    held = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("input[name]")}
    sent = str(form.get("action", where)).partition("?")[0]
    client.post(sent, data=held | typed)
    return at_the_studio(client, author).read(sent)


@pytest.mark.parametrize(("rest", "button", "field"), KEPT.values(), ids=KEPT)
def test_what_was_typed_survives_the_end_of_the_session(
    client: FlaskClient, author: Person, draft: ProcessDraft, rest: str, button: str, field: str
) -> None:
    page = after_signing_in_again(client, author, address(draft, rest), button, **{field: TYPED})

    assert typed_in(page, field) == TYPED


def test_so_does_the_reason_of_who_takes_a_proposal_back(
    client: FlaskClient, session: Session, author: Person, draft: ProcessDraft
) -> None:
    drafts.save(
        session,
        draft.id,
        xml=draft.xml.replace('name="Se pide', 'name="Alguien pide'),
        version=1,
        actor=actor_of(author),
    )
    proposals.propose(session, draft.id, version=2, note="x", starts_at=None, actor=actor_of(author))

    page = after_signing_in_again(client, author, address(draft), "Retirar la propuesta", reason=TYPED)

    assert typed_in(page, "reason") == TYPED


@pytest.mark.parametrize(
    ("sent", "back"), [("/procesos/annulment/borradores", "/procesos/annulment"), ("/procesos/archivo", "/procesos")]
)
def test_a_button_pressed_too_late_leads_back_to_its_page(
    client: FlaskClient, author: Person, draft: ProcessDraft, sent: str, back: str
) -> None:
    assert at_the_studio(client, author).client.get(sent).headers["Location"] == back


def test_a_scenario_sent_with_a_form_that_expired_changes_nothing(
    client: FlaskClient, session: Session, author: Person, draft: ProcessDraft
) -> None:
    visitor, version = at_the_studio(client, author), draft.version

    page = page_of(
        press(visitor, address(draft, SCENARIO), "Guardar el escenario", title=TYPED, csrf_token="otra"), 422
    )

    assert errors_of(page) == [EXPIRED]
    assert typed_in(page, "title") == TYPED
    session.refresh(draft)
    assert draft.version == version


def test_a_late_table_stays_late_however_often_it_is_sent(
    client: FlaskClient, session: Session, author: Person, draft: ProcessDraft
) -> None:
    visitor, where = at_the_studio(client, author), address(draft, "/tabla")
    typed = {"deadline.decide_annulment": "13", "version": str(draft.version)}
    later = draft.xml.replace(TEN_DAYS, FIFTEEN_DAYS)
    drafts.save(session, draft.id, xml=later, version=draft.version, actor=actor_of(analyst()))
    session.commit()

    late = page_of(press(visitor, where, "Guardar la tabla", **typed), 409)

    assert typed_in(late, "deadline.decide_annulment") == "13"
    versions = {str(tag["value"]) for tag in late.select("[name=version]")}
    assert versions == {typed["version"]}
    assert late.select_one(f'.govuk-error-summary a[href="{where}"]') is not None


def test_an_editor_of_an_earlier_session_is_told_to_open_the_draft_again(
    client: FlaskClient, author: Person, draft: ProcessDraft
) -> None:
    visitor, where = at_the_studio(client, author), address(draft, "/diagrama")
    body = {"xml": draft.xml, "version": draft.version}

    other_session = visitor.client.put(where, json=body, headers={"X-CSRFToken": "otra"})
    with client.session_transaction() as ended:
        ended.clear()
    no_session = visitor.client.get(where)

    assert (other_session.status_code, no_session.status_code) == (400, 401)
    for answer in (other_session, no_session):
        assert "vuelva a abrir el borrador y recupere sus cambios" in json.loads(answer.text)["detail"]


def test_a_step_put_nowhere_is_asked_where(client: FlaskClient, author: Person, draft: ProcessDraft) -> None:
    visitor = at_the_studio(client, author)

    page = page_of(press(visitor, address(draft, "/tabla"), "Agregar el paso", new_name="Revisar"), 422)

    assert errors_of(page) == ["Falta dónde va el paso nuevo. Elija entre qué pasos."]
    assert typed_in(page, "new_name") == "Revisar"
