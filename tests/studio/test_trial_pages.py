"""Trying a draft on its pages, without a script: answers, days, back, and a scenario of it."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Effect, HumanTask, ProcessDraft, ProcessInstance
from tests.studio.analysts import TEN_DAYS, address
from tests.studio.pressing import on, press, press_on
from tests.web.visitor import Visitor, errors_of, page_of, words


def begun_on(visitor: Visitor, draft: ProcessDraft, day: str = "02/03/2026") -> str:
    page = address(draft, "/probar")
    on(visitor, page, "Empezar de nuevo", day=day)
    return page


def test_a_draft_is_tried_from_the_first_answer_to_its_end(visitor: Visitor, draft: ProcessDraft) -> None:
    page = begun_on(visitor, draft)

    asked = on(visitor, page, "Enviar Solicitud", reason="El folio está mal.")
    assert "Vence el 16/03/2026." in words(asked, "#pendiente")
    late = on(visitor, page, "Avanzar esos días hábiles", days="11")
    assert "Aviso de plazo cumplido" in words(late, "#hechos")
    ended = on(visitor, page, "Aprobar", reason="Corresponde.")

    assert "Terminó: Aprobado para su re-emisión." in words(ended)
    assert "Se haría Registra la resolución de la Dirección Regional." in words(ended, "#hechos")
    assert "Se enviaría Correo a quien pidió" in words(ended, "#hechos")


def test_nothing_of_a_trial_is_done(session: Session, visitor: Visitor, draft: ProcessDraft) -> None:
    page = begun_on(visitor, draft)
    on(visitor, page, "Enviar Solicitud", reason="El folio está mal.")
    on(visitor, page, "Aprobar", reason="Corresponde.")

    assert [
        session.scalar(select(func.count()).select_from(kind)) for kind in (ProcessInstance, HumanTask, Effect)
    ] == [0] * 3


def test_one_step_back_and_the_rest_is_played_again(visitor: Visitor, draft: ProcessDraft) -> None:
    page = begun_on(visitor, draft)
    on(visitor, page, "Enviar Solicitud", reason="El folio está mal.")
    on(visitor, page, "Avanzar esos días hábiles", days="3")

    back = on(visitor, page, "Volver un paso")

    assert "En el ensayo es el 02/03/2026" in words(back)
    assert "Resolver la solicitud de anulación" in words(back, "#pendiente")


def test_the_form_is_checked_as_a_real_one_and_keeps_what_was_typed(visitor: Visitor, draft: ProcessDraft) -> None:
    page = begun_on(visitor, draft)

    refused = page_of(press(visitor, page, "Enviar Solicitud", reason="x" * 501), 422)

    assert "el máximo es 500" in errors_of(refused)[0]
    assert "x" * 501 in refused.select("textarea[name=reason]")[0].text


@pytest.mark.parametrize(
    ("button", "typed", "sentence"),
    [
        ("Avanzar esos días hábiles", {"days": "0"}, "de 1 a 260"),
        ("Avanzar esos días hábiles", {"days": "0000019999999"}, "de 1 a 260"),
        ("Avanzar esos días hábiles", {"days": "muchos"}, "solo con cifras"),
        ("Avanzar esos días hábiles", {"days": "²"}, "solo con cifras"),
        ("Empezar de nuevo", {"day": "31/02/2026"}, "no existe en el calendario"),
        ("Empezar de nuevo", {"day": "01/01/1800"}, "Corríjalo"),
        ("Empezar de nuevo", {"region": "99"}, "Elija una región"),
        ("Guardar como escenario", {"title": " "}, "Falta el nombre"),
        ("Guardar como escenario", {"title": "x" * 121}, "el máximo es 120"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field(
    visitor: Visitor, draft: ProcessDraft, button: str, typed: dict[str, str], sentence: str
) -> None:
    page = begun_on(visitor, draft)

    refused = page_of(press(visitor, page, button, **typed), 422)

    assert sentence in errors_of(refused)[0]
    assert refused.select(".govuk-error-message")


def test_a_button_pressed_twice_acts_once(visitor: Visitor, draft: ProcessDraft) -> None:
    page = begun_on(visitor, draft)
    read = visitor.read(page)
    press_on(visitor, read, page, "Avanzar esos días hábiles", {"days": "3"})

    press_on(visitor, read, page, "Avanzar esos días hábiles", {"days": "3"})

    again = visitor.read(page)
    assert "En el ensayo es el 05/03/2026" in words(again)
    assert "El ensayo ya estaba en otro paso." in words(again)


def test_a_trial_becomes_a_scenario_that_passes(session: Session, visitor: Visitor, draft: ProcessDraft) -> None:
    page = begun_on(visitor, draft)
    on(visitor, page, "Enviar Solicitud", reason="El folio está mal.")
    on(visitor, page, "Avanzar esos días hábiles", days="12")

    listed = on(visitor, page, "Guardar como escenario", title="Nadie resuelve en doce días")

    assert "Pasan 6 de 6." in words(listed)
    session.refresh(draft)
    assert draft.scenarios["nadie_resuelve_en_doce_dias"]["then"]["waiting"] == [
        {"office": "regional_direction", "task": "decide_annulment"}
    ]


def test_what_the_engine_could_not_play_is_corrected_first(
    session: Session, visitor: Visitor, draft: ProcessDraft
) -> None:
    draft.xml = draft.xml.replace(TEN_DAYS, "plazo_habil(0)").replace("Registrar la resolución", "")

    for page in ("/probar", "/escenarios"):
        read = visitor.read(address(draft, page))
        assert "Así no se puede probar" in words(read)
        assert "Sus demás hallazgos no lo impiden." in words(read)
        assert [tag.text for tag in read.select("#lista-de-hallazgos .app-code")] == ["deadline"]
        assert read.select("main form") == []
    assert visitor.client.get(address(draft, "/probar/responder")).status_code == 200


def test_a_draft_with_another_finding_is_tried_with_a_warning(
    session: Session, visitor: Visitor, draft: ProcessDraft
) -> None:
    draft.xml = draft.xml.replace("annulments/decide", "annulments/nothing")
    page = begun_on(visitor, draft)
    asked = on(visitor, page, "Enviar Solicitud", reason="El folio está mal.")
    assert "El borrador tiene hallazgos." in words(asked, "#con-hallazgos")
    assert [tag.text for tag in asked.select("#con-hallazgos .app-code")] == ["operation"]

    refused = page_of(press(visitor, page, "Aprobar", reason="Corresponde."), 409)

    assert "La operación «annulments/nothing» no existe." in errors_of(refused)[0]
    listed = words(visitor.read(address(draft, "/escenarios")))
    assert "Todavía no alcanza para proponer." in listed
    assert "La operación «annulments/nothing» no existe." in listed


def test_a_field_of_a_task_may_be_called_as_one_of_the_page(
    session: Session, visitor: Visitor, draft: ProcessDraft
) -> None:
    names = ("day", "days", "title", "region", "reason")
    fields = [{"name": name, "type": "text", "label": name, "maximum": 40} for name in names]
    asked = {"title": "Solicitud", "button": "Enviar Solicitud", "fields": fields}
    draft.forms = {**draft.forms, "annulment_request": asked}
    page = begun_on(visitor, draft)

    ids = [str(tag["id"]) for tag in visitor.read(page).select("[id]")]
    sent = on(visitor, page, "Enviar Solicitud", **dict.fromkeys(names, "algo"))

    assert sorted(ids) == sorted(set(ids))
    assert "Resolver la solicitud de anulación" in words(sent, "#pendiente")
