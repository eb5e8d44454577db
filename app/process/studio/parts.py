"""What a diagram says, element by element, apart from where it is drawn: the ground on which two versions are compared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from app.process.diagrams import BPMN, BPMNDI, CONSTANCIA
from app.process.drawing import DC, DI
from app.process.safe_xml import tree_of
from app.process.studio import part_events
from app.process.subset import XSI

CONDITION = "conditionExpression"
# Said by where the arrows go and by the lane, each once.
SAID_ELSEWHERE = frozenset({"incoming", "outgoing", "flowNodeRef"})
HOLDERS = (f"{BPMN}process", f"{BPMN}collaboration")

Place = tuple[float, ...]


@dataclass(frozen=True)
class Part:
    """One element: its kind (the BPMN name), what it says, and where it is drawn. `of` is the element it belongs to."""

    key: str
    kind: str
    of: str
    facts: Mapping[str, str]
    place: Place = field(default=(), compare=False)

    @property
    def name(self) -> str:
        return self.facts.get("name", "")


def parts_of(xml: str) -> dict[str, Part]:
    """The elements of a canonical text by their ids, in the order of the file."""
    root = tree_of(xml)
    lanes = _lanes(root)
    places = _places(root)
    named = part_events.names_of(root)
    found: dict[str, Part] = {}
    for node in _elements(root):
        key, above = node.get("id", ""), node.getparent()
        facts = dict(_facts(node, named))
        if key in lanes:
            facts["office"] = lanes[key]
        belongs = above.get("id", "") if above is not None else ""
        found[key] = Part(key, _local(node), belongs, facts, places.get(key, ()))
    return found


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    for holder in root.iter(*HOLDERS):
        yield from (node for node in holder.iter(etree.Element) if node.get("id") and not _is_of_an_event(node))


def _is_of_an_event(node: etree._Element) -> bool:
    above = node.getparent()
    return part_events.is_definition(node) or (above is not None and part_events.is_definition(above))


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname


def _facts(node: etree._Element, named: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if node.tag == f"{BPMN}boundaryEvent":
        yield part_events.INTERRUPTS, "true"
    for attribute, value in node.items():
        name = str(attribute).removeprefix(CONSTANCIA)
        # What kind of expression it is, is the same for all.
        if name != "id" and not name.startswith(XSI):
            yield name, str(value)
    for child in node:
        if part_events.is_definition(child):
            yield from part_events.facts_of(child, named)
        elif _local(child) not in SAID_ELSEWHERE and not child.get("id"):
            yield _local(child), _whole(child)


def _whole(node: etree._Element) -> str:
    """The text of a child, or all of it where there is more than text."""
    is_text = len(node) == 0 and not [name for name in map(str, node.keys()) if not name.startswith(XSI)]
    return (node.text or "").strip() if is_text else etree.tostring(node, encoding="unicode")


def _lanes(root: etree._Element) -> dict[str, str]:
    return {
        (reference.text or "").strip(): lane.get("id", "")
        for lane in root.iter(f"{BPMN}lane")
        for reference in lane.iterchildren(f"{BPMN}flowNodeRef")
    }


def _places(root: etree._Element) -> dict[str, Place]:
    drawn = root.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge")
    return {node.get("bpmnElement", ""): tuple(_numbers(node)) for node in drawn}


def _numbers(node: etree._Element) -> Iterator[float]:
    """Of the element itself; where its label stands is nobody's change."""
    for place in node.iterchildren(f"{DC}Bounds", f"{DI}waypoint"):
        for side in ("x", "y", "width", "height"):
            try:
                yield float(place.get(side, "0"))
            except ValueError:
                yield 0.0
