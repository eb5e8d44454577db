"""Every element of the subset is drawn, changed and deleted in a real browser, and what is saved is the BPMN that is meant."""

import json
from collections.abc import Callable, Iterator

from playwright.sync_api import BrowserContext, expect
from sqlalchemy.orm import Session

from app.models import Person, ProcessDraft
from app.process.diagrams import BPMN, CONSTANCIA
from app.process.safe_xml import tree_of
from tests.browser.drawn import Kind, down, found, kind_of, tag_of, without_pool
from tests.browser.editing import Editor, Point, open_editor, stored_xml
from tests.browser.test_studio import picture
from tests.studio.analysts import address
from tests.studio.called import published_to_be_called
from tests.web.specimen_app import ROOT

KINDS: list[Kind] = json.loads((ROOT / "frontend/scripts/studio/subset.json").read_text(encoding="utf-8"))
DRAWN = [kind for kind in KINDS if kind["group"] != "note"]
WHOLE = "record_request"


def test_everything_that_is_offered_is_drawn_by_keyboard_and_deleted(
    editor: Editor, live_session: Session, draft: ProcessDraft
) -> None:
    editor.choose(WHOLE)
    editor.add("Subproceso")
    editor.write("name", "Segunda revisión")
    made = {}
    for number, kind in enumerate(DRAWN):
        editor.choose("segunda_revision" if kind["group"] == "border" else WHOLE)
        editor.add(kind["label"])
        editor.write("name", f"Paso {number} nuevo")
        made[f"paso_{number}_nuevo"] = kind
    editor.expect_saving_done()
    picture(editor.page, "every-kind")

    stored = tree_of(stored_xml(live_session, draft))
    assert {key: kind_of(found(stored, key)) for key in made} == {key: tag_of(kind) for key, kind in made.items()}
    for key in [*made, "segunda_revision"]:
        editor.choose(key)
        editor.press("Borrar este elemento")
    editor.expect_saving_done()
    left = tree_of(stored_xml(live_session, draft))
    assert [key for key in made if left.xpath(f"//*[@id='{key}']")] == []
    assert editor.console == []


def test_everything_that_is_offered_is_put_into_the_drawing_by_mouse(
    at_work: Callable[..., BrowserContext], author: Person, live_server: str, live_session: Session, draft: ProcessDraft
) -> None:
    editor = open_editor(at_work(author, viewport={"width": 1280, "height": 2000}), live_server + address(draft))
    free = places(editor)
    made = []
    for kind in sorted(DRAWN, key=lambda one: [one["group"] == "border", one["type"] == "bpmn:SubProcess"]):
        if kind["group"] == "border":
            at = editor.border("subprocess_1", left=kind["event"] == "bpmn:TimerEventDefinition")
        else:
            at = next(free)
        editor.put(kind["label"], at)
        made.append((editor.selected(), kind))
    editor.expect_saving_done()
    picture(editor.page, "by-mouse")

    stored = tree_of(stored_xml(live_session, draft))
    assert [(key, kind_of(found(stored, key))) for key, _ in made] == [(key, tag_of(kind)) for key, kind in made]


def places(editor: Editor) -> Iterator[Point]:
    """In lanes of their own, five in each; what comes last has most room."""
    editor.choose("system")
    for _ in range(6):
        editor.press("Agregar un carril debajo")
    editor.page.get_by_title("Ver todo").click()
    for number in range(15):
        x, y = editor.middle(f"lane_{number // 5 + 1}")
        yield (x + 100 * (number % 5 - 2), y) if number < 13 else (x, editor.middle("lane_5")[1])


def test_a_border_waits_for_working_days_and_leaves_what_is_under_way_alone(
    editor: Editor, live_session: Session, draft: ProcessDraft
) -> None:
    editor.choose("decide_annulment")
    editor.add("Si vence un plazo")
    editor.write("name", "Pasaron ocho días")
    editor.write("term", "8")
    editor.pick("days", "días corridos")
    editor.property("interrupting").uncheck()
    expect(editor.property("host")).to_have_value("Resolver la solicitud de anulación")
    assert editor.complaints_of_axe() == []
    picture(editor.page, "border")
    editor.expect_saving_done()

    border = found(tree_of(stored_xml(live_session, draft)), "pasaron_ocho_dias")
    assert (border.get("attachedToRef"), border.get("cancelActivity")) == ("decide_annulment", "false")
    duration = border.find(f"{BPMN}timerEventDefinition/{BPMN}timeDuration")
    assert duration is not None
    assert duration.text == "plazo_corrido(8)"
    assert [value.split(":")[-1] for value in duration.attrib.values()] == ["tFormalExpression"]


def test_a_border_stays_on_the_hosts_that_may_bear_it(editor: Editor) -> None:
    before = editor.page.locator("#elemento option").count()
    editor.choose("record_decision")
    editor.add("Si vence un plazo")
    expect(editor.page.locator(".app-studio__said")).to_contain_text("Elija primero una tarea de persona")
    editor.put("Si vence un plazo", editor.border("record_decision"))
    editor.page.keyboard.press("Escape")
    for kind in ("Si termina con error", "Esperar un hecho"):
        editor.put(kind, editor.border("decide_annulment"))
        editor.page.keyboard.press("Escape")

    assert editor.page.locator("#elemento option").count() == before


def test_an_error_is_named_once_and_caught_on_the_border_of_what_it_ends(
    editor: Editor, live_session: Session, draft: ProcessDraft
) -> None:
    editor.choose(WHOLE)
    editor.add("Subproceso")
    editor.write("name", "Segunda revisión")
    editor.page.select_option("#elemento", label="start_1")
    editor.add("Tarea de persona")
    editor.write("name", "Revisar otra vez")
    editor.pick("office", "Nivel central")
    editor.add("Término con error")
    editor.write("name", "No corresponde")
    editor.write("error_name", "No se acoge")
    expect(editor.property("error_code")).to_have_value("no_se_acoge")
    editor.write("error_code", "not_granted")
    editor.beside("segunda_revision", "Agregar en el borde: si termina con error")
    editor.write("name", "No se acogió")
    editor.pick("error", "No se acoge (not_granted)")
    picture(editor.page, "error")
    editor.expect_saving_done()

    stored = tree_of(stored_xml(live_session, draft))
    (error,) = stored.iter(f"{BPMN}error")
    assert dict(error.attrib) == {"id": "error_not_granted", "name": "No se acoge", "errorCode": "not_granted"}
    referring = [node.get("errorRef") for node in stored.iter(f"{BPMN}errorEventDefinition")]
    assert referring == ["error_not_granted", "error_not_granted"]
    task = found(stored, "revisar_otra_vez")
    assert (task.getparent().get("id"), task.get(f"{CONSTANCIA}office")) == ("segunda_revision", "national_level")  # type: ignore[union-attr]
    assert not stored.xpath("//*[local-name()='flowNodeRef'][.='revisar_otra_vez']")


def test_the_errors_of_a_called_process_are_caught_on_its_border(
    at_work: Callable[..., BrowserContext], author: Person, live_server: str, live_session: Session, draft: ProcessDraft
) -> None:
    published_to_be_called(live_session)
    live_session.commit()
    editor = open_editor(at_work(author), live_server + address(draft))
    editor.choose(WHOLE)
    editor.add("Otro proceso")
    editor.pick("called", "Segunda revisión")
    editor.add("Si termina con error")
    editor.pick("error", "lost")
    border = editor.selected()
    editor.expect_saving_done()

    stored = tree_of(stored_xml(live_session, draft))
    (error,) = stored.iter(f"{BPMN}error")
    assert dict(error.attrib) == {"id": "error_lost", "errorCode": "lost"}
    assert found(stored, border).get("attachedToRef") == "call_1"


def test_a_task_that_leaves_a_subprocess_is_its_lanes_again(
    editor: Editor, live_session: Session, draft: ProcessDraft
) -> None:
    editor.choose(WHOLE)
    editor.add("Subproceso")
    editor.page.select_option("#elemento", label="start_1")
    editor.add("Tarea de persona")
    editor.pick("office", "Nivel central")
    editor.drag("user_task_1", "regional_direction")
    editor.expect_saving_done()

    task = found(tree_of(stored_xml(live_session, draft)), "user_task_1")
    assert (task.getparent().get("id"), task.get(f"{CONSTANCIA}office")) == ("annulment", None)  # type: ignore[union-attr]


def test_a_subprocess_moves_to_another_office_whose_lane_grows(
    editor: Editor, live_session: Session, draft: ProcessDraft
) -> None:
    editor.choose(WHOLE)
    editor.add("Subproceso")
    editor.write("name", "Segunda revisión")
    editor.pick("office", "Dirección Regional")
    editor.expect_saving_done()

    stored = tree_of(stored_xml(live_session, draft))
    (lane,) = (node for node in stored.iter(f"{BPMN}lane") if "segunda_revision" in node.xpath("*/text()"))
    top, bottom = down(stored, "segunda_revision")
    assert lane.get("id") == "regional_direction"
    assert down(stored, "regional_direction")[0] < top < bottom < down(stored, "regional_direction")[1]


def test_what_no_event_refers_to_any_more_is_not_saved(
    editor: Editor, live_session: Session, draft: ProcessDraft
) -> None:
    editor.choose(WHOLE)
    editor.add("Término con error")
    editor.write("error_name", "No se acoge")
    editor.expect_saving_done()
    assert stored_xml(live_session, draft).count("<error ") == 1
    editor.press("Borrar este elemento")
    editor.expect_saving_done()
    assert "<error " not in stored_xml(live_session, draft)

    editor.press("Deshacer")
    editor.expect_saving_done()
    assert [error.get("id") for error in tree_of(stored_xml(live_session, draft)).iter(f"{BPMN}error")] == [
        "error_no_se_acoge"
    ]


def test_a_step_becomes_another_kind_and_keeps_its_place(
    at_work: Callable[..., BrowserContext], author: Person, live_server: str, live_session: Session, draft: ProcessDraft
) -> None:
    published_to_be_called(live_session)
    live_session.commit()
    editor = open_editor(at_work(author), live_server + address(draft))
    editor.choose("annulment_denied")
    editor.pick("kind", "Término que cierra todo")
    editor.choose("annulment_wanted")
    editor.pick("kind", "Inicio por un hecho")
    editor.pick("message", "Certificado emitido")
    editor.choose("record_decision")
    editor.pick("kind", "Llamada a otro proceso")
    editor.pick("called", "Segunda revisión")
    editor.expect_saving_done()

    stored = tree_of(stored_xml(live_session, draft))
    assert kind_of(found(stored, "annulment_denied")) == ("endEvent", "terminateEventDefinition")
    assert kind_of(found(stored, "annulment_wanted")) == ("startEvent", "messageEventDefinition")
    (message,) = stored.iter(f"{BPMN}message")
    assert dict(message.attrib) == {"id": "message_certificates_issued", "name": "certificates/issued"}
    assert found(stored, "record_decision").get("calledElement") == "second_review"
    assert found(stored, "decided").get("targetRef") == "record_decision"


def test_an_id_follows_the_name_until_somebody_writes_one(editor: Editor) -> None:
    editor.choose(WHOLE)
    editor.add("Decisión")
    editor.write("name", "¿Está todo?")
    assert editor.selected() == "esta_todo"
    editor.write("name", "¿Falta algo?")
    assert editor.selected() == "falta_algo"
    editor.write("id", "is_complete")
    editor.write("name", "¿Está completo?")
    assert editor.selected() == "is_complete"
    editor.pick("onward", "Registrar la resolución")
    editor.press("Agregar el camino")
    editor.write("name", "sí")

    assert editor.selected() == "is_complete_si"


def test_the_id_of_what_was_published_stays_when_its_name_changes(editor: Editor) -> None:
    editor.choose("decide_annulment")
    editor.write("name", "Resolver")

    assert editor.selected() == "decide_annulment"


def test_room_is_made_by_keyboard(editor: Editor) -> None:
    editor.add("Hacer espacio")
    expect(editor.page.locator(".app-studio__said")).to_have_text(
        "Elija primero un paso: lo que está a su derecha se corre."
    )
    far, near = (editor.middle(key)[0] for key in ("record_decision", "record_request"))
    editor.choose("record_request")
    editor.add("Hacer espacio")

    assert editor.middle("record_decision")[0] - editor.middle("record_request")[0] > far - near


def test_a_process_without_lanes_gets_a_box_for_them(
    at_work: Callable[..., BrowserContext],
    author: Person,
    draft: ProcessDraft,
    live_session: Session,
    live_server: str,
) -> None:
    draft.xml = without_pool(draft.xml)
    live_session.commit()
    editor = open_editor(at_work(author), live_server + address(draft))
    editor.press("Agregar carriles")
    editor.press("Agregar un carril debajo")
    editor.pick("office", "Nivel central")
    editor.expect_saving_done()

    stored = tree_of(stored_xml(live_session, draft))
    assert [node.get("processRef") for node in stored.iter(f"{BPMN}participant")] == ["annulment"]
    assert "national_level" in [node.get("id") for node in stored.iter(f"{BPMN}lane")]
    assert editor.console == []
