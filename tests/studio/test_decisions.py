"""The decision tables of a draft: edited without script, kept when they can be used, and told what they leave open."""

import re

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.permissions import Profile
from app.models import ProcessDraft
from app.process import dmn
from app.process.studio import decisions_edit, drafts
from tests.process.tables import SOUND, sheet
from tests.studio import pressing
from tests.studio.analysts import actor_of, address, analyst, at_the_studio, begun
from tests.web.people import enter
from tests.web.visitor import Visitor, errors_of, page_of, words

NAME = "review_level"
TITLE = "Quién revisa la anulación"


@pytest.fixture
def draft(session: Session) -> ProcessDraft:
    return with_table(session, begun(session, analyst()), *SOUND)


@pytest.fixture
def visitor(client: FlaskClient, draft: ProcessDraft) -> Visitor:
    return at_the_studio(client, draft.author)


def with_table(session: Session, draft: ProcessDraft, *rows: str, policy: str = "UNIQUE") -> ProcessDraft:
    tables = {**draft.decision_tables, NAME: dmn.written(sheet(*rows, policy=policy))}
    author = actor_of(draft.author)
    return drafts.save(session, draft.id, xml=draft.xml, version=draft.version, actor=author, decision_tables=tables)


def where(draft: ProcessDraft, rest: str = "") -> str:
    return address(draft, f"/decisiones/{NAME}{rest}")


def held(page: BeautifulSoup) -> dict[str, str]:
    (form,) = page.select("form#editar")
    return pressing.held(form)


def press(visitor: Visitor, draft: ProcessDraft, act: str, page: BeautifulSoup, **typed: str) -> TestResponse:
    fields = {key.replace("__", "-"): value for key, value in typed.items()}
    return visitor.client.post(where(draft), data=held(page) | fields | {"act": act})


def conditions(page: BeautifulSoup) -> list[str]:
    return [
        str(tag["value"]) for tag in page.select("#editar input") if re.match("rule_[0-9]+_cell_1", str(tag["name"]))
    ]


def test_a_cell_is_changed_and_kept_in_the_draft(visitor: Visitor, session: Session, draft: ProcessDraft) -> None:
    before = draft.version

    saved = press(visitor, draft, "save", visitor.read(where(draft)), rule_1_cell_2="<= 8", rule_2_cell_2="> 8")

    assert saved.status_code == 303
    session.refresh(draft)
    kept = decisions_edit.sheet_of(draft, NAME)
    assert [row.conditions[1] for row in kept.rows] == ["<= 8", "> 8", "-"]
    assert draft.version == before + 1
    assert "La tabla quedó guardada en el borrador." in words(visitor.read(where(draft)))


def test_buttons_that_move_add_or_show_keep_nothing(visitor: Visitor, session: Session, draft: ProcessDraft) -> None:
    before = draft.version

    moved = page_of(press(visitor, draft, "down-rule-1", visitor.read(where(draft))))
    more = page_of(press(visitor, draft, "add-rule", moved, rule_1_cell_1="typed"))
    less = page_of(press(visitor, draft, "remove-rule-3", more))

    assert conditions(moved) == ['"data_error"', '"data_error"', 'not("data_error")']
    assert conditions(more) == ['"typed"', '"data_error"', 'not("data_error")', "-"]
    assert more.select_one("input#rule_4_cell_1[autofocus]") is not None
    assert conditions(less) == ['"typed"', '"data_error"', "-"]
    assert "Lo que ve está sin guardar." in words(less)
    session.refresh(draft)
    assert draft.version == before


def test_what_cannot_be_used_is_said_at_its_cell_and_nothing_typed_is_lost(
    visitor: Visitor, session: Session, draft: ProcessDraft
) -> None:
    before = draft.version

    refused = page_of(press(visitor, draft, "save", visitor.read(where(draft)), rule_2_cell_2="muchos"), 422)

    assert errors_of(refused)[0].startswith("Fila 2, columna «Días»: «muchos» no se entiende aquí.")
    assert refused.select_one('.govuk-error-summary a[href="#rule_2_cell_2"]') is not None
    assert "«muchos» no se entiende aquí." in words(refused, "#rule_2_cell_2-error")
    assert held(refused)["rule_2_cell_2"] == "muchos"
    session.refresh(draft)
    assert draft.version == before


def test_what_is_left_open_is_told_with_an_example_and_filled_in(
    visitor: Visitor, session: Session, draft: ProcessDraft
) -> None:
    with_table(session, draft, *SOUND[:2])
    page = visitor.read(where(draft))

    assert 'Ninguna fila se cumple si Motivo es "duplicate" y Días es 0.' in words(page, "#hallazgos")
    (fill,) = page.select("#hallazgos button")
    filled = page_of(press(visitor, draft, str(fill["value"]), page))
    assert held(filled)["rule_3_cell_1"] == '"duplicate","other"'
    assert held(filled)["rule_3_cell_2"] == "-"
    saved = press(visitor, draft, "save", filled, rule_3_cell_3="national")
    assert saved.status_code == 303
    assert "Sin hallazgos: para cada caso hay una respuesta." in words(visitor.read(where(draft)))


FOUND = {
    "two rows at once": (
        (*SOUND, '"other" | 3 | "regional"'),
        'Se cumplen a la vez las filas 3 y 4, por ejemplo si Motivo es "other" y Días es 3. Deje una.',
    ),
    "a row never": (
        (*SOUND, 'not("data_error","duplicate","other") | - | "regional"'),
        "La fila 4 no se cumple nunca: «Motivo» no toma esos valores. Corríjala o quítela.",
    ),
}


@pytest.mark.parametrize(("rows", "sentence"), FOUND.values(), ids=FOUND)
def test_what_is_wrong_with_a_row_is_told_below_it(
    visitor: Visitor, session: Session, draft: ProcessDraft, rows: tuple[str, ...], sentence: str
) -> None:
    with_table(session, draft, *rows)

    page = visitor.read(where(draft))

    told = page.select_one("tr:has(#rule_4_cell_1) + tr .app-decision__findings")
    assert told is not None
    assert told.text.strip() == sentence


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(
    visitor: Visitor, session: Session, draft: ProcessDraft
) -> None:
    page = visitor.read(where(draft))
    with_table(session, draft, *SOUND[:2])

    late = page_of(press(visitor, draft, "save", page, rule_1_cell_2="3"), 409)

    assert "guardó este borrador" in errors_of(late)[0]
    assert held(late)["rule_1_cell_2"] == "3"
    assert len(decisions_edit.sheet_of(draft, NAME).rows) == 2


def test_a_new_table_begins_with_one_row_and_may_be_named_by_a_task(visitor: Visitor, draft: ProcessDraft) -> None:
    listed = address(draft, "/decisiones")

    begun_table = visitor.send(listed, "Agregar la tabla", name="who_signs", title="Quién firma")

    page = visitor.read(str(begun_table.headers["Location"]))
    assert conditions(page) == ["-"]
    assert "no es el nombre de una respuesta" in words(page, "#input_1-name-error")
    assert "Quién firma" in words(visitor.read(listed), "#tablas")


@pytest.mark.parametrize(
    ("name", "title", "sentence", "place"),
    [
        (NAME, "Otra", "Ya hay una tabla con ese nombre.", "#name"),
        ("annulment_review", "Otra", "Ya hay una tabla con ese nombre.", "#name"),
        ("Mi tabla", "Otra", "El id «Mi tabla» va en inglés", "#name"),
        ("other", "", "La tabla lleva un nombre de hasta 120 caracteres.", "#title"),
    ],
    ids=["taken", "of the house", "not English", "no title"],
)
def test_a_new_table_needs_a_name_of_its_own(
    visitor: Visitor, draft: ProcessDraft, name: str, title: str, sentence: str, place: str
) -> None:
    listed = address(draft, "/decisiones")

    page = page_of(visitor.send(listed, "Agregar la tabla", name=name, title=title), 422)

    assert errors_of(page)[0].startswith(sentence)
    assert page.select_one(f'.govuk-error-summary a[href="{place}"]') is not None


def test_a_table_of_the_house_becomes_the_drafts_own_when_it_is_saved(
    visitor: Visitor, session: Session, draft: ProcessDraft
) -> None:
    here = address(draft, "/decisiones/annulment_review")
    page = visitor.read(here)
    assert "Es una tabla de la casa." in words(page)

    visitor.client.post(here, data=held(page) | {"act": "save", "title": "Quién mira"})

    session.refresh(draft)
    assert decisions_edit.titles(draft)["annulment_review"] == "Quién mira"


def test_a_table_is_taken_out(visitor: Visitor, session: Session, draft: ProcessDraft) -> None:
    gone = pressing.press(visitor, where(draft), "Quitar la tabla")

    assert gone.headers["Location"] == address(draft, "/decisiones")
    session.refresh(draft)
    assert draft.decision_tables == {}
    assert visitor.client.get(where(draft)).status_code == 404


def test_a_table_of_what_is_a_draft_no_more_is_only_read(
    visitor: Visitor, session: Session, draft: ProcessDraft
) -> None:
    page = visitor.read(where(draft))
    drafts.discard(session, draft.id, actor_of(draft.author))

    shown = visitor.read(where(draft))
    late = page_of(press(visitor, draft, "save", page), 409)

    assert shown.select("main input, main button, #decision") == []
    assert "Quién revisa la anulación" in words(shown, ".app-decision")
    assert "descartó" in errors_of(late)[0]


def test_what_no_file_can_hold_is_left_out(visitor: Visitor, session: Session, draft: ProcessDraft) -> None:
    press(visitor, draft, "save", visitor.read(where(draft)), title="Quién\ufffe firma\x07")

    session.refresh(draft)
    assert decisions_edit.sheet_of(draft, NAME).title == "Quién firma"


@pytest.mark.parametrize("profile", [Profile.SENCE_NATIONAL_ADMIN, Profile.OPERATOR])
def test_only_analysts_edit_tables(client: FlaskClient, draft: ProcessDraft, profile: Profile) -> None:
    other = enter(client, profile)

    for rest in ("", "/probar", "/dmn"):
        assert other.client.get(where(draft, rest)).status_code == 403
    assert other.client.get(address(draft, "/decisiones")).status_code == 403
