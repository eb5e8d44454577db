"""A change with a subprocess, an error, terms and a fact, drawn in the browser from nothing to a draft without findings."""

from itertools import combinations

from playwright.sync_api import expect
from sqlalchemy.orm import Session

from app.models import ProcessDraft
from app.process import diagrams
from app.process.diagrams import BPMN, BPMNDI, FLOW_NODES
from app.process.safe_xml import tree_of
from app.process.subset import DC
from tests.browser.editing import Editor, stored_xml
from tests.browser.test_studio import picture


def test_what_is_drawn_with_the_wider_subset_has_no_findings(
    editor: Editor, live_session: Session, draft: ProcessDraft
) -> None:
    draw_a_second_look(editor)
    draw_a_reminder(editor)
    draw_a_pause(editor)
    editor.choose("segunda_revision")
    editor.page.get_by_title("Ver todo").click()
    picture(editor.page, "whole")
    editor.expect_saving_done()

    expect(editor.page.locator(".app-studio__summary")).to_have_text("Sin hallazgos.")
    read = diagrams.read(stored_xml(live_session, draft).encode())
    assert read.user_tasks["revisar_los_antecedentes"].office == "national_level"
    assert {(event.kind, event.host, event.is_interrupting) for event in read.events.values()} == {
        ("error", "segunda_revision", True),
        ("timer", "decide_annulment", False),
        ("timer", "", True),
        ("message", "", True),
    }
    assert editor.console == []
    assert overlapping(read.xml) == []


def overlapping(xml: str) -> list[tuple[str, str]]:
    """Steps of the process itself that are drawn over each other."""
    root = tree_of(xml)
    (process,) = root.iter(f"{BPMN}process")
    steps = {str(node.get("id")) for node in process.iterchildren(*FLOW_NODES) if node.get("attachedToRef") is None}
    boxes = {
        key: [float(bounds.get(side, "")) for side in ("x", "y", "width", "height")]
        for shape in root.iter(f"{BPMNDI}BPMNShape")
        for bounds in shape.iterchildren(f"{DC}Bounds")
        if (key := shape.get("bpmnElement", "")) in steps
    }
    return [(one, other) for one, other in combinations(boxes, 2) if meet(boxes[one], boxes[other])]


def meet(one: list[float], other: list[float]) -> bool:
    return all(one[side] < other[side] + other[side + 2] and other[side] < one[side] + one[side + 2] for side in (0, 1))


def draw_a_second_look(editor: Editor) -> None:
    """Between the request and its decision: a subprocess that may end with an error, and where that leads."""
    remove_arrow(editor, "request_recorded")
    add_after(editor, "record_request", "Subproceso", "Segunda revisión")
    go_on(editor, "segunda_revision", "Resolver la solicitud de anulación")
    editor.choose("start_1")
    editor.write("name", "Comienza la revisión")
    add_after(editor, "comienza_la_revision", "Tarea de persona", "Revisar los antecedentes")
    editor.pick("form", "Resolución de la anulación")
    editor.pick("office", "Nivel central")
    add_after(editor, "revisar_los_antecedentes", "Decisión", "¿Está conforme?")
    add_after(editor, "esta_conforme", "Término", "Conforme")
    add_after(editor, "esta_conforme", "Término con error", "No está conforme")
    editor.write("error_name", "No se acoge")
    editor.page.select_option("#elemento", label="de «¿Está conforme?» a «Conforme»")
    editor.write("condition", "granted == True")
    editor.page.select_option("#elemento", label="de «¿Está conforme?» a «No está conforme»")
    editor.property("default").check()
    editor.choose("segunda_revision")
    editor.add("Si termina con error")
    editor.write("name", "No se acogió")
    editor.pick("error", "No se acoge (no_se_acoge)")
    add_after(editor, "no_se_acogio", "Término", "Devuelta sin resolver")


def draw_a_reminder(editor: Editor) -> None:
    """On the border of the decision, which goes on."""
    editor.choose("decide_annulment")
    editor.add("Si vence un plazo")
    editor.write("name", "Pasaron cinco días")
    editor.write("term", "5")
    editor.property("interrupting").uncheck()
    add_after(editor, "pasaron_cinco_dias", "Término", "Se recordó el plazo")
    editor.pick("office", "Dirección Regional")


def draw_a_pause(editor: Editor) -> None:
    """After the decision: two days, then a fact."""
    remove_arrow(editor, "decided")
    add_after(editor, "decide_annulment", "Esperar un plazo", "Pasan dos días")
    editor.write("term", "2")
    add_after(editor, "pasan_dos_dias", "Esperar un hecho", "Se emite de nuevo")
    editor.pick("message", "Certificado emitido")
    go_on(editor, "se_emite_de_nuevo", "Registrar la resolución")


def remove_arrow(editor: Editor, key: str) -> None:
    editor.choose(key)
    editor.press("Borrar este elemento")


def add_after(editor: Editor, key: str, kind: str, name: str) -> None:
    editor.choose(key)
    editor.add(kind)
    editor.write("name", name)


def go_on(editor: Editor, key: str, name: str) -> None:
    editor.choose(key)
    editor.pick("onward", name)
    editor.press("Agregar el camino")
