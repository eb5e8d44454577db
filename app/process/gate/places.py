"""Rules on the drawing: every element has its place, and every place is a number."""

import re
from collections.abc import Iterator

from lxml import etree

from app.process import layout, subset
from app.process.diagrams import BPMN, BPMNDI, FLOW_NODES
from app.process.gate.finding import Finding

PLACED = (f"{subset.DC}Bounds", f"{subset.DI}waypoint")
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,12})?\Z")


def findings(root: etree._Element, process_id: str) -> Iterator[Finding]:
    if not layout.is_drawn(root):
        sentence = "El diagrama no está dibujado. Súbalo como borrador, o use «flask process layout», y se dibuja solo."
        yield Finding("layout", process_id, sentence)
        return
    drawn = {shape.get("bpmnElement") for shape in root.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge")}
    for node in root.iter(*FLOW_NODES, f"{BPMN}sequenceFlow", f"{BPMN}lane"):
        if node.get("id") not in drawn:
            yield Finding("layout", node.get("id", ""), "El elemento no está dibujado. Ubíquelo en el diagrama.")
    yield from _within(root)
    for node in root.iter(*PLACED):
        if not all(NUMBER.match(node.get(side, "0")) for side in ("x", "y", "width", "height")):
            yield Finding("layout", _drawn_by(node), "Un lugar del dibujo no es un número. Mueva el elemento y guarde.")


def _within(root: etree._Element) -> Iterator[Finding]:
    """A subprocess is drawn open with all its steps in it, and an event on the border of its step."""
    shapes = {shape.get("bpmnElement", ""): shape for shape in root.iter(f"{BPMNDI}BPMNShape")}
    boxes = {key: box for key, box in ((key, _box(shape)) for key, shape in shapes.items()) if box is not None}
    for subprocess in root.iter(f"{BPMN}subProcess"):
        key = subprocess.get("id", "")
        if key in shapes and shapes[key].get("isExpanded") != "true":
            yield Finding("layout", key, "El subproceso está dibujado cerrado. Ábralo, con sus pasos adentro.")
            continue
        for node in subprocess.iterchildren(*FLOW_NODES):
            inner = node.get("id", "")
            if key in boxes and inner in boxes and not _holds(boxes[key], boxes[inner]):
                yield Finding("layout", inner, "El paso está dibujado fuera de su subproceso. Muévalo adentro.")
    for node in root.iter(f"{BPMN}boundaryEvent"):
        key, host = node.get("id", ""), node.get("attachedToRef", "")
        if key in boxes and host in boxes and not _touch(boxes[key], boxes[host]):
            yield Finding("layout", key, "El evento está dibujado lejos de su paso. Muévalo a su borde.")


def _box(shape: etree._Element) -> Box | None:
    bounds = shape.find(f"{subset.DC}Bounds")
    if bounds is None or not all(NUMBER.match(bounds.get(side, "")) for side in ("x", "y", "width", "height")):
        return None
    x, y, width, height = (float(bounds.get(side, "")) for side in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def _holds(outer: Box, inner: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _touch(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _drawn_by(node: etree._Element) -> str:
    """The element that a place in the drawing belongs to."""
    drawing = (above.get("bpmnElement") for above in node.iterancestors())
    return next((identity for identity in drawing if identity), "")
