"""Putting a step into a diagram and taking one out, without a mouse."""

import re
import unicodedata
from dataclasses import dataclass

from lxml import etree

from app.domain.errors import Refusal
from app.domain.offices import Office
from app.process.diagrams import BPMN, CONSTANCIA, FLOW_NODES
from app.process.safe_xml import tree_of
from app.process.studio import layout_edit
from app.process.studio.table import AUTOMATIC, HUMAN

ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
SINGLE = frozenset({f"{BPMN}{HUMAN}", f"{BPMN}{AUTOMATIC}"})


@dataclass(frozen=True)
class NewStep:
    """`flow` is the arrow it is put on; `does` the form of a person's task or the operation of an automatic one."""

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
    lanes = {lane.get("id", ""): lane for lane in root.iter(f"{BPMN}lane")}
    office = Office.SYSTEM.value if step.kind == AUTOMATIC else step.office
    _require(root, step, office in lanes)
    process, after = flow.getparent(), flow.get("targetRef", "")
    assert process is not None
    onward = f"{step.key}_done"

    node = etree.Element(f"{BPMN}{step.kind}", {"id": step.key, "name": " ".join(step.name.split())})
    node.set(f"{CONSTANCIA}{'operation' if step.kind == AUTOMATIC else 'form'}", step.does)
    for child, key in (("incoming", step.flow), ("outgoing", onward)):
        etree.SubElement(node, f"{BPMN}{child}").text = key
    flow.addprevious(node)
    etree.SubElement(lanes[office], f"{BPMN}flowNodeRef").text = step.key
    ends = {"id": onward, "sourceRef": step.key, "targetRef": after}
    flow.addnext(etree.Element(f"{BPMN}sequenceFlow", ends))
    flow.set("targetRef", step.key)
    _tell(root, after, "incoming", step.flow, onward)
    layout_edit.put_in(root, step.key, office, after=flow.get("sourceRef", ""), before=after)
    layout_edit.connect(root, step.flow, flow.get("sourceRef", ""), step.key)
    layout_edit.connect(root, onward, step.key, after)
    return etree.tostring(root, encoding="unicode")


def without_step(xml: str, key: str) -> str:
    """The text without a task; the way goes on where it went on from there. Raises Refusal for what has several ways."""
    root = tree_of(xml)
    node = next((one for one in root.iter(*SINGLE) if one.get("id") == key), None)
    into = [flow for flow in root.iter(f"{BPMN}sequenceFlow") if flow.get("targetRef") == key]
    out = [flow for flow in root.iter(f"{BPMN}sequenceFlow") if flow.get("sourceRef") == key]
    if node is None or len(out) != 1:
        raise Refusal("Solo se quita aquí una tarea de la que sale un camino. Hágalo en el editor.")
    onward, after = out[0].get("id", ""), out[0].get("targetRef", "")
    for flow in into:
        flow.set("targetRef", after)
    _tell(root, after, "incoming", onward, *(flow.get("id", "") for flow in into))
    for gone in (node, out[0], *(one for one in root.iter(f"{BPMN}flowNodeRef") if (one.text or "").strip() == key)):
        gone.getparent().remove(gone)  # type: ignore[union-attr]
    layout_edit.take_out(root, key, onward)
    for flow in into:
        layout_edit.connect(root, flow.get("id", ""), flow.get("sourceRef", ""), after)
    return etree.tostring(root, encoding="unicode")


def id_for(xml: str, name: str) -> str:
    """An id made of a name, for who does not want to think of one."""
    plain = unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50] or "step"
    stem = stem if ID.fullmatch(stem) else f"step_{stem}"
    taken = {node.get("id") for node in tree_of(xml).iter(etree.Element)}
    return next(key for key in (stem, *(f"{stem}_{n}" for n in range(2, 1000))) if key not in taken)


def _require(root: etree._Element, step: NewStep, has_lane: bool) -> None:
    if step.kind not in (HUMAN, AUTOMATIC):
        raise Refusal("Elija qué se agrega: una tarea de persona o una automática.")
    if not has_lane:
        raise Refusal("Esa oficina no tiene carril en el diagrama. Agréguelo en el editor y vuelva a intentar.")
    if not step.name.strip():
        raise Refusal("Falta el nombre del paso. Escríbalo con un verbo, como «Revisar la solicitud».")
    if not ID.fullmatch(step.key):
        raise Refusal("El id lleva minúsculas, cifras y guion bajo, como «review_request». Corríjalo.")
    if any(node.get("id") in (step.key, f"{step.key}_done") for node in root.iter(etree.Element)):
        raise Refusal(f"El id «{step.key}» ya está en el diagrama. Elija otro.")


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
