"""A diagram as we read it before the engine does: safe XML in, canonical text, hash and the facts of its elements out."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from app.process.safe_xml import InvalidDiagram, canonical, tree_of

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
CONSTANCIA = "{urn:constancia:bpmn}"

FLOW_NODES = frozenset(
    f"{BPMN}{name}"
    for name in ("startEvent", "endEvent", "userTask", "serviceTask", "exclusiveGateway", "parallelGateway")
)
"""The steps of a diagram that the runner knows how to live with; the gate refuses every other."""


@dataclass(frozen=True)
class UserTask:
    """A step that a person does: `form` asks, `office` is the lane, `deadline` an expression such as plazo_habil(10).

    After `escalation`, a longer term of the same kind, the national level is told; without it, when the deadline is over.
    """

    key: str
    name: str
    form: str
    office: str
    deadline: str
    escalation: str


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


def read(content: bytes) -> Diagram:
    """The diagram in `content`, a BPMN file with one executable process. Raises InvalidDiagram."""
    return _described(canonical(content))


@lru_cache(maxsize=256)
def stored(xml: str) -> Diagram:
    """The diagram of a canonical text that was published; described once per process."""
    return _described(xml)


def _described(xml: str) -> Diagram:
    # What the engine and the gate get is this text; nothing is told from what was uploaded.
    root = tree_of(xml)
    processes = [process for process in root.iter(f"{BPMN}process") if process.get("isExecutable") == "true"]
    if len(processes) != 1:
        raise InvalidDiagram("El archivo debe traer un proceso ejecutable, y solo uno. Deje uno con isExecutable.")

    process = processes[0]
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
        escalation=node.get(f"{CONSTANCIA}escalation", ""),
    )
