"""Rules on how a diagram is written: the allowed subset of BPMN, ids for machines and names for people."""

import re
from collections.abc import Iterator

from lxml import etree

from app.process import subset
from app.process.diagrams import BPMN, FLOW_NODES
from app.process.gate.finding import Finding

ENGLISH_ID = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")


def findings(root: etree._Element) -> Iterator[Finding]:
    yield from _subset(root)
    yield from _names(root)


def _subset(root: etree._Element) -> Iterator[Finding]:
    for node in subset.outside(root):
        name = etree.QName(node).localname
        sentence = f"«{name}» no se admite. Use los elementos del subconjunto permitido."
        yield Finding("outside_subset", node.get("id", name), sentence)
    for node, attribute in subset.foreign_attributes(root):
        sentence = f"El atributo «{attribute}» no se admite. Quítelo."
        yield Finding("attribute", node.get("id", etree.QName(node).localname), sentence)


def _names(root: etree._Element) -> Iterator[Finding]:
    for node in root.iter(f"{BPMN}process", *FLOW_NODES):
        identity = node.get("id", "")
        if not ENGLISH_ID.match(identity):
            yield Finding("id", identity, "El id va en inglés, con minúsculas y guion bajo, como «decide_annulment».")
        if not node.get("name", "").strip() and not etree.QName(node).localname.endswith("Gateway"):
            yield Finding("name", identity, "Falta el nombre en español. Escríbalo en el elemento.")
