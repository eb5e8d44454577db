"""Putting a step into a diagram and taking one out, without a mouse."""

import re
import unicodedata
from dataclasses import dataclass

from lxml import etree

from app.domain.errors import Refusal
from app.domain.offices import Office
from app.process.diagrams import BPMN, CONSTANCIA, FLOW_NODES
from app.process.safe_xml import tree_of
from app.process.studio import layout_edit, places, table_events
from app.process.studio.part_events import HOST
from app.process.studio.table import AUTOMATIC, BORDER, CALL, DOES, HUMAN, RULE, SUBPROCESS, WAIT

ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
TIMER, MESSAGE = "timer", "message"
WAITS = frozenset({TIMER, MESSAGE})
KINDS = frozenset({HUMAN, AUTOMATIC, RULE, CALL}) | WAITS
SINGLE = frozenset(f"{BPMN}{kind}" for kind in (HUMAN, AUTOMATIC, RULE, CALL, WAIT))
NO_LANE = "Esa oficina no tiene carril en el diagrama. Agregue la oficina y vuelva a intentar."


@dataclass(frozen=True)
class NewStep:
    """`flow` is the arrow it is put on; `does` what it says by its kind.

    That is the form of a person's task, the operation of an automatic one, the table of a decision, the process of a call, and of
    what waits the term of a `timer` or the name of a `message`.
    """

    flow: str
    kind: str
    key: str
    name: str
    office: str
    does: str


def with_step(xml: str, step: NewStep) -> str:
    """The text with a step in the middle of an arrow. Raises Refusal for an id that is taken or none."""
    root = tree_of(xml)
    flow = _found(root, step.flow, f"{BPMN}sequenceFlow")
    require_new(root, step.key, step.name)
    if step.kind not in KINDS:
        raise Refusal("Elija qué se agrega: una tarea, una espera, una decisión por tabla o una llamada.")
    lane = _lane_for(root, step, flow)
    after, onward = flow.get("targetRef", ""), f"{step.key}_done"

    node = _node(step)
    for child, key in (("incoming", step.flow), ("outgoing", onward)):
        etree.SubElement(node, f"{BPMN}{child}").text = key
    flow.addprevious(node)
    _say_what(root, node, step, is_inside=lane is None)
    if lane is not None:
        etree.SubElement(lane, f"{BPMN}flowNodeRef").text = step.key
    ends = {"id": onward, "sourceRef": step.key, "targetRef": after}
    flow.addnext(etree.Element(f"{BPMN}sequenceFlow", ends))
    flow.set("targetRef", step.key)
    _tell(root, after, "incoming", step.flow, onward)
    frame = lane.get("id", "") if lane is not None else ""
    layout_edit.put_in(
        root, step.key, frame, after=flow.get("sourceRef", ""), before=after, is_event=step.kind in WAITS
    )
    places.connect(root, step.flow, flow.get("sourceRef", ""), step.key)
    places.connect(root, onward, step.key, after)
    return etree.tostring(root, encoding="unicode")


def _node(step: NewStep) -> etree._Element:
    tag = WAIT if step.kind in WAITS else step.kind
    return etree.Element(f"{BPMN}{tag}", {"id": step.key, "name": " ".join(step.name.split())})


def _say_what(root: etree._Element, node: etree._Element, step: NewStep, *, is_inside: bool) -> None:
    if step.kind == TIMER:
        table_events.write_term(node, step.does)
    elif step.kind == MESSAGE:
        table_events.write_message(root, node, step.does)
    else:
        node.set(DOES[step.kind], step.does)
    if is_inside and step.kind == HUMAN and step.office:
        node.set(f"{CONSTANCIA}office", step.office)


def _lane_for(root: etree._Element, step: NewStep, flow: etree._Element) -> etree._Element | None:
    """The lane it goes into; None inside of a subprocess, which has none. What waits stays in that of the step before it."""
    above = flow.getparent()
    if above is not None and above.tag == f"{BPMN}{SUBPROCESS}":
        return None
    lanes = {lane.get("id", ""): lane for lane in root.iter(f"{BPMN}lane")}
    before = next((one for one in root.iter(*FLOW_NODES) if one.get("id") == flow.get("sourceRef")), None)
    host = before.get(HOST, before.get("id", "")) if before is not None else ""
    held = [lane for lane in lanes.values() if any((ref.text or "").strip() == host for ref in lane)]
    if step.kind in WAITS and held:
        return held[0]
    office = step.office if step.kind == HUMAN else Office.SYSTEM.value
    if office not in lanes:
        raise Refusal(NO_LANE)
    return lanes[office]


def without_step(xml: str, key: str) -> str:
    """The text without a task or a wait; the way goes on where it went on from there. Raises Refusal for what has several ways."""
    root = tree_of(xml)
    node = next((one for one in root.iter(*SINGLE) if one.get("id") == key), None)
    into = [flow for flow in root.iter(f"{BPMN}sequenceFlow") if flow.get("targetRef") == key]
    out = [flow for flow in root.iter(f"{BPMN}sequenceFlow") if flow.get("sourceRef") == key]
    if node is None or len(out) != 1:
        raise Refusal("Solo se quita aquí una tarea o una espera de la que sale un camino. Hágalo en el editor.")
    if any(one.get(HOST) == key for one in root.iter(f"{BPMN}{BORDER}")):
        raise Refusal("De este paso cuelga un aviso o una salida. Quítelo primero y vuelva a intentar.")
    onward, after = out[0].get("id", ""), out[0].get("targetRef", "")
    for flow in into:
        flow.set("targetRef", after)
    _tell(root, after, "incoming", onward, *(flow.get("id", "") for flow in into))
    for gone in (node, out[0], *(one for one in root.iter(f"{BPMN}flowNodeRef") if (one.text or "").strip() == key)):
        gone.getparent().remove(gone)  # type: ignore[union-attr]
    places.take_out(root, key, onward)
    for flow in into:
        places.connect(root, flow.get("id", ""), flow.get("sourceRef", ""), after)
    return etree.tostring(root, encoding="unicode")


def id_for(xml: str, name: str) -> str:
    """An id made of a name, for who does not want to think of one."""
    plain = unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50] or "step"
    stem = stem if ID.fullmatch(stem) else f"step_{stem}"
    taken = {node.get("id") for node in tree_of(xml).iter(etree.Element)}
    return next(key for key in (stem, *(f"{stem}_{n}" for n in range(2, 1000))) if key not in taken)


def require_new(root: etree._Element, key: str, name: str) -> None:
    """Raises Refusal for an id that is taken or none, and for a step without a name."""
    if not name.strip():
        raise Refusal("Falta el nombre del paso. Escríbalo con un verbo, como «Revisar la solicitud».")
    if not ID.fullmatch(key):
        raise Refusal("El id lleva minúsculas, cifras y guion bajo, como «review_request». Corríjalo.")
    if any(node.get("id") in (key, f"{key}_done") for node in root.iter(etree.Element)):
        raise Refusal(f"El id «{key}» ya está en el diagrama. Elija otro.")


def _found(root: etree._Element, key: str, tag: str) -> etree._Element:
    found = next((node for node in root.iter(tag) if node.get("id") == key), None)
    if found is None:
        raise Refusal("Ese camino ya no está en el diagrama. Vuelva a abrir el borrador.")
    return found


def _tell(root: etree._Element, key: str, child: str, old: str, *new: str) -> None:
    """A step says itself which arrows come in: put others in the place of one, where it says so."""
    node = next((one for one in root.iter(*FLOW_NODES) if one.get("id") == key), None)
    told = [one for one in node.iterchildren(f"{BPMN}{child}") if (one.text or "") == old] if node is not None else []
    for one in told:
        for name in new:
            other = etree.Element(f"{BPMN}{child}")
            other.text = name
            one.addprevious(other)
        one.getparent().remove(one)  # type: ignore[union-attr]


def tell_comes(root: etree._Element, key: str, flow: str) -> None:
    """A step that says itself which arrows come in says of one more."""
    node = next((one for one in root.iter(*FLOW_NODES) if one.get("id") == key), None)
    told = node.findall(f"{BPMN}incoming") if node is not None else []
    if told:
        other = etree.Element(f"{BPMN}incoming")
        other.text = flow
        told[-1].addnext(other)
