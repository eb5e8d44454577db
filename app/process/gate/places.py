"""Rules on the drawing: every element has its place, and every place is a number."""

import re
from collections.abc import Iterator

from lxml import etree

from app.process import layout, subset
from app.process.diagrams import BPMN, BPMNDI, FLOW_NODES
from app.process.gate.finding import Finding

PLACED = (f"{subset.DC}Bounds", f"{subset.DI}waypoint")
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
    for node in root.iter(*PLACED):
        if not all(NUMBER.match(node.get(side, "0")) for side in ("x", "y", "width", "height")):
            yield Finding("layout", _drawn_by(node), "Un lugar del dibujo no es un número. Mueva el elemento y guarde.")


def _drawn_by(node: etree._Element) -> str:
    """The element that a place in the drawing belongs to."""
    drawing = (above.get("bpmnElement") for above in node.iterancestors())
    return next((identity for identity in drawing if identity), "")
