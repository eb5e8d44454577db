"""The forms of the pages and the forms the diagrams may name are the same ones, with the same answers."""

import pytest
from flask import Flask, session

from app.process import catalogue
from app.web import task_forms
from app.web.access import AUTHENTICATED_BY


def test_the_pages_know_every_form_of_the_catalogue_and_no_other() -> None:
    assert task_forms.FORMS.keys() == catalogue.FORMS.keys()


@pytest.mark.parametrize("name", sorted(catalogue.FORMS))
def test_a_form_answers_exactly_what_the_catalogue_asks(app: Flask, name: str) -> None:
    spec = catalogue.FORMS[name]
    with app.test_request_context(method="POST", data={"reason": "a", "document_reference": "a", "task_id": "1"}):
        session[AUTHENTICATED_BY] = "cus"

        assert task_forms.FORMS[name]().answers().keys() == spec.answers | spec.decisions
