"""The difference of two versions: every thing that is otherwise is told, and what only looks different is told apart."""

import pytest
from lxml import etree

from app.process import diagrams
from app.process.diagrams import BPMN, CONSTANCIA
from app.process.safe_xml import tree_of
from app.process.studio import difference, drawn
from app.process.studio.difference import NOTHING, Content, Difference, Mark
from app.process.studio.parts import parts_of
from tests.studio.analysts import ANNULMENT, FIFTEEN_DAYS, TEN_DAYS

XML = diagrams.read(ANNULMENT.read_bytes()).xml
DECIDE = "«Resolver la solicitud de anulación»"


def compared(before: str, after: str) -> Difference:
    return difference.between(Content(before, {}), Content(after, {}))


def told(after: str, before: str = XML) -> list[str]:
    return [change.sentence for change in compared(before, after).changes]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (TEN_DAYS, FIFTEEN_DAYS, f"El plazo de {DECIDE} pasa de 10 a 15 días hábiles."),
        (TEN_DAYS, "plazo_corrido(1)", f"El plazo de {DECIDE} pasa de 10 días hábiles a 1 día corrido."),
        (TEN_DAYS, "", f"El plazo de {DECIDE} se quita; era de 10 días hábiles."),
        (TEN_DAYS, "pronto", f"El plazo de {DECIDE} pasa de 10 días hábiles a «pronto»."),
        (
            "plazo_habil(20)",
            "plazo_habil(30)",
            f"El límite antes de avisar al nivel central de {DECIDE} pasa de 20 a 30 días hábiles.",
        ),
        (
            "Resolver la solicitud de anulación",
            "Resolver",
            "La tarea «Resolver la solicitud de anulación» pasa a llamarse «Resolver».",
        ),
        (
            'constancia:form="annulment_decision"',
            'constancia:form="retroactive_decision"',
            f"El formulario de {DECIDE}: ahora «Resolución de la asistencia retroactiva»; antes «Resolución de la anulación».",
        ),
        (
            'constancia:operation="annulments/decide"',
            'constancia:operation="documents/request"',
            "Lo que hace «Registrar la resolución»: ahora «Pide que se haga el PDF del certificado emitido»; "
            "antes «Registra la resolución de la Dirección Regional».",
        ),
        (
            "granted == True",
            "granted != False",
            "El camino «sí» de «¿Se aprueba?» se toma si: ahora «granted != False»; antes «granted == True».",
        ),
        (
            'default="granted_no"',
            'default="granted_yes"',
            "Si ninguna condición se cumple, «¿Se aprueba?» sigue por el camino: ahora «sí» de «¿Se aprueba?»; "
            "antes «no» de «¿Se aprueba?».",
        ),
        (
            'sourceRef="record_request" targetRef="decide_annulment"',
            'sourceRef="record_request" targetRef="is_granted"',
            f"El camino que sale de «Registrar la solicitud» llega ahora a «¿Se aprueba?»; antes, a {DECIDE}.",
        ),
        ('isExecutable="true"', 'isExecutable="true" isClosed="true"', "isClosed"),
        ("Quien pide no resuelve.", "Quien pide nunca resuelve.", f"La documentación de {DECIDE}"),
    ],
    ids=lambda value: value[:40],
)
def test_a_change_is_told_in_a_sentence(old: str, new: str, sentence: str) -> None:
    other = diagrams.read(_written(old, new)).xml

    (only,) = told(other)

    assert only == sentence or (sentence[-1] != "." and sentence in only)


def _written(old: str, new: str) -> bytes:
    text = XML
    # As the canonical text writes it.
    for pair in {(old, new), (_sorted(old), _sorted(new))}:
        text = text.replace(*pair)
    assert text != XML
    return text.encode()


def _sorted(attributes: str) -> str:
    return " ".join(sorted(attributes.split(" "))) if "Ref=" in attributes else attributes


def test_going_to_another_office_is_told() -> None:
    root = tree_of(XML)
    reference = next(one for one in root.iter(f"{BPMN}flowNodeRef") if one.text == "decide_annulment")
    provider = next(one for one in root.iter(f"{BPMN}lane") if one.get("id") == "provider")
    provider.append(reference)

    assert told(_text(root)) == [f"A cargo de {DECIDE}: ahora Organismo capacitador; antes Dirección Regional."]


def _text(root: etree._Element) -> str:
    return diagrams.read(etree.tostring(root)).xml


def test_a_step_that_is_gone_is_told_with_its_arrows() -> None:
    root = tree_of(XML)
    for key in ("record_decision", "decision_recorded"):
        gone = next(one for one in root.iter(etree.Element) if one.get("id") == key)
        gone.getparent().remove(gone)  # type: ignore[union-attr]
    flow = next(one for one in root.iter(f"{BPMN}sequenceFlow") if one.get("id") == "decided")
    flow.set("targetRef", "is_granted")
    after = _text(root)

    assert told(after) == [
        f"El camino que sale de {DECIDE} llega ahora a «¿Se aprueba?»; antes, a «Registrar la resolución».",
        "Se quita la tarea automática «Registrar la resolución».",
        "Se quita el camino de «Registrar la resolución» a «¿Se aprueba?».",
    ]
    picture = drawn.of_difference(Content(XML, {}), Content(after, {}), compared(XML, after))
    assert picture.marks["record_decision"] == "removed"
    assert "record_decision" in {shape.key for shape in picture.drawing.shapes}


def test_what_is_only_drawn_elsewhere_is_told_apart() -> None:
    after = diagrams.read(XML.replace('x="515" y="300"', 'x="520" y="310"').encode()).xml

    found = compared(XML, after)

    assert found.changes == []
    assert [(one.mark, one.element) for one in found.moved] == [(Mark.MOVED, "decide_annulment")]
    assert found.moved[0].sentence == f"La tarea {DECIDE} se dibuja en otro lugar."


def test_the_same_content_has_no_difference() -> None:
    assert compared(XML, XML).is_empty


def test_of_a_first_version_every_step_is_new() -> None:
    marks = difference.between(NOTHING, Content(XML, {})).marks

    assert {part.key for part in parts_of(XML).values() if part.kind not in difference.FRAMES} == marks.keys()
    assert set(marks.values()) == {Mark.ADDED}


@pytest.mark.parametrize("attribute", ["name", f"{CONSTANCIA}form", f"{CONSTANCIA}operation", "isClosed", "default"])
@pytest.mark.parametrize("key", [part.key for part in parts_of(XML).values()])
def test_no_attribute_of_any_element_changes_unseen(key: str, attribute: str) -> None:
    root = tree_of(XML)
    element = next(one for one in root.iter(etree.Element) if one.get("id") == key)
    element.set(attribute, "another")
    other = etree.tostring(root).decode()

    assert [change.element for change in compared(XML, other).changes] == [key]


def test_a_form_of_its_own_is_called_by_its_title() -> None:
    after = diagrams.read(XML.replace('form="annulment_request"', 'form="my_form"').encode()).xml

    found = difference.between(Content(XML, {}), Content(after, {"my_form": {"title": "Motivo y folio", "fields": []}}))

    assert [change.sentence for change in found.changes] == [
        "El formulario de «Escribir el motivo de la anulación»: ahora «Motivo y folio»; antes «Solicitud de anulación».",
        "Se agrega el formulario «Motivo y folio».",
    ]


FORM = {"title": "Motivo", "fields": [{"name": "reason", "label": "Motivo", "required": True, "maximum": 500}]}


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        ({}, "Se quita el formulario «Motivo»."),
        ({"f": FORM, "g": FORM}, "Se agrega el formulario «Motivo»."),
        (
            {"f": FORM | {"fields": [*FORM["fields"], {"name": "folio", "label": "Folio"}]}},
            "El formulario «Motivo» pide ahora «Folio» (obligatorio).",
        ),
        ({"f": FORM | {"fields": []}}, "El formulario «Motivo» ya no pide «Motivo»."),
        (
            {"f": FORM | {"fields": [FORM["fields"][0] | {"maximum": 900}]}},  # type: ignore[operator]
            "El formulario «Motivo», en «Motivo», cambia el máximo: ahora «900»; antes «500».",
        ),
        (
            {"f": FORM | {"title": "Otro"}},
            "El formulario «Otro» cambia fuera de sus preguntas: título, decisión o textos.",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_changes_in_a_form_is_told(after: dict[str, object], sentence: str) -> None:
    found = difference.between(Content(XML, {"f": FORM}), Content(XML, after))

    assert [change.sentence for change in found.changes] == [sentence]
