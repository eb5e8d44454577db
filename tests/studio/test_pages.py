"""The studio's pages without a script: a deadline changed in the table, proposed, returned, approved, compared, taken back."""

import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.permissions import Profile
from app.models import DraftStatus, Person, ProcessDraft
from app.process import definitions
from tests.factories import CertificateFactory
from tests.studio.analysts import ANNULMENT, address, analyst, at_the_studio, begun
from tests.web.people import enter
from tests.web.visitor import Visitor, errors_of, page_of, words

PAGE = "/procesos/annulment"
SENTENCE = "El plazo de «Resolver la solicitud de anulación» pasa de 10 a 15 días hábiles."
NOTE = "Quince días, según la resolución 12."


@pytest.fixture
def author(session: Session) -> Person:
    return analyst()


@pytest.fixture
def draft(session: Session, author: Person) -> ProcessDraft:
    return begun(session, author)


def send(visitor: Visitor, page: str, action: str, **typed: str) -> TestResponse:
    """Fill the form of a page that goes to `action` and send it."""
    read = visitor.read(page)
    (form,) = (one for one in read.select("main form") if str(one["action"]).endswith(action))
    held = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("input[name]")}
    held |= {str(tag["name"]): tag.text for tag in form.select("textarea[name]")}
    for tag in form.select("select[name]"):
        chosen = tag.select_one("option[selected]") or tag.select_one("option")
        held[str(tag["name"])] = str(chosen["value"]) if chosen else ""
    assert typed.keys() <= held.keys(), typed.keys() - held.keys()
    return visitor.client.post(str(form["action"]), data=held | typed)


def changed(client: FlaskClient, author: Person, draft: ProcessDraft) -> Visitor:
    visitor = at_the_studio(client, author)
    answer = send(visitor, address(draft, "/tabla"), "/tabla", **{"deadline.decide_annulment": "15"})
    assert answer.status_code == 303
    return visitor


def proposed(client: FlaskClient, author: Person, draft: ProcessDraft) -> None:
    visitor = changed(client, author, draft)
    assert send(visitor, address(draft, "/proponer"), "/proponer", note=NOTE).status_code == 303


def test_the_processes_are_listed_with_what_runs(client: FlaskClient, session: Session, draft: ProcessDraft) -> None:
    CertificateFactory(requested=True)

    row = words(at_the_studio(client, analyst()).read("/procesos"), "#procesos tbody tr:first-child")

    assert row.startswith("Anulación de un certificado emitido Versión 1, desde el ")
    assert row.endswith(f" 1 Borrador {draft.id}")


def test_who_only_looks_sees_no_button(client: FlaskClient, session: Session, draft: ProcessDraft) -> None:
    visitor = enter(client, Profile.SENCE_NATIONAL_ADMIN)

    for page in ("/procesos", PAGE, f"{PAGE}/versiones/1"):
        read = visitor.read(page)
        assert read.select("main form") == []
        assert "/borradores/" not in str(read.select("main"))
    assert enter(client, Profile.REGIONAL_DIRECTOR, region="13").client.get(PAGE).status_code == 403


def test_the_table_is_saved_as_it_is(
    client: FlaskClient, session: Session, author: Person, draft: ProcessDraft
) -> None:
    before = draft.xml

    send(at_the_studio(client, author), address(draft, "/tabla"), "/tabla")

    session.refresh(draft)
    assert (draft.xml, draft.version) == (before, 1)


def test_a_deadline_is_changed_in_the_table_and_told(
    client: FlaskClient, session: Session, author: Person, draft: ProcessDraft
) -> None:
    page = changed(client, author, draft).read(address(draft, "/proponer"))

    assert SENTENCE in words(page)
    assert page.select_one("#lista-de-hallazgos") is None


def test_what_the_gate_finds_leads_to_the_row(
    client: FlaskClient, session: Session, author: Person, draft: ProcessDraft
) -> None:
    visitor = at_the_studio(client, author)
    send(visitor, address(draft, "/tabla"), "/tabla", **{"condition.granted_yes": "aprobado == True"})

    page = visitor.read(address(draft, "/tabla"))

    link = page.select_one("#lista-de-hallazgos a")
    assert link is not None
    assert page.select_one(str(link["href"])) is not None
    refused = page_of(send(visitor, address(draft, "/proponer"), "/proponer", note=NOTE), 409)
    assert errors_of(refused) == ["El borrador tiene hallazgos. Corríjalos y vuelva a proponerlo."]
    assert refused.select_one("#lista-de-hallazgos") is not None
    assert refused.select_one("#note").text.strip() == NOTE  # type: ignore[union-attr]


def test_what_cannot_be_written_is_told_with_what_was_typed(
    client: FlaskClient, session: Session, author: Person, draft: ProcessDraft
) -> None:
    typed = {"deadline.decide_annulment": "diez", "name.decide_annulment": "Resolver pronto"}

    page = page_of(send(at_the_studio(client, author), address(draft, "/tabla"), "/tabla", **typed), 409)

    assert "El plazo de «Resolver la solicitud de anulación» no es un número de días" in errors_of(page)[0]
    assert page.select_one(".govuk-error-summary a[href='#deadline.decide_annulment']") is not None
    assert page.select_one("[id='name.decide_annulment']")["value"] == "Resolver pronto"  # type: ignore[index]


def test_what_no_xml_can_hold_is_left_out(
    client: FlaskClient, session: Session, author: Person, draft: ProcessDraft
) -> None:
    typed = {"name.decide_annulment": "Resolver\x00 \x01ya\ufffe", "condition.granted_yes": "granted\x0b == True"}

    answer = send(at_the_studio(client, author), address(draft, "/tabla"), "/tabla", **typed)

    assert answer.status_code == 303
    session.refresh(draft)
    assert 'name="Resolver ya"' in draft.xml


def test_a_step_is_put_in_and_taken_out_without_dragging(
    client: FlaskClient, session: Session, author: Person, draft: ProcessDraft
) -> None:
    visitor, before = at_the_studio(client, author), draft.xml
    new = {"new_flow": "decided", "new_name": "Revisar otra vez", "new_form": "annulment_decision"}
    send(visitor, address(draft, "/tabla"), "/pasos", **new, new_office="regional_direction")

    page = visitor.read(address(draft, "/proponer"))
    assert "Se agrega la tarea «Revisar otra vez»: a cargo de Dirección Regional" in words(page)
    assert page.select_one("#lista-de-hallazgos") is None

    send(visitor, address(draft, "/tabla"), "/pasos/quitar", step="revisar_otra_vez")
    session.refresh(draft)
    assert "revisar_otra_vez" not in draft.xml
    assert len(re.findall("<sequenceFlow", draft.xml)) == len(re.findall("<sequenceFlow", before))
    assert "No falta nada: se puede proponer." in words(visitor.read(address(draft)))


def test_a_colleague_reads_what_changes_and_publishes_it(
    client: FlaskClient, session: Session, author: Person, draft: ProcessDraft
) -> None:
    proposed(client, author, draft)
    mine = at_the_studio(client, author).read(address(draft))
    assert "Un colega tiene que aprobarlo." in words(mine)
    assert not [form for form in mine.select("main form") if str(form["action"]).endswith("/aprobar")]

    visitor = at_the_studio(client, analyst())
    page = visitor.read(address(draft))
    assert SENTENCE in words(page)
    assert NOTE in words(page)
    answer = send(visitor, address(draft), "/aprobar")

    assert answer.headers["Location"] == f"{PAGE}/versiones/2"
    assert "La versión 2 quedó publicada." in words(visitor.read(f"{PAGE}/versiones/2"))
    difference = visitor.read(f"{PAGE}/versiones/1/diferencia/2")
    assert SENTENCE in words(difference)
    (sign,) = difference.select("a.app-changes__sign")
    assert difference.select(f"svg [id='{str(sign['href'])[1:]}']")
    assert "Versión 2 Vigente desde el" in words(visitor.read(PAGE))
    assert "Quedó publicado como versión 2" in words(visitor.read(address(draft)))


def test_the_author_is_refused_whatever_is_sent(
    client: FlaskClient, session: Session, author: Person, draft: ProcessDraft
) -> None:
    proposed(client, author, draft)
    visitor = at_the_studio(client, author)
    page = visitor.read(address(draft))
    form = {str(tag["name"]): str(tag["value"]) for tag in page.select("form input[type=hidden]")}

    answer = client.post(address(draft, "/aprobar"), data=form | {"version": "3", "against": "1"})

    assert "Pida a un colega que lo apruebe." in errors_of(page_of(answer, 409))[0]
    assert definitions.latest(session, "annulment").version == 1


def test_a_proposal_is_returned_with_the_reason(
    client: FlaskClient, session: Session, author: Person, draft: ProcessDraft
) -> None:
    proposed(client, author, draft)
    visitor = at_the_studio(client, analyst())
    assert page_of(send(visitor, address(draft), "/devolver"), 409)

    send(visitor, address(draft), "/devolver", reason="Falta citar la norma.")

    session.refresh(draft)
    assert draft.status is DraftStatus.DRAFT
    visitor = at_the_studio(client, author)
    page = visitor.read(address(draft))
    assert "devolvió la propuesta. «Falta citar la norma.»" in words(page)
    form = visitor.read(address(draft, "/proponer"))
    assert form.select_one("#note").text.strip() == NOTE  # type: ignore[union-attr]


def test_an_earlier_version_is_proposed_in_one_click(
    client: FlaskClient, session: Session, author: Person, draft: ProcessDraft
) -> None:
    proposed(client, author, draft)
    colleague = at_the_studio(client, analyst())
    send(colleague, address(draft), "/aprobar")

    answer = send(colleague, f"{PAGE}/versiones/1", "/volver")

    page = colleague.read(answer.headers["Location"])
    assert "Volver a la versión 1, publicada el" in words(page)
    assert "pasa de 15 a 10 días hábiles." in words(page)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Elija un archivo BPMN"),
        (b"<!DOCTYPE x><x/>", "DOCTYPE"),
        (b"<x/>", "un proceso ejecutable"),
        (b"\xff\xfe", "UTF-8"),
    ],
    ids=str,
)
def test_a_file_that_is_no_safe_diagram_is_told_why(
    client: FlaskClient, session: Session, content: bytes, sentence: str
) -> None:
    page = page_of(uploaded(at_the_studio(client, analyst()), content), 422)

    assert sentence in errors_of(page)[0]
    assert session.query(ProcessDraft).count() == 0


def uploaded(visitor: Visitor, content: bytes) -> TestResponse:
    page = visitor.read("/procesos")
    held = {str(tag["name"]): str(tag["value"]) for tag in page.select("main form input[type=hidden]")}
    return visitor.client.post("/procesos/archivo", data=held | {"diagram": (io.BytesIO(content), "a.bpmn")})


def test_a_file_of_another_tool_becomes_a_draft_of_a_new_process(client: FlaskClient, session: Session) -> None:
    content = ANNULMENT.read_bytes().replace(b'"annulment"', b'"another_one"')
    visitor = at_the_studio(client, analyst())

    answer = uploaded(visitor, content)

    page = visitor.read(answer.headers["Location"])
    assert "Viene de un archivo." in words(page)
    assert "another_one" in str(visitor.read("/procesos").select_one("#procesos"))
    assert "Todavía no se publica ninguna versión." in words(visitor.read("/procesos/another_one"))


def test_a_diagram_without_a_name_is_called_by_its_id(client: FlaskClient, session: Session) -> None:
    content = ANNULMENT.read_bytes().replace(b'"annulment"', b'"another_one"')
    visitor = at_the_studio(client, analyst())

    where = uploaded(visitor, re.sub(rb'(<process id="another_one") name="[^"]*"', rb"\1", content)).headers["Location"]

    assert words(visitor.read(where), "h1") == "Borrador de another_one"
    link = visitor.read("/procesos").select_one('#procesos a[href="/procesos/another_one"]')
    assert link is not None
    assert link.text == "another_one"


def test_the_canonical_text_is_downloaded(client: FlaskClient, session: Session) -> None:
    answer = at_the_studio(client, analyst()).client.get(f"{PAGE}/versiones/1/diagrama.bpmn")

    assert answer.text == definitions.latest(session, "annulment").xml
    assert "annulment-v1.bpmn" in answer.headers["Content-Disposition"]


HUGE = 10**30


@pytest.mark.parametrize(
    "rest",
    ["", "/versiones/9", "/versiones/1/diferencia/9", "/borradores/999", f"/borradores/{HUGE}", f"/versiones/{HUGE}"],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, session: Session, rest: str) -> None:
    visitor = at_the_studio(client, analyst())

    assert visitor.client.get(f"/procesos/{'none' if not rest else 'annulment'}{rest}").status_code == 404
