"""A diagram as we read it before the engine does: safe XML in, canonical text, hash and the facts of its elements out."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from app.process.safe_xml import InvalidDiagram, canonical, tree_of

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
CONSTANCIA = "{urn:constancia:bpmn}"

FLOW_NODES = frozenset(
    f"{BPMN}{name}"
    for name in """
    startEvent endEvent intermediateCatchEvent boundaryEvent userTask serviceTask businessRuleTask
    exclusiveGateway parallelGateway subProcess callActivity
    """.split()  # noqa: SIM905
)
"""The steps of a diagram that can be described; the gate refuses every other."""

EVENT_DEFINITIONS = {
    f"{BPMN}timerEventDefinition": "timer",
    f"{BPMN}messageEventDefinition": "message",
    f"{BPMN}errorEventDefinition": "error",
    f"{BPMN}terminateEventDefinition": "terminate",
}
"""What an event waits for, or what an end does, by the element that says so."""

CATCHING = tuple(f"{BPMN}{name}" for name in ("startEvent", "intermediateCatchEvent", "boundaryEvent"))


@dataclass(frozen=True)
class UserTask:
    """A step that a person does: `form` asks, `office` does, `deadline` is an expression such as plazo_habil(10).

    The office is the lane it is in; within a subprocess its own `constancia:office`, or the lane of the outermost one.
    After `escalation`, a longer term of the same kind, the national level is told; without it, when the deadline is over.
    """

    key: str
    name: str
    form: str
    office: str
    deadline: str
    escalation: str


@dataclass(frozen=True)
class Event:
    """A step that something is caught by: an intermediate or boundary event, or the message a process begins with.

    `kind` is "timer" with its `term`, "message" with the name of the `message`, or "error" with the code of the `error`; what
    hangs on another step has that one as `host`, and ends it where it `is_interrupting`.
    """

    key: str
    name: str
    kind: str
    term: str = ""
    message: str = ""
    host: str = ""
    is_interrupting: bool = True
    error: str = ""


@dataclass(frozen=True)
class Diagram:
    """One executable process: its canonical XML and what the runner needs to know of it.

    Steps within subprocesses are among the others; `ends` are those of the process itself. `decisions` names the decision table
    of a business rule task, `calls` the process of a call activity. `begins_with` is the message that begins it, if one does.
    """

    process_id: str
    name: str
    xml: str
    sha256: str
    user_tasks: Mapping[str, UserTask]
    operations: Mapping[str, str]
    ends: Mapping[str, str]
    events: Mapping[str, Event]
    decisions: Mapping[str, str]
    calls: Mapping[str, str]
    begins_with: str = ""


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
    events = {event.key: event for event in _events(root, process)}
    starts = (node.get("id", "") for node in process.iterchildren(f"{BPMN}startEvent"))
    return Diagram(
        process_id=process.get("id", ""),
        name=process.get("name", ""),
        xml=xml,
        sha256=hashlib.sha256(xml.encode()).hexdigest(),
        user_tasks={key: _user_task(node, lanes) for key, node in _steps(process, "userTask")},
        operations={key: node.get(f"{CONSTANCIA}operation", "") for key, node in _steps(process, "serviceTask")},
        ends={node.get("id", ""): node.get("name", "") for node in process.iterchildren(f"{BPMN}endEvent")},
        events=events,
        decisions={key: node.get(f"{CONSTANCIA}decision", "") for key, node in _steps(process, "businessRuleTask")},
        calls={key: node.get("calledElement", "") for key, node in _steps(process, "callActivity")},
        begins_with=next((events[key].message for key in starts if key in events), ""),
    )


def _steps(process: etree._Element, kind: str) -> Iterator[tuple[str, etree._Element]]:
    """The steps of a kind by their ids, those within subprocesses too."""
    return ((node.get("id", ""), node) for node in process.iter(f"{BPMN}{kind}"))


def _lanes(process: etree._Element) -> dict[str, str]:
    """The lane of each flow node, by the node's id; the lane's id is the office."""
    return {
        (reference.text or "").strip(): lane.get("id", "")
        for lane in process.iter(f"{BPMN}lane")
        for reference in lane.iter(f"{BPMN}flowNodeRef")
    }


def _user_task(node: etree._Element, lanes: Mapping[str, str]) -> UserTask:
    around = list(node.iterancestors(f"{BPMN}subProcess"))
    outermost = around[-1] if around else node
    own = node.get(f"{CONSTANCIA}office", "") if around else ""
    return UserTask(
        key=node.get("id", ""),
        name=node.get("name", ""),
        form=node.get(f"{CONSTANCIA}form", ""),
        office=own or lanes.get(outermost.get("id", ""), ""),
        deadline=node.get(f"{CONSTANCIA}deadline", ""),
        escalation=node.get(f"{CONSTANCIA}escalation", ""),
    )


def definition_of(node: etree._Element) -> etree._Element | None:
    """What an event waits for or an end does, as far as it is one of `EVENT_DEFINITIONS`; None for a plain one."""
    return next(node.iterchildren(*EVENT_DEFINITIONS), None)


def named(root: etree._Element, tag: str, attribute: str) -> dict[str, str]:
    """An attribute of the messages or errors that a diagram declares beside its process, by their ids."""
    return {node.get("id", ""): node.get(attribute, "") for node in root.iterchildren(f"{BPMN}{tag}")}


def _events(root: etree._Element, process: etree._Element) -> Iterator[Event]:
    messages, errors = named(root, "message", "name"), named(root, "error", "errorCode")
    for node in process.iter(*CATCHING):
        definition = definition_of(node)
        if definition is not None:
            yield Event(
                key=node.get("id", ""),
                name=node.get("name", ""),
                kind=EVENT_DEFINITIONS[str(definition.tag)],
                term=(definition.findtext(f"{BPMN}timeDuration") or "").strip(),
                message=messages.get(definition.get("messageRef", ""), ""),
                host=node.get("attachedToRef", ""),
                is_interrupting=node.get("cancelActivity") != "false",
                error=errors.get(definition.get("errorRef", ""), ""),
            )
