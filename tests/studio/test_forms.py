"""The forms of a draft: edited without script beside how they will look, kept when they can be used, and asked by the diagram."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.permissions import Profile
from app.models import ProcessDraft
from app.process import forms
from app.process.studio import checking, drafts
from app.web.studio import form_typed
from tests.studio import pressing
from tests.studio.analysts import actor_of, address, analyst, at_the_studio, begun
from tests.support.second_review import PAID, REVIEW
from tests.web.people import enter
from tests.web.visitor import Visitor, errors_of, page_of, words

NAME = "annulment_request"


@pytest.fixture
def draft(session: Session) -> ProcessDraft:
    return begun(session, analyst())


def where(draft: ProcessDraft, name: str = NAME) -> str:
    return address(draft, f"/formularios/{name}")


def held(page: BeautifulSoup) -> dict[str, str]:
    (form,) = page.select("form#editar")
    return pressing.held(form)


def press(visitor: Visitor, draft: ProcessDraft, act: str, page: BeautifulSoup, **typed: str) -> TestResponse:
    fields = {key.replace("__", "-"): value for key, value in typed.items()}
    return visitor.client.post(where(draft), data=held(page) | fields | {"act": act})


def labels(page: BeautifulSoup) -> list[str]:
    return [str(tag["value"]) for tag in page.select("#editar input[name$='-label']")]


def with_amount(visitor: Visitor, draft: ProcessDraft) -> tuple[BeautifulSoup, dict[str, str]]:
    """The page with one more question, and what makes it the amount paid."""
    page = page_of(press(visitor, draft, "add", visitor.read(where(draft))))
    return page, {
        "f1__name": "amount_paid",
        "f1__label": PAID["label"],
        "f1__type": "number",
        "f1__minimum": "1",
        "f1__maximum": "",
        "f1__hint": PAID["hint"],
        "f1__missing": PAID["missing"],
    }


def test_who_adds_a_question_lands_at_it_without_a_script(client: FlaskClient, draft: ProcessDraft) -> None:
    visitor = at_the_studio(client, draft.author)
    before = visitor.read(where(draft))

    page, _ = with_amount(visitor, draft)

    assert page.select_one("#f1-field #f1-label[autofocus]")
    assert len(page.select("[autofocus]")) == 1
    assert before.select("[autofocus]") == []


def test_a_question_is_added_and_kept_in_the_draft_and_the_draft_is_still_sound(
    client: FlaskClient, session: Session, draft: ProcessDraft
) -> None:
    visitor = at_the_studio(client, draft.author)
    page, amount = with_amount(visitor, draft)

    saved = press(visitor, draft, "save", page, **amount)

    assert saved.status_code == 303
    session.refresh(draft)
    assert draft.forms[NAME]["fields"][1] == PAID
    assert (draft.version, checking.findings(draft)) == (2, [])
    assert "El formulario quedó guardado" in words(visitor.read(where(draft)))


def test_buttons_that_move_add_or_show_keep_nothing(client: FlaskClient, session: Session, draft: ProcessDraft) -> None:
    visitor = at_the_studio(client, draft.author)
    page, amount = with_amount(visitor, draft)

    shown = page_of(press(visitor, draft, "show", page, **amount))
    moved = page_of(press(visitor, draft, "up-1", shown))
    gone = page_of(press(visitor, draft, "remove-1", moved))

    assert labels(shown) == ["Motivo de la solicitud", PAID["label"]]
    assert labels(moved) == [PAID["label"], "Motivo de la solicitud"]
    assert labels(gone) == [PAID["label"]]
    assert "Lo que ve está sin guardar." in words(gone)
    session.refresh(draft)
    assert draft.version == 1


def test_the_preview_is_what_people_will_see(client: FlaskClient, draft: ProcessDraft) -> None:
    visitor = at_the_studio(client, draft.author)
    page, amount = with_amount(visitor, draft)
    typed = held(page) | {key.replace("__", "-"): value for key, value in amount.items()}

    preview = page_of(visitor.client.post(f"{where(draft)}/vista", data=typed))

    assert preview.select_one("input#amount_paid[inputmode=numeric]") is not None
    assert PAID["hint"] in preview.text
    assert preview.select_one("textarea#reason") is not None
    assert [tag["type"] for tag in preview.select("button")] == ["button"]


def test_what_cannot_be_used_yet_is_said_where_it_is_and_nothing_typed_is_lost(
    client: FlaskClient, session: Session, draft: ProcessDraft
) -> None:
    visitor = at_the_studio(client, draft.author)
    page, amount = with_amount(visitor, draft)

    refused = page_of(press(visitor, draft, "save", page, **(amount | {"f1__name": "Monto"})), 422)

    assert errors_of(refused)[0].startswith("Campo «Monto»: el nombre «Monto» va en inglés")
    assert refused.select_one('.govuk-error-summary a[href="#f1-name"]') is not None
    assert labels(refused)[1] == PAID["label"]
    assert "va en inglés" in words(refused, "#vista")
    session.refresh(draft)
    assert draft.version == 1


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(
    client: FlaskClient, session: Session, draft: ProcessDraft
) -> None:
    visitor = at_the_studio(client, draft.author)
    page, amount = with_amount(visitor, draft)
    other = {**draft.forms, "national_review": REVIEW}
    drafts.save(session, draft.id, xml=draft.xml, version=1, actor=actor_of(analyst()), forms=other)
    session.commit()

    late = page_of(press(visitor, draft, "save", page, **amount), 409)

    assert "guardó este borrador" in errors_of(late)[0]
    assert labels(late)[1] == PAID["label"]
    session.refresh(draft)
    assert len(draft.forms[NAME]["fields"]) == 1


def test_a_new_form_begins_empty_and_may_be_named_by_a_task(
    client: FlaskClient, session: Session, draft: ProcessDraft
) -> None:
    visitor = at_the_studio(client, draft.author)

    begun_form = visitor.send(
        address(draft, "/formularios"), "Agregar el formulario", name="my_review", title="Revisión"
    )

    assert begun_form.headers["Location"] == where(draft, "my_review")
    assert "Todavía no pregunta nada." in words(visitor.read(where(draft, "my_review")))
    assert visitor.read(address(draft, "/tabla")).select_one("option[value=my_review]") is not None
    told = visitor.client.get(f"/procesos/catalogo?borrador={draft.id}").get_json()
    assert "my_review" in [form["name"] for form in told["forms"]]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [(NAME, "Ya hay un formulario"), ("Mi Form", "El nombre «Mi Form» va en inglés"), ("", "Falta el nombre.")],
)
def test_a_new_form_needs_a_name_of_its_own(client: FlaskClient, draft: ProcessDraft, name: str, sentence: str) -> None:
    visitor = at_the_studio(client, draft.author)

    page = page_of(visitor.send(address(draft, "/formularios"), "Agregar el formulario", name=name, title="Otro"), 422)

    assert sentence in errors_of(page)[0]


def test_a_form_that_a_machine_stored_wrong_is_a_finding_at_its_task(session: Session, draft: ProcessDraft) -> None:
    wrong = {**draft.forms, NAME: {"title": "Solicitud", "fields": [PAID], "button": ""}}
    drafts.save(session, draft.id, xml=draft.xml, version=1, actor=actor_of(draft.author), forms=wrong)

    (finding,) = [one for one in checking.findings(draft) if "falta «button»" in one.sentence]

    assert (finding.code, finding.element) == ("form", "request_annulment")


@pytest.mark.parametrize("data", [REVIEW, {"title": "Otro", "fields": [PAID], "button": "Enviar"}, {}], ids=str)
def test_what_is_shown_to_be_typed_over_is_the_form_again(data: dict[str, Any]) -> None:
    shown = form_typed.typed_of(data)
    typed = {key: str(shown[key]) for key in ("title", "button", "ending", "decision_name", "decision_missing")}
    typed |= {f"{way}-{key}": text for way, found in shown["ways"].items() for key, text in found.items()}
    for number, field in enumerate(shown["fields"]):
        texts = {key: str(value) for key, value in field.items() if not isinstance(value, bool)}
        ticked = {key: "1" for key in ("required", "decides") if field[key]}
        typed |= {f"f{number}-{key}": value for key, value in (texts | ticked).items()}
    again = form_typed.data(typed, [])

    if data:
        assert forms.spec("again", again) == forms.spec("again", data)
    else:
        assert again == {"title": "", "fields": [], "button": ""}


@pytest.mark.parametrize("profile", [Profile.SENCE_NATIONAL_ADMIN, Profile.OPERATOR])
def test_only_analysts_edit_forms(client: FlaskClient, draft: ProcessDraft, profile: Profile) -> None:
    visitor = enter(client, profile)

    assert visitor.client.get(where(draft)).status_code == 403
    assert visitor.client.get(address(draft, "/formularios")).status_code == 403


TOLD = {
    "a question without words": ({"f1__label": ""}, "Campo «amount_paid»: falta «Pregunta». Escríbalo.", "#f1-label"),
    "no title": ({"title": ""}, "Falta «Título». Escríbalo.", "#title"),
    "no button": ({"button": ""}, "Falta «Texto del botón», o una decisión con dos botones. Escríbalo.", "#button"),
    "a decision without words": (
        {"ending": "decision", "decision_name": "confirmed"},
        "Decisión, «Primer botón»: falta «Texto del botón». Escríbalo.",
        "#yes-button",
    ),
}


@pytest.mark.parametrize(("typed", "sentence", "place"), TOLD.values(), ids=TOLD)
def test_what_is_wrong_is_told_in_the_words_of_the_page(
    client: FlaskClient, draft: ProcessDraft, typed: dict[str, str], sentence: str, place: str
) -> None:
    visitor = at_the_studio(client, draft.author)
    page, amount = with_amount(visitor, draft)

    refused = page_of(press(visitor, draft, "save", page, **(amount | typed)), 422)

    assert errors_of(refused) == [sentence]
    assert refused.select_one(f'.govuk-error-summary a[href="{place}"]') is not None
    assert refused.select_one(f"{place}-error") is not None
