"""The difference of two versions where events, tables, called processes and subprocesses are otherwise: each in its sentence."""

import re
from pathlib import Path

import pytest
from lxml import etree

from app.process import diagrams
from app.process.diagrams import BPMN, EVENT_DEFINITIONS
from app.process.safe_xml import tree_of
from app.process.studio import difference, drawn
from app.process.studio.difference import NOTHING, Content, Mark
from app.process.studio.parts import parts_of

EVERY = Path(__file__).parents[1] / "process" / "data" / "every_element.bpmn"
XML = diagrams.read(EVERY.read_bytes()).xml


def told(after: str, before: str = XML) -> list[str]:
    return [change.sentence for change in difference.between(Content(before, {}), Content(after, {})).changes]


def written(old: str, new: str) -> str:
    assert XML.count(old) == 1, XML.count(old)
    return diagrams.read(XML.replace(old, new).encode()).xml


def without(*keys: str) -> str:
    """The diagram without some elements and the arrows at them."""
    root = tree_of(XML)
    for node in list(root.iter(etree.Element)):
        above = node.getparent()
        ends = {node.get("id"), node.get("sourceRef"), node.get("targetRef"), node.get("attachedToRef")}
        if above is not None and ends & set(keys):
            above.remove(node)
    return diagrams.read(etree.tostring(root)).xml


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "plazo_habil(15)",
            "plazo_habil(20)",
            "El límite «Pasó el plazo» de «Decidir» pasa de 15 a 20 días hábiles.",
        ),
        ("plazo_habil(5)", "plazo_habil(8)", "La espera «Esperar 5 días» pasa de 5 a 8 días hábiles."),
        (
            'cancelActivity="false"',
            'cancelActivity="true"',
            "El aviso por plazo «Queda poco» interrumpe ahora a «Decidir».",
        ),
        (
            'attachedToRef="review"',
            'attachedToRef="second"',
            "La salida por error «Faltan documentos» está ahora en el borde de «Segunda revisión»; "
            "antes, en el de «Revisar los documentos».",
        ),
        (
            'messageRef="voided"',
            'messageRef="annulled"',
            "El hecho que espera «Esperar que se retire»: ahora «Certificado anulado»; antes «Certificado anulado por SENCE».",
        ),
        (
            'decision="review_level"',
            'decision="other_level"',
            "La tabla con que decide «Ver quién revisa»: ahora «other_level»; antes «review_level».",
        ),
        (
            'calledElement="second_review"',
            'calledElement="third_review"',
            "El proceso que llama «Segunda revisión»: ahora «third_review»; antes «second_review».",
        ),
        (
            'office="national_level"',
            'office="provider"',
            "A cargo de «Mirar los documentos»: ahora Organismo capacitador; antes Nivel central.",
        ),
    ],
)
def test_a_change_is_told_in_a_sentence(old: str, new: str, sentence: str) -> None:
    assert told(written(old, new)) == [sentence]


def test_another_code_of_an_error_is_told_where_it_is_thrown_and_where_it_is_caught() -> None:
    after = XML.replace('errorCode="papers_missing"', 'errorCode="papers_late"')
    changes = "ahora «Faltan documentos (papers_late)»; antes «Faltan documentos (papers_missing)»."

    assert sorted(told(after)) == [
        f"El error de {name}: {changes}" for name in ("«Faltan documentos»", "«Incompleto»", "«No se pudo»")
    ]


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (
            "decide_late",
            "Se agrega un aviso por plazo a «Decidir», que la interrumpe: «Pasó el plazo»; a los 15 días hábiles.",
        ),
        (
            "decide_soon",
            "Se agrega un aviso por plazo a «Decidir», que no la interrumpe: «Queda poco»; a los 8 días hábiles.",
        ),
        (
            "review_failed",
            "Se agrega una salida por error a «Revisar los documentos», que lo interrumpe: «Faltan documentos»; "
            "error «Faltan documentos (papers_missing)».",
        ),
        ("wait", "Se agrega la espera «Esperar 5 días»: 5 días hábiles."),
        (
            "wait_void",
            "Se agrega la espera de un hecho «Esperar que se retire»: hecho «Certificado anulado por SENCE».",
        ),
        (
            "review_fails",
            "Se agrega el término con error «Incompleto» dentro de «Revisar los documentos»: "
            "error «Faltan documentos (papers_missing)».",
        ),
        (
            "look",
            "Se agrega la tarea «Mirar los documentos» dentro de «Revisar los documentos»: "
            "a cargo de Nivel central; formulario «Resolución de la anulación».",
        ),
        ("level", "Se agrega la decisión por tabla «Ver quién revisa»: tabla «review_level»."),
        ("second", "Se agrega la llamada a otro proceso «Segunda revisión»: proceso «second_review»."),
    ],
)
def test_what_is_new_is_told_with_what_it_does(key: str, sentence: str) -> None:
    assert sentence in told(XML, without(key))


def test_what_is_gone_is_told_with_where_it_was() -> None:
    assert told(without("decide_late", "look"))[:2] == [
        "Se quita el aviso por plazo «Pasó el plazo» de «Decidir».",
        "Se quita la tarea «Mirar los documentos» dentro de «Revisar los documentos».",
    ]


def test_a_subprocess_is_told_with_all_that_is_in_it() -> None:
    sentences = told(XML, without("review"))

    assert "Se agrega el subproceso «Revisar los documentos»." in sentences
    assert sum("dentro de «Revisar los documentos»" in sentence for sentence in sentences) == 5
    # Its arrows are told by what they join.
    assert not [one for one in sentences if one.startswith("Se agrega el camino") and "dentro de" in one]


def test_a_wait_for_days_that_becomes_one_for_a_fact_is_told_once() -> None:
    timer = re.search(r"<timerEventDefinition id=\"wait_timer\".*?</timerEventDefinition>", XML, re.DOTALL)
    assert timer
    after = written(timer[0], '<messageEventDefinition id="wait_message" messageRef="annulled"/>')

    assert told(after) == [
        "«Esperar 5 días» era la espera y ahora es la espera de un hecho: hecho «Certificado anulado»."
    ]


def test_a_step_that_goes_into_a_subprocess_is_told() -> None:
    root = tree_of(XML)
    nodes = {node.get("id"): node for node in root.iter(f"{BPMN}subProcess", f"{BPMN}userTask")}
    nodes["review"].append(nodes["remind"])

    assert "La tarea «Recordar» está ahora dentro de «Revisar los documentos»." in told(
        diagrams.read(etree.tostring(root)).xml
    )


def test_of_a_first_version_every_element_is_new_and_none_is_an_event_definition() -> None:
    found = difference.between(NOTHING, Content(XML, {}))

    assert {part.kind for part in parts_of(XML).values()} & {
        etree.QName(definition).localname for definition in EVENT_DEFINITIONS
    } == set()
    assert set(found.marks.values()) == {Mark.ADDED}
    assert not [change.sentence for change in found.changes if "el elemento «" in change.sentence]


@pytest.mark.parametrize("attribute", ["name", "isClosed"])
@pytest.mark.parametrize("tag", sorted(EVENT_DEFINITIONS))
def test_nothing_changes_unseen_in_what_an_event_waits_for(tag: str, attribute: str) -> None:
    root = tree_of(XML)
    definition = next(iter(root.iter(tag)))
    event = definition.getparent()
    definition.set(attribute, "another")

    (change,) = difference.between(Content(XML, {}), Content(etree.tostring(root).decode(), {})).changes

    assert event is not None
    assert change.element == event.get("id")


def test_what_is_gone_from_a_border_is_drawn_with_its_arrow() -> None:
    before, after = Content(XML, {}), Content(without("decide_late"), {})

    picture = drawn.of_difference(before, after, difference.between(before, after))

    assert {"decide_late", "too_late"} <= {
        *(shape.key for shape in picture.drawing.shapes),
        *(flow.key for flow in picture.drawing.flows),
    }
    assert picture.marks["decide_late"] == picture.marks["too_late"] == "removed"
