"""The table without a script: what hangs on a step and what is inside of one are groups, and every kind is added and taken out."""

import pytest
from sqlalchemy.orm import Session

from app.models import Person, ProcessDraft
from app.process import diagrams
from tests.studio.analysts import address, begun
from tests.studio.pressing import on, press
from tests.studio.test_steps import PROCESSES
from tests.web.visitor import Visitor, errors_of, page_of, words

WAIT = {"new_flow": "decided", "new_name": "Esperar unos días", "new_key": "wait_a_bit"}
LATE = {
    "border_host": "decide_annulment",
    "border_name": "Pasaron 15 días",
    "border_key": "very_late",
    "border_days": "15",
}


@pytest.fixture
def draft(session: Session, author: Person) -> ProcessDraft:
    return begun(session, author)


def read(draft: ProcessDraft) -> diagrams.Diagram:
    return diagrams.read(draft.xml.encode())


def test_what_hangs_on_a_step_and_what_is_inside_are_groups_within_it(
    visitor: Visitor, session: Session, draft: ProcessDraft
) -> None:
    draft.xml = PROCESSES["every_element"]
    session.flush()

    page = visitor.read(address(draft, "/tabla"))

    assert words(page, "#paso-decide #paso-decide_soon legend").startswith("Queda poco Aviso por plazo de «Decidir»")
    (inside,) = page.select("#paso-review [role=group]")
    assert inside["aria-label"] == "Pasos dentro de «Revisar los documentos»"
    assert [one["id"] for one in inside.select("fieldset")][:2] == ["paso-review_begins", "paso-look"]
    assert len(page.select("[id='paso-look']")) == 1
    assert page.select_one("[id='term.wait']")["value"] == "5"  # type: ignore[index]
    assert words(page, "[id='message.wait_void'] option[selected]") == "Certificado anulado por SENCE"


def test_a_table_of_every_kind_is_saved_as_it_is(visitor: Visitor, session: Session, draft: ProcessDraft) -> None:
    draft.xml = PROCESSES["every_element"]
    draft.process_id = "every_element"
    draft.base = None
    session.flush()

    on(visitor, address(draft, "/tabla"), "Guardar la tabla")

    assert draft.xml == PROCESSES["every_element"]


@pytest.mark.parametrize(
    ("typed", "waits_for"),
    [
        ({"new_kind": "timer", "new_days": "5", "new_unit": "plazo_corrido"}, "plazo_corrido(5)"),
        ({"new_kind": "message", "new_message": "certificates/voided"}, "certificates/voided"),
    ],
    ids=str,
)
def test_a_wait_is_put_on_an_arrow_and_taken_out(
    visitor: Visitor, draft: ProcessDraft, typed: dict[str, str], waits_for: str
) -> None:
    on(visitor, address(draft, "/tabla"), "Agregar el paso", **WAIT, **typed)
    event = read(draft).events["wait_a_bit"]

    on(visitor, address(draft, "/tabla"), "Quitar el paso", step="wait_a_bit")

    assert waits_for in (event.term, event.message)
    assert "wait_a_bit" not in draft.xml


def test_a_call_and_a_table_are_put_on_an_arrow(visitor: Visitor, draft: ProcessDraft) -> None:
    call = {"new_flow": "decided", "new_kind": "callActivity", "new_name": "Llamar", "new_called": "issuance"}
    table = {"new_flow": "decided", "new_kind": "businessRuleTask", "new_name": "Ver quién", "new_decision": "level"}

    on(visitor, address(draft, "/tabla"), "Agregar el paso", **call)
    on(visitor, address(draft, "/tabla"), "Agregar el paso", **table)

    assert (read(draft).calls, read(draft).decisions) == ({"llamar": "issuance"}, {"ver_quien": "level"})


@pytest.mark.parametrize("interrupts", ["yes", "no"])
def test_a_term_is_hung_on_a_step_and_taken_off(visitor: Visitor, draft: ProcessDraft, interrupts: str) -> None:
    on(visitor, address(draft, "/tabla"), "Agregar el aviso", **LATE, border_interrupts=interrupts)
    event = read(draft).events["very_late"]

    on(visitor, address(draft, "/tabla"), "Quitar el paso", step="very_late")

    assert (event.host, event.term, event.is_interrupting) == (
        "decide_annulment",
        "plazo_habil(15)",
        interrupts == "yes",
    )
    assert "very_late" not in draft.xml


def test_days_that_are_none_lead_to_their_box_with_nothing_lost(visitor: Visitor, draft: ProcessDraft) -> None:
    answer = press(visitor, address(draft, "/tabla"), "Agregar el aviso", **(LATE | {"border_days": "quince"}))

    page = page_of(answer, 409)
    assert errors_of(page) == ["El plazo del aviso no es un número de días. Escríbalo como 10."]
    assert page.select(".govuk-error-summary a[href='#border_days']")
    assert page.select_one("#border_name")["value"] == LATE["border_name"]  # type: ignore[index]


def test_an_office_gets_a_lane_and_is_offered_no_more(visitor: Visitor, draft: ProcessDraft) -> None:
    page = on(visitor, address(draft, "/tabla"), "Agregar la oficina", new_lane="national_level")

    assert page.select("[id='office.decide_annulment'] option[value=national_level]")
    assert not page.select("#new_lane option[value=national_level]")
