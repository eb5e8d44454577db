"""What the gate says of forms: their own page, the page a process begins on, and the types that operations work with."""

from typing import Any

import pytest

from app.process import definitions, diagrams, forms, gate
from app.process.diagrams import Diagram
from app.process.package import Package
from tests.support import second_review

ANNULMENT = (definitions.FOLDER / "annulment.bpmn").read_text("utf-8")


def annulment(old: str = "", new: str = "") -> Diagram:
    assert old in ANNULMENT
    return diagrams.read(ANNULMENT.replace(old, new).encode())


def found(diagram: Diagram, **given: Any) -> list[tuple[str, str]]:
    return [(one.code, one.element) for one in gate.findings(Package(diagram, forms.offered(given)))]


def test_a_form_with_answers_of_the_product_stays_in_its_process() -> None:
    assert ("form", "decide_annulment") in found(annulment('form="annulment_decision"', 'form="accept_issuance"'))


def test_a_process_keeps_the_form_that_its_page_begins_with() -> None:
    diagram = annulment('form="annulment_request"', 'form="retroactive_decision"')

    assert ("form", "annulment") in found(diagram)


@pytest.mark.parametrize(("field", "element"), [("reason", "request_annulment"), ("granted", "decide_annulment")])
def test_what_an_operation_reads_is_of_the_type_it_works_with(field: str, element: str) -> None:
    number = {"title": "Otro", "fields": [{"name": field, "type": "number", "label": "Cuánto"}], "button": "Enviar"}
    name = "annulment_request" if field == "reason" else "annulment_decision"

    assert ("type_clash", element) in found(annulment(), **{name: number})


def test_an_operation_may_not_hang_on_an_answer_that_can_be_left_open() -> None:
    request = second_review.forms()["annulment_request"]
    request["fields"][0]["required"] = False

    assert ("missing_answer", "record_request") in found(annulment(), annulment_request=request)


def test_a_condition_may_read_what_a_form_decides_and_nothing_else_of_it() -> None:
    choice = {"name": "granted", "type": "choice", "label": "Cómo", "decides": True}
    choice["choices"] = [{"value": "yes", "label": "Sí"}, {"value": "no", "label": "No"}]
    form = {"title": "Otro", "fields": [choice], "button": "Enviar"}

    assert ("condition", "granted_yes") in found(annulment(), annulment_decision=form)
