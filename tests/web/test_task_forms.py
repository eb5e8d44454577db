"""A form on a page is what its definition says: asked, checked and answered by it, and nothing of it takes another's name."""

import json
from typing import Any

import pytest
from flask import Flask, session
from werkzeug.datastructures import MultiDict

from app.domain.form_reading import NAME, RESERVED
from app.process import forms
from app.process.forms import FormSpec
from app.web import conditions
from app.web.access import AUTHENTICATED_BY
from app.web.portal.acceptance import AcceptanceForm
from app.web.portal.attachments import AttachmentsForm
from app.web.task_forms import TaskForm, as_typed, form_class

BASES: dict[str, type[TaskForm]] = {"accept_issuance": AcceptanceForm, "retroactive_request": AttachmentsForm}
LATE = {"name": "late", "type": "yes_no", "label": "¿Fuera de plazo?"}
DAYS = {"name": "days", "type": "number", "label": "Días", "when": "late == True", "minimum": 1}
WHY = {"name": "why", "type": "text", "label": "Por qué", "maximum": 80, "when": "days > 10"}
CAUSE = {"name": "cause", "type": "choice", "label": "Causa", "required": False}
CAUSE |= {"choices": [{"value": "mistake", "label": "Error"}, {"value": "other", "label": "Otra"}]}


def spec(*fields: dict[str, Any]) -> FormSpec:
    return forms.spec("request", {"title": "Solicitud", "fields": list(fields), "button": "Enviar"})


def form(**typed: str) -> TaskForm:
    made: TaskForm = form_class(spec(LATE, DAYS, WHY, CAUSE).definition)(formdata=MultiDict(typed))
    return made


@pytest.mark.parametrize("name", sorted(forms.first_versions()))
def test_a_page_answers_exactly_what_its_definition_asks(app: Flask, name: str) -> None:
    found = forms.first_versions()[name]
    with app.test_request_context(method="POST", data={"reason": "a", "document_reference": "a", "task_id": "1"}):
        session[AUTHENTICATED_BY] = "cus"
        made = form_class(found.definition, BASES.get(name, TaskForm))()

        assert made.answers().keys() == found.answers | found.decisions


def test_no_field_may_take_a_name_that_the_pages_use(app: Flask) -> None:
    with app.test_request_context():
        taken = {name for name in dir(form()) if NAME.match(name)}

    assert taken - {"late", "days", "why", "cause"} <= RESERVED


TYPED = {
    "nothing": ({}, {"late": "Falta «¿Fuera de plazo?». Elija una opción."}),
    "not late": ({"late": "0", "days": "x"}, {}),
    "late": ({"late": "1"}, {"days": "Falta «Días». Complételo."}),
    "a little late": ({"late": "1", "days": "10", "cause": "other"}, {}),
    "very late": ({"late": "1", "days": "1.000"}, {"why": "Falta «Por qué». Complételo."}),
    "no number": ({"late": "1", "days": "diez"}, {"days": "Escriba un número entero, solo con cifras, como 1250000."}),
    "no such cause": ({"late": "0", "cause": "x"}, {"cause": "Elija una de las opciones."}),
}


@pytest.mark.parametrize(("typed", "errors"), TYPED.values(), ids=TYPED)
def test_a_field_is_checked_where_it_is_asked(app: Flask, typed: dict[str, str], errors: dict[str, str]) -> None:
    with app.test_request_context():
        made = form(**typed)
        made.validate()

        assert {one.field.name: one.error for one in made.asked if one.error} == errors


def test_what_is_not_asked_is_not_answered(app: Flask) -> None:
    with app.test_request_context():
        assert form(late="0", days="12", why="x").answers() == {"late": False}
        assert form(late="1", days="12", why="x").answers() == {"late": True, "days": 12, "why": "x"}


def test_earlier_answers_come_back_as_they_would_be_typed() -> None:
    answers = {"late": True, "days": 1200, "other": "x"}

    assert as_typed(spec(LATE, DAYS).definition, answers) == {"late": "1", "days": "1200"}


SAID = {
    "late == True": "«¿Fuera de plazo?» es «Sí»",
    "late": "«¿Fuera de plazo?» es «Sí»",
    "not late": "«¿Fuera de plazo?» es «No»",
    "days > 10 and days <= 1000": "«Días» es mayor que «10» y «Días» es como máximo «1.000»",
    "cause in ('mistake', 'other')": "«Causa» es «Error» o «Otra»",
    "not (cause == 'other' or late)": "no se cumple que «Causa» es «Otra» o «¿Fuera de plazo?» es «Sí»",
}


@pytest.mark.parametrize(("when", "words"), SAID.items(), ids=SAID)
def test_a_condition_is_told_in_words(when: str, words: str) -> None:
    asked = spec(LATE, DAYS | {"when": ""}, CAUSE, WHY | {"when": when}).definition

    assert conditions.in_words(asked.field("why"), asked) == f"Conteste solo si {words}."


def test_the_script_gets_a_tree_and_no_text_to_evaluate() -> None:
    asked = spec(LATE, DAYS | {"when": ""}, WHY | {"when": "not late and days > 10"}).definition

    assert json.loads(conditions.for_script(asked.field("why"), asked)) == [
        "and",
        ["not", ["answer", "late", "yes_no"]],
        ["and", [">", ["answer", "days", "number"], ["value", 10]]],
    ]
