"""Rules on how a diagram is written: the allowed subset of BPMN, ids for machines and names for people."""

import re
from collections.abc import Iterator

from lxml import etree

from app.process import subset
from app.process.diagrams import BPMN, BPMNDI, FLOW_NODES
from app.process.gate.finding import Finding

ENGLISH_ID = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")

ROOMS = frozenset(f"{BPMN}{name}" for name in ("definitions", "collaboration", "process", "subProcess", "laneSet")) | {
    f"{BPMNDI}BPMNPlane"
}

MOST_LEVELS = 3


def findings(root: etree._Element) -> Iterator[Finding]:
    yield from _subset(root)
    yield from _names(root)


def _subset(root: etree._Element) -> Iterator[Finding]:
    outside = subset.outside(root)
    for node in outside:
        parent = node.getparent()
        # What hangs on something outside goes with it; only what another tool put in its own room is named too.
        if parent not in outside or parent.tag == f"{BPMN}extensionElements":
            sentence = f"«{etree.QName(node).localname}» no se admite. Use los elementos del subconjunto permitido."
            yield Finding("outside_subset", _owner(node), sentence)
    for node in root.iter(f"{BPMN}subProcess"):
        yield from _subprocess(node)
    for node, attribute in subset.foreign_attributes(root):
        if node not in outside and attribute != "triggeredByEvent":
            yield Finding("attribute", _owner(node), f"El atributo «{attribute}» no se admite. Quítelo.")


def _subprocess(node: etree._Element) -> Iterator[Finding]:
    key = node.get("id", "")
    if node.get("triggeredByEvent", "false") != "false":
        sentence = "«subProcess» que parte por un evento no se admite. Use un evento en el borde del paso."
        yield Finding("outside_subset", key, sentence)
    if len(list(node.iterancestors(f"{BPMN}subProcess"))) >= MOST_LEVELS:
        sentence = f"Hay más de {MOST_LEVELS} subprocesos uno dentro de otro. Saque este a uno de más afuera."
        yield Finding("outside_subset", key, sentence)


def _owner(node: etree._Element) -> str:
    """The element that a page can select: the node itself, or the step, arrow or lane that it is part of."""
    for each in (node, *node.iterancestors()):
        parent, identity = each.getparent(), each.get("bpmnElement") or each.get("id")
        if identity and (parent is None or parent.tag in ROOMS):
            return identity
    return etree.QName(node).localname


def _names(root: etree._Element) -> Iterator[Finding]:
    for node in root.iter(f"{BPMN}process", *FLOW_NODES):
        identity = node.get("id", "")
        if not ENGLISH_ID.match(identity):
            sentence = "El id va en inglés, con minúsculas y guion bajo. Escríbalo como «decide_annulment»."
            yield Finding("id", identity, sentence)
        if not node.get("name", "").strip() and not etree.QName(node).localname.endswith("Gateway"):
            yield Finding("name", identity, "Falta el nombre en español. Escríbalo en el elemento.")
