"""A draft that awaits terms and facts, tried on its pages and written down as a scenario, without a script."""

import pytest
from sqlalchemy.orm import Session

from app.models import Person, ProcessDraft
from app.process.studio import drafts
from tests.studio import waiting
from tests.studio.analysts import actor_of, address
from tests.studio.pressing import on, press, press_on
from tests.web.visitor import Visitor, errors_of, page_of, words

COMES = "Llega el aviso «Certificado anulado»"
SAVE, TITLE = "Guardar como escenario", "Se aprueba y se anula"


@pytest.fixture
def draft(session: Session, draft: ProcessDraft, author: Person) -> ProcessDraft:
    forms = {**draft.forms, **waiting.FORMS}
    saved = drafts.save(session, draft.id, xml=waiting.waiting(), version=1, forms=forms, actor=actor_of(author))
    saved.scenarios = {}
    return saved


@pytest.fixture
def where(visitor: Visitor, draft: ProcessDraft) -> str:
    trial = address(draft, "/probar")
    on(visitor, trial, "Empezar de nuevo", day="02/03/2026")
    on(visitor, trial, "Enviar Solicitud", reason="El folio está mal.")
    return trial


def test_it_has_no_findings(visitor: Visitor, draft: ProcessDraft) -> None:
    assert "Sin hallazgos." in words(visitor.read(address(draft)))


def test_a_term_beside_a_task_is_told_until_it_is_over(visitor: Visitor, where: str) -> None:
    assert words(visitor.read(where), "#en-espera") == "Cinco días sin resolver: se cumple al terminar el 09/03/2026."

    over = on(visitor, where, "Avanzar esos días hábiles", days="6")

    assert over.select_one("#en-espera") is None
    assert "Se cumple «Cinco días sin resolver»." in words(over, "#hechos")
    assert "Decir por qué demora" in words(over, "#pendiente")


def test_a_fact_comes_by_its_button_once(visitor: Visitor, where: str) -> None:
    on(visitor, where, "Aprobar", reason="Corresponde.")
    waits = visitor.read(where)
    assert words(waits, "#en-espera") == "Anulación en el registro: el aviso «Certificado anulado»."
    press_on(visitor, waits, where, COMES, {})

    assert "Terminó: Aprobado para su re-emisión." in words(visitor.read(where))
    press_on(visitor, waits, where, COMES, {})
    assert "El ensayo ya estaba en otro paso." in words(visitor.read(where))


def test_a_fact_that_nothing_awaits_is_told(visitor: Visitor, where: str) -> None:
    on(visitor, where, "Aprobar", reason="Corresponde.")
    form = next(tag for tag in visitor.read(where).select("main form") if COMES in tag.text)
    held = {str(tag["name"]): str(tag["value"]) for tag in form.select("input[name]")}

    refused = page_of(visitor.client.post(str(form["action"]), data={**held, "message": "certificates/issued"}), 409)

    assert errors_of(refused)[0].startswith("Paso 3: Nada espera «Certificado emitido».")


def test_what_came_and_what_is_awaited_is_written_down_and_edited(
    session: Session, visitor: Visitor, draft: ProcessDraft, where: str
) -> None:
    on(visitor, where, "Avanzar esos días hábiles", days="2")
    on(visitor, where, SAVE, title="Nadie resuelve en dos días")
    on(visitor, where, "Aprobar", reason="Corresponde.")
    on(visitor, where, COMES)
    listed = words(on(visitor, where, SAVE, title=TITLE, into="new"))

    assert "Sigue en curso «Cinco días sin resolver» hasta el 09/03/2026" in listed
    assert "Llega el aviso «Certificado anulado»" in listed
    session.refresh(draft)
    assert draft.scenarios["se_aprueba_y_se_anula"]["when"][-1] == {"message": "certificates/annulled"}
    awaited = {"event": "half_way", "until": "2026-03-09"}
    assert draft.scenarios["nadie_resuelve_en_dos_dias"]["then"]["awaiting"] == [awaited]

    edit = address(draft, "/escenarios/nadie_resuelve_en_dos_dias/editar")
    assert [tag.text for tag in visitor.read(edit).select("[name='awaiting-0'] option")] == [
        "Ninguno",
        "Cinco días sin resolver",
        "Anulación en el registro",
    ]
    failing = words(on(visitor, edit, "Guardar el escenario", **{"awaiting-until-0": "10/03/2026"}))
    assert "Se esperaba que siguiera en curso «Cinco días sin resolver» hasta el 10/03/2026" in failing
    passing = words(on(visitor, edit, "Guardar el escenario", **{"awaiting-until-0": ""}))
    assert "Pasan 2 de 2." in passing


def test_a_day_that_is_none_is_told(visitor: Visitor, draft: ProcessDraft, where: str) -> None:
    on(visitor, where, SAVE, title=TITLE)
    edit = address(draft, "/escenarios/se_aprueba_y_se_anula/editar")

    refused = page_of(press(visitor, edit, "Guardar el escenario", **{"awaiting-until-0": "pronto"}), 409)

    assert "«pronto» no es una fecha." in errors_of(refused)[0]
