"""Hanging a term on a step and taking it off again: what happens when the step still waits after so many days."""

from dataclasses import dataclass

from lxml import etree

from app.domain.errors import Refusal
from app.process.diagrams import BPMN, FLOW_NODES
from app.process.safe_xml import tree_of
from app.process.studio import layout_edit, places, steps, table_events
from app.process.studio.part_events import HOST
from app.process.studio.table import BORDER, HOSTS

NO_HOST = "Ese paso ya no está o no admite un aviso. Elija una tarea de persona, un subproceso o una llamada."
STILL_NEEDED = "A lo que sigue solo se llega por este aviso. Quite primero esos pasos, de a uno, y vuelva a intentar."


@dataclass(frozen=True)
class NewBorder:
    """A term on the step `host`. It leads to the step `onward`, or to an end of its own where that is empty.

    One that does not interrupt opens a side branch, which always has an end of its own.
    """

    host: str
    key: str
    name: str
    term: str
    is_interrupting: bool
    onward: str = ""


def with_border(xml: str, new: NewBorder) -> str:
    """The text with a term on a step. Raises Refusal for an id that is taken or none, and where nothing can hang."""
    root = tree_of(xml)
    steps.require_new(root, new.key, new.name)
    host = next((node for node in root.iter(*(f"{BPMN}{kind}" for kind in HOSTS)) if node.get("id") == new.host), None)
    if host is None:
        raise Refusal(NO_HOST)

    event = etree.Element(f"{BPMN}{BORDER}", {"id": new.key, "name": " ".join(new.name.split()), HOST: new.host})
    table_events.write_interrupts(event, new.is_interrupting)
    etree.SubElement(event, f"{BPMN}outgoing").text = f"{new.key}_done"
    table_events.write_term(event, new.term)
    host.addnext(event)
    _into_lane_of(root, new.host, new.key)
    layout_edit.hang(root, new.key, new.host)
    target = _onward(root, host, new)
    ends = {"id": f"{new.key}_done", "sourceRef": new.key, "targetRef": target}
    event.addnext(etree.Element(f"{BPMN}sequenceFlow", ends))
    places.connect(root, f"{new.key}_done", new.key, target)
    return etree.tostring(root, encoding="unicode")


def _onward(root: etree._Element, host: etree._Element, new: NewBorder) -> str:
    """The step it leads to; an end of its own is made below."""
    if new.onward and new.is_interrupting:
        beside = {node.get("id") for node in host.getparent() if node.tag in FLOW_NODES}  # type: ignore[union-attr]
        if new.onward not in beside:
            raise Refusal("El paso al que sigue ya no está, o está dentro de otro. Elija uno que esté junto a este.")
        steps.tell_comes(root, new.onward, f"{new.key}_done")
        return new.onward
    end = etree.Element(f"{BPMN}endEvent", {"id": f"{new.key}_end", "name": f"Fin de «{' '.join(new.name.split())}»"})
    etree.SubElement(end, f"{BPMN}incoming").text = f"{new.key}_done"
    host.addnext(end)
    _into_lane_of(root, new.host, f"{new.key}_end")
    layout_edit.below(root, f"{new.key}_end", new.key)
    return f"{new.key}_end"


def without_border(xml: str, key: str) -> str:
    """The text without what hangs on a step, and without the end that only this leads to. Raises Refusal where more hangs on it."""
    root = tree_of(xml)
    event = next((node for node in root.iter(f"{BPMN}{BORDER}") if node.get("id") == key), None)
    if event is None:
        raise Refusal("Ese aviso ya no está en el diagrama. Vuelva a abrir el borrador.")
    flows = list(root.iter(f"{BPMN}sequenceFlow"))
    out = [flow for flow in flows if flow.get("sourceRef") == key]
    leads_to = {flow.get("targetRef", "") for flow in out}
    others = {flow.get("targetRef", "") for flow in flows if flow not in out}
    alone = [node for node in root.iter(*FLOW_NODES) if node.get("id") in leads_to - others]
    if any(node.tag != f"{BPMN}endEvent" for node in alone):
        raise Refusal(STILL_NEEDED)
    gone = [event, *out, *alone]
    keys = {node.get("id", "") for node in gone}
    said = [one for one in root.iter(f"{BPMN}flowNodeRef", f"{BPMN}incoming") if (one.text or "").strip() in keys]
    for one in (*gone, *said):
        one.getparent().remove(one)  # type: ignore[union-attr]
    places.take_out(root, *keys)
    return etree.tostring(root, encoding="unicode")


def _into_lane_of(root: etree._Element, host: str, key: str) -> None:
    held = [one for one in root.iter(f"{BPMN}flowNodeRef") if (one.text or "").strip() == host]
    for reference in held[:1]:
        other = etree.Element(f"{BPMN}flowNodeRef")
        other.text = key
        reference.addnext(other)
