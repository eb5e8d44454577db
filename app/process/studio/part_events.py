"""What an event says of itself: what it waits for or brings about, whatever element of BPMN says so."""

from collections.abc import Iterator, Mapping

from lxml import etree

from app.process.diagrams import BPMN, EVENT_DEFINITIONS

EVENT, TERM, MESSAGE, ERROR = "event", "term", "message", "error"
FACTS = frozenset({EVENT, TERM, MESSAGE, ERROR})
HOST, INTERRUPTS = "attachedToRef", "cancelActivity"
NAMED_BY = {MESSAGE: "messageRef", ERROR: "errorRef"}
DURATION = f"{BPMN}timeDuration"


def is_definition(node: etree._Element) -> bool:
    return node.tag in EVENT_DEFINITIONS


def names_of(root: etree._Element) -> Mapping[str, str]:
    """What messages and errors are called, by their ids: what refers to them says only those."""
    messages = {node.get("id", ""): node.get("name", "") for node in root.iter(f"{BPMN}message")}
    errors = {
        node.get("id", ""): f"{node.get('name', '')} ({node.get('errorCode', '')})"
        for node in root.iter(f"{BPMN}error")
    }
    return messages | errors


def facts_of(definition: etree._Element, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is expected of one, each by its name; what is not, as it is written."""
    kind = EVENT_DEFINITIONS[str(definition.tag)]
    yield EVENT, kind
    if kind == "timer":
        yield TERM, definition.findtext(DURATION, "").strip()
    if kind in NAMED_BY:
        reference = definition.get(NAMED_BY[kind], "")
        yield kind, names.get(reference, reference)
    known = {"id", NAMED_BY.get(kind, "")}
    is_more = any(str(name) not in known for name in definition.attrib)
    if is_more or any(child.tag != DURATION for child in definition):
        yield etree.QName(definition).localname, etree.tostring(definition, encoding="unicode")
