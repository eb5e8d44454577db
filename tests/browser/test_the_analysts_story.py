"""The analysts' main job in a browser: change the annulment, try it, propose it, publish it, and see the next case follow."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Certificate, Organisation, Person, ProcessDraft
from app.services import certificates
from tests.browser.editing import Editor, sign_in
from tests.browser.test_studio import picture
from tests.factories import CertificateFactory, PersonFactory, director_of
from tests.studio.analysts import ANALYST, analyst
from tests.studio.test_running_cases import days_of
from tests.web.offices import waiting
from tests.web.visitor import Visitor

At = Callable[..., Page]
NATIONAL, PROVIDER = Profile.SENCE_NATIONAL_ADMIN, Profile.PROVIDER_NATIONAL_ADMIN
BACK = "de «¿Se confirma?» a «Resolver la solicitud de anulación»"
ONWARD = "de «¿Se confirma?» a «Registrar la resolución»"
NAME, NOTE = "Anulación de un certificado emitido", "Quince días y segunda revisión, según la resolución 12."
REVIEW = {
    "decision_name": "confirmed",
    "yes-button": "Confirmar",
    "yes-outcome": "confirmó la resolución",
    "yes-means": "La resolución queda firme.",
    "no-button": "Devolver",
    "no-outcome": "devolvió la resolución",
    "no-means": "La Dirección Regional resuelve otra vez.",
}
# What the button would send, from the form that the author does have.
AS_IF_APPROVING = """version => {
    const form = document.querySelector('form[action$="devolver"]');
    form.action = form.action.replace(/devolver$/, "aprobar");
    for (const [name, value] of Object.entries({version, against: 1})) {
        form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
    }
    form.requestSubmit();
}"""
WHY = "El certificado nombra otro curso."


@pytest.fixture
def at_desk(live: Flask, live_session: Session, live_server: str, new_context: Callable[..., BrowserContext]) -> At:
    """Somebody's own browser, signed in, at an address."""

    def open_page(person: Person, profile: Profile, address: str, organisation: Organisation | None = None) -> Page:
        live_session.commit()
        visitor = Visitor(live.test_client())
        visitor.enter(person, profile, organisation)
        page = sign_in(new_context(viewport={"width": 1280, "height": 900}), visitor, live_server).new_page()
        page.goto(f"{live_server}{address}")
        return page

    return open_page


def test_a_longer_term_and_a_second_review_are_drawn_tried_published_and_followed(
    live_session: Session, at_desk: At
) -> None:
    running, later = CertificateFactory(requested=True), CertificateFactory(issued=True)
    author = at_desk(analyst(), ANALYST, "/procesos")

    begin_a_draft(author)
    make_the_form_of_the_review(author)
    editor = Editor(author)
    draw(editor)
    mend_the_gateway(editor)
    mend_the_condition(editor)
    try_and_keep_scenarios(author)
    propose(author)
    assert_the_author_is_refused(author, live_session.query(ProcessDraft.version).scalar())
    publish(at_desk(analyst(), ANALYST, "/procesos"))

    ask(at_desk(provider_of(later), PROVIDER, f"/acciones/{later.action.code}/anulacion", later.action.otec))
    assert_terms(live_session, running, later)
    director = at_desk(PersonFactory(profiles=[director_of("13")]), Profile.REGIONAL_DIRECTOR, "/bandeja")
    grant(director, running)
    grant(director, later)
    assert_the_running_one_is_done_and_the_later_one_waits(live_session, running, later)
    confirm(at_desk(PersonFactory(profiles=[(NATIONAL, None, None)]), NATIONAL, "/bandeja"), later)
    assert state_of(live_session, later) == "approved_for_reissue"


def begin_a_draft(page: Page) -> None:
    page.get_by_role("link", name=NAME).click()
    page.get_by_role("button", name="Empezar un borrador").click()
    page.wait_for_selector("#studio[data-ready]")


def make_the_form_of_the_review(page: Page) -> None:
    page.get_by_role("link", name="Cambiar sus formularios").click()
    page.get_by_label("Nombre para el diagrama").fill("national_review")
    page.get_by_label("Título").fill("Revisión del nivel central")
    page.get_by_role("button", name="Agregar el formulario").click()
    page.get_by_role("button", name="Agregar una pregunta").click()
    page.get_by_label("Pregunta", exact=True).fill("Razones de la revisión")
    page.get_by_label("Nombre para las condiciones").first.fill("review_reason")
    page.get_by_label("Tipo").select_option(label="Texto largo")
    page.get_by_label("Termina con").select_option(label="Una decisión de dos botones")
    page.get_by_text("La decisión", exact=True).click()
    for field, text in REVIEW.items():
        page.locator(f"#{field}").fill(text)
    for seen in ("Devolver: La Dirección Regional resuelve otra vez.", "Quedan 500 caracteres"):
        expect(page.locator("#vista")).to_contain_text(seen)
    page.get_by_role("button", name="Guardar en el borrador").click()
    page.get_by_role("link", name="Formularios del borrador").click()
    page.get_by_role("link", name="Borrador de").click()
    page.wait_for_selector("#studio[data-ready]")


def draw(editor: Editor) -> None:
    """Fifteen days; a lane of the national level, the review on the arrow through it, and a gateway of the wrong kind."""
    editor.choose("decide_annulment")
    editor.write("deadline", "15")
    editor.beside("regional_direction", "Agregar un carril debajo")
    editor.choose("lane_1")
    editor.pick("office", "Nivel central")
    editor.page.get_by_title("Ver todo").click()
    editor.put("Tarea de persona", (editor.middle("decided")[0], editor.middle("national_level")[1]))
    editor.write("name", "Revisar la resolución")
    editor.pick("form", "Revisión del nivel central")
    editor.write("deadline", "5")
    editor.write("id", "review_decision")
    editor.page.select_option("#elemento", label="de «Revisar la resolución» a «Registrar la resolución»")
    editor.press("Borrar este elemento")
    editor.choose("review_decision")
    editor.add("En paralelo")
    editor.write("name", "¿Se confirma?")
    editor.write("id", "is_confirmed")
    for target in ("record_decision", "decide_annulment"):
        editor.connect("is_confirmed", target)
    editor.expect_saving_done()


def mend_the_gateway(editor: Editor) -> None:
    """In parallel the case would go on and come back at once: the gate shows where, and by which way."""
    finding = editor.finding("doubled").first
    expect(finding).to_contain_text("Los caminos que abre pueden llegar los dos a")
    expect(finding).to_contain_text("→ ¿Se confirma? →")
    choose_finding(editor, finding)
    expect(editor.page.locator(".app-in-trouble").first).to_be_attached()
    editor.choose("is_confirmed")
    editor.pick("kind", "Decisión (sigue un camino)")
    expect(editor.finding("doubled")).to_have_count(0)
    expect(editor.finding("no_condition")).to_have_count(2)


def mend_the_condition(editor: Editor) -> None:
    """A gateway that reads a word nobody answers is caught too."""
    choose_finding(editor, editor.finding("no_condition").filter(has_text=BACK))
    editor.write("name", "no")
    editor.property("default").check()
    choose_finding(editor, editor.finding("no_condition").filter(has_text=ONWARD))
    editor.write("name", "sí")
    editor.write("condition", "confirmado == True")
    editor.page.select_option("#elemento", label="El proceso entero")
    choose_finding(editor, editor.finding("condition"))
    editor.write("condition", "confirmed == True")
    expect(editor.page.get_by_text("Sin hallazgos.")).to_be_visible()
    expect(editor.lacks()).to_contain_text("Agregue escenarios que pasen por aquí")
    picture(editor.page, "drawn")


def choose_finding(editor: Editor, finding: Locator) -> None:
    """It selects the element that it is about."""
    finding.click()
    expect(editor.page.locator("#elemento")).to_have_value(finding.get_attribute("data-element") or "")


def try_and_keep_scenarios(page: Page) -> None:
    page.get_by_role("link", name="Probarlo").click()
    answer(page, "Enviar Solicitud", reason=WHY)
    expect(page.locator("#pendiente")).to_contain_text("Resolver la solicitud de anulación")
    advance(page, 12)
    answer(page, "Aprobar", reason="Conforme.")
    expect(page.locator("#pendiente")).to_contain_text("Revisar la resolución: espera a Nivel central.")
    answer(page, "Confirmar", review_reason="Conforme.")
    expect(page.get_by_text("Terminó: Aprobado para su re-emisión.")).to_be_visible()
    picture(page, "tried")
    keep(page, "El nivel central confirma lo aprobado el día doce")
    page.get_by_role("link", name="Probar el borrador").click()
    page.get_by_text("Empezar de nuevo, otro día o en otra región").click()
    page.get_by_role("button", name="Empezar de nuevo").click()
    answer(page, "Enviar Solicitud", reason=WHY)
    answer(page, "Rechazar", reason="No procede.")
    answer(page, "Devolver", review_reason="Falta el cotejo.")
    answer(page, "Rechazar", reason="No procede, hecho el cotejo.")
    answer(page, "Confirmar", review_reason="Conforme.")
    keep(page, "El nivel central devuelve y después confirma el rechazo")
    page.get_by_role("button", name="Aceptar todo lo que pasa ahora").click()
    expect(page.get_by_text("Alcanza para proponer.")).to_be_visible()


def answer(page: Page, button: str, **fields: str) -> None:
    for name, text in fields.items():
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name=button, exact=True).click()


def advance(page: Page, days: int) -> None:
    page.get_by_label("Días hábiles").fill(str(days))
    page.get_by_role("button", name="Avanzar esos días hábiles").click()


def keep(page: Page, title: str) -> None:
    page.get_by_label("Nombre del escenario").fill(title)
    page.get_by_role("button", name="Guardar como escenario").click()
    expect(page.get_by_text("El ensayo quedó guardado como escenario.")).to_be_visible()


def propose(page: Page) -> None:
    page.get_by_role("link", name="Borrador de").click()
    page.get_by_role("link", name="Ver qué cambia y proponerlo").click()
    page.get_by_label("Nota del cambio").fill(NOTE)
    page.get_by_role("button", name="Proponer").click()
    expect(page.get_by_text("El borrador quedó propuesto. Un colega tiene que aprobarlo.")).to_be_visible()


def assert_the_author_is_refused(page: Page, version: int) -> None:
    """No button is there for the author, and who sends what the button would is refused."""
    expect(page.get_by_text("Usted escribió en este borrador o lo propuso.")).to_be_visible()
    expect(page.get_by_role("button", name="Aprobar y publicar")).to_have_count(0)
    page.evaluate(AS_IF_APPROVING, version)
    expect(page.get_by_role("alert")).to_contain_text("Pida a un colega que lo apruebe.")


def publish(page: Page) -> None:
    page.get_by_role("link", name="Propuesta 1").click()
    for change in (
        "pasa de 10 a 15 días hábiles",
        "Se agrega la tarea «Revisar la resolución»: a cargo de Nivel central",
    ):
        expect(page.get_by_role("listitem").filter(has_text=change)).to_be_visible()
    expect(page.locator("#datos")).to_contain_text(NOTE)
    picture(page, "proposal")
    page.get_by_role("button", name="Aprobar y publicar").click()
    expect(page.get_by_text("La versión 2 quedó publicada.")).to_be_visible()


def ask(page: Page) -> None:
    answer(page, "Enviar Solicitud", reason=WHY)
    expect(page.locator("main")).to_contain_text("Certificado pendiente de validación")


def assert_terms(session: Session, running: Certificate, later: Certificate) -> None:
    kept, ten = days_of(session, running, 10)
    given, fifteen = days_of(session, later, 15)
    assert (kept, given) == (ten, fifteen)
    assert waiting(session, running).instance.definition.version == 1
    assert waiting(session, later).instance.definition.version == 2


def grant(page: Page, certificate: Certificate) -> None:
    open_task(page, certificate)
    answer(page, "Aprobar", reason="El error está acreditado.")


def confirm(page: Page, certificate: Certificate) -> None:
    open_task(page, certificate)
    expect(page.locator("main")).to_contain_text("El error está acreditado.")
    answer(page, "Confirmar", review_reason="Conforme a la norma.")
    expect(page.get_by_text("Quedó registrado: Revisar la resolución.")).to_be_visible()


def open_task(page: Page, certificate: Certificate) -> None:
    page.get_by_role("row").filter(has_text=certificate.action.code).get_by_role("link").click()


def assert_the_running_one_is_done_and_the_later_one_waits(
    session: Session, running: Certificate, later: Certificate
) -> None:
    assert state_of(session, running) == "approved_for_reissue"
    assert state_of(session, later) == "pending_validation"
    task = waiting(session, later)
    assert (task.key, task.office) == ("review_decision", "national_level")


def state_of(session: Session, certificate: Certificate) -> str:
    session.expire_all()
    return str(certificates.state_of_action(session, certificate.action_id))


def provider_of(certificate: Certificate) -> Person:
    person: Person = PersonFactory(profiles=[(PROVIDER, certificate.action.otec, None)])
    return person
