"""A diagram as we read it before the engine does: safe XML in, canonical text, hash and the facts of its elements out."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from app.domain.errors import Refusal

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
CONSTANCIA = "{urn:constancia:bpmn}"
MAX_BYTES = 1_000_000
MAX_ELEMENTS = 500

FLOW_NODES = frozenset(
    f"{BPMN}{name}"
    for name in ("startEvent", "endEvent", "userTask", "serviceTask", "exclusiveGateway", "parallelGateway")
)
"""The steps of a diagram that the runner knows how to live with; the gate refuses every other."""


class InvalidDiagram(Refusal):
    """The file is not a diagram we take; the sentence says why and what to do."""

    code = "invalid_diagram"


@dataclass(frozen=True)
class UserTask:
    """A step that a person does: `form` asks, `office` is the lane, `deadline` an expression such as plazo_habil(10)."""

    key: str
    name: str
    form: str
    office: str
    deadline: str


@dataclass(frozen=True)
class Diagram:
    """One executable process: its canonical XML and what the runner needs to know of it."""

    process_id: str
    name: str
    xml: str
    sha256: str
    user_tasks: Mapping[str, UserTask]
    operations: Mapping[str, str]
    ends: Mapping[str, str]


def parse_xml(content: bytes) -> etree._Element:
    """The tree of an untrusted file. Raises InvalidDiagram for a DOCTYPE, bad XML, or more than 1 MB."""
    if len(content) > MAX_BYTES:
        raise InvalidDiagram("El diagrama supera 1 MB. Divídalo en procesos más pequeños.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidDiagram(f"El archivo no es XML válido ({error.msg}). Ábralo y guárdelo de nuevo.") from error
    if root.getroottree().docinfo.doctype:
        raise InvalidDiagram("El archivo trae un DOCTYPE, que no se acepta. Quítelo y vuelva a intentar.")
    return root


@lru_cache(maxsize=256)
def read(content: bytes) -> Diagram:
    """The diagram in `content`, a BPMN file with one executable process. Raises InvalidDiagram."""
    root = parse_xml(content)
    if sum(1 for _ in root.iter(f"{BPMN}*")) > MAX_ELEMENTS:
        raise InvalidDiagram(f"El diagrama tiene más de {MAX_ELEMENTS} elementos. Divídalo en procesos más pequeños.")
    processes = [process for process in root.iter(f"{BPMN}process") if process.get("isExecutable") == "true"]
    if len(processes) != 1:
        raise InvalidDiagram("El archivo debe traer un proceso ejecutable, y solo uno.")

    process = processes[0]
    xml = etree.tostring(root, method="c14n2", strip_text=True).decode()
    lanes = _lanes(process)
    return Diagram(
        process_id=process.get("id", ""),
        name=process.get("name", ""),
        xml=xml,
        sha256=hashlib.sha256(xml.encode()).hexdigest(),
        user_tasks={node.get("id", ""): _user_task(node, lanes) for node in process.iter(f"{BPMN}userTask")},
        operations={
            node.get("id", ""): node.get(f"{CONSTANCIA}operation", "") for node in process.iter(f"{BPMN}serviceTask")
        },
        ends={node.get("id", ""): node.get("name", "") for node in process.iter(f"{BPMN}endEvent")},
    )


def _lanes(process: etree._Element) -> dict[str, str]:
    """The lane of each flow node, by the node's id; the lane's id is the office."""
    return {
        (reference.text or "").strip(): lane.get("id", "")
        for lane in process.iter(f"{BPMN}lane")
        for reference in lane.iter(f"{BPMN}flowNodeRef")
    }


def _user_task(node: etree._Element, lanes: Mapping[str, str]) -> UserTask:
    key = node.get("id", "")
    return UserTask(
        key=key,
        name=node.get("name", ""),
        form=node.get(f"{CONSTANCIA}form", ""),
        office=lanes.get(key, ""),
        deadline=node.get(f"{CONSTANCIA}deadline", ""),
    )
