"""What was typed of an event: its term, the fact it waits for, the error, and whether it interrupts."""

import re

from lxml import etree

from app.process.diagrams import BPMN
from app.process.studio.part_events import DURATION, INTERRUPTS, is_definition
from app.process.studio.table import errors
from app.process.subset import XSI

CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
NO_CODE = "El código del error lleva minúsculas, cifras y guion bajo, como «papers_missing». Corríjalo."


def write_term(event: etree._Element, source: str) -> None:
    """How long it waits; an expression such as plazo_habil(5)."""
    definition = _definition(event, "timer")
    duration = definition.find(DURATION)
    if duration is None:
        duration = etree.SubElement(definition, DURATION, {f"{XSI}type": "tFormalExpression"})
    duration.text = source


def write_message(root: etree._Element, event: etree._Element, name: str) -> None:
    """The fact it waits for, by its name in the catalogue."""
    known = [one for one in root.findall(f"{BPMN}message") if one.get("name") == name]
    message = (
        known[0] if known else _first(root, "message", {"id": _free_id(root, re.sub(r"\W+", "_", name)), "name": name})
    )
    _definition(event, "message").set("messageRef", message.get("id", ""))


def write_error(root: etree._Element, event: etree._Element, code: str, name: str) -> None:
    """The error by its code; a new one is called as the event is."""
    known = [one for one in errors(root) if one.get("errorCode") == code]
    given = {"id": _free_id(root, code), "name": name or code, "errorCode": code}
    error = known[0] if known else _first(root, "error", given)
    _definition(event, "error").set("errorRef", error.get("id", ""))


def write_interrupts(event: etree._Element, is_interrupting: bool) -> None:
    if is_interrupting:
        event.attrib.pop(INTERRUPTS, None)
    else:
        event.set(INTERRUPTS, "false")


def _definition(event: etree._Element, kind: str) -> etree._Element:
    found = next((child for child in event if is_definition(child)), None)
    key = f"{event.get('id')}_{kind}"
    return found if found is not None else etree.SubElement(event, f"{BPMN}{kind}EventDefinition", {"id": key})


def _first(root: etree._Element, tag: str, attributes: dict[str, str]) -> etree._Element:
    one = etree.Element(f"{BPMN}{tag}", attributes)
    root.insert(0, one)
    return one


def _free_id(root: etree._Element, wished: str) -> str:
    taken = {node.get("id") for node in root.iter(etree.Element)}
    return next(key for key in (wished, *(f"{wished}_{n}" for n in range(2, 1000))) if key not in taken)
