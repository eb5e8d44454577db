"""How each element of a diagram is drawn, and what a picture holds besides steps in a row, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from app.process.diagrams import BPMN, EVENT_DEFINITIONS

KINDS = {
    "participant": "pool",
    "lane": "lane",
    "subProcess": "subprocess",
    "startEvent": "start",
    "endEvent": "end",
    "intermediateCatchEvent": "event",
    "boundaryEvent": "boundary",
    "userTask": "task",
    "serviceTask": "service",
    "businessRuleTask": "rule",
    "callActivity": "call",
    "exclusiveGateway": "gateway",
    "parallelGateway": "gateway",
    "textAnnotation": "note",
}
GLYPHS = {"businessRuleTask": "table", "exclusiveGateway": "exclusive", "parallelGateway": "parallel"}
ON_THE_BORDER = {
    "timer": "el aviso por plazo",
    "error": "la salida por error",
}
OTHER = "other"


@dataclass(frozen=True)
class Symbol:
    """`kind` is the outline and `glyph` the sign in it; `is_open` an outline of dashes: what it stands for interrupts nothing."""

    kind: str
    glyph: str = ""
    is_open: bool = False


def symbol_of(element: etree._Element) -> Symbol:
    """What is outside the subset is `other`: a plain box with its name."""
    tag = _local(element)
    kind = KINDS.get(tag, OTHER)
    defined = [child for child in element if _local(child).endswith("EventDefinition")]
    if any(one.tag not in EVENT_DEFINITIONS for one in defined):
        return Symbol(OTHER)
    glyph = next((EVENT_DEFINITIONS[str(one.tag)] for one in defined), GLYPHS.get(tag, ""))
    return Symbol(kind, glyph, kind == "boundary" and element.get("cancelActivity") == "false")


def told(root: etree._Element) -> str:
    """What hangs on a step and what is inside one, a sentence each; steps in a row say nothing here."""
    return " ".join([*_borders(root), *_contents(root)])


def _borders(root: etree._Element) -> Iterator[str]:
    names = {node.get("id", ""): _named(node) for node in root.iter(etree.Element) if node.get("id")}
    for event in root.iter(f"{BPMN}boundaryEvent"):
        symbol = symbol_of(event)
        what = ON_THE_BORDER.get(symbol.glyph, "el evento")
        how = "no lo interrumpe" if symbol.is_open else "lo interrumpe"
        host = names.get(event.get("attachedToRef", ""), "ningún paso")
        yield f"En el borde de {host}, {what} {_named(event)}, que {how}."


def _contents(root: etree._Element) -> Iterator[str]:
    for holder in root.iter(f"{BPMN}subProcess"):
        named = [_named(node) for node in holder if node.get("name") and node.tag != f"{BPMN}sequenceFlow"]
        if named:
            yield f"Dentro de {_named(holder)}: {', '.join(named)}."


def _named(node: etree._Element) -> str:
    return f"«{node.get('name') or node.get('id', '')}»"


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""
