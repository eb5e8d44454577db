"""A diagram as a table: each step with who does it, by when, with what, and where it goes on. For those who cannot drag."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from app.process.diagrams import BPMN, CONSTANCIA, FLOW_NODES
from app.process.safe_xml import tree_of
from app.process.studio import part_events
from app.process.studio.part_events import EVENT, HOST, INTERRUPTS, MESSAGE, TERM
from app.process.studio.term_words import term_in

HUMAN, AUTOMATIC, RULE, CALL = "userTask", "serviceTask", "businessRuleTask", "callActivity"
WAIT, BORDER, SUBPROCESS = "intermediateCatchEvent", "boundaryEvent", "subProcess"
DOES: Mapping[str, str] = {
    HUMAN: f"{CONSTANCIA}form",
    AUTOMATIC: f"{CONSTANCIA}operation",
    RULE: f"{CONSTANCIA}decision",
    CALL: "calledElement",
}
"""The attribute that says what a step does, by its kind."""
HOSTS = (HUMAN, SUBPROCESS, CALL)
"""What a term or an error can hang on."""
REMOVABLE = (*DOES, WAIT, BORDER)
"""What can be taken out of the table."""


@dataclass(frozen=True)
class Limit:
    """A term as typed: how many days, working ones or not. `source` is kept for what is not a term."""

    days: str
    is_working: bool
    source: str


@dataclass(frozen=True)
class Exit:
    """Where a step goes on; `condition` and `is_default` matter after a decision."""

    key: str
    name: str
    target: str
    condition: str
    is_default: bool


@dataclass(frozen=True)
class Row:
    """One step; `does` is the form, operation, decision table or process that it names.

    `event` is what an event waits for or an end does: timer with its `term`, message, error (its code) or terminate. What hangs
    on a step has it as `host`; what is inside of a subprocess is `within` it, and may have an office of its own.
    """

    key: str
    kind: str
    name: str
    office: str
    does: str
    deadline: Limit
    escalation: Limit
    exits: tuple[Exit, ...]
    event: str
    term: Limit
    message: str
    error: str
    host: str
    is_interrupting: bool
    within: str

    @property
    def is_decision(self) -> bool:
        return self.kind == "exclusiveGateway"


@dataclass(frozen=True)
class Table:
    """The steps as one comes by them from the start, then those that nobody comes by; `lanes` are id and name."""

    rows: tuple[Row, ...]
    lanes: Mapping[str, str]

    def name_of(self, key: str) -> str:
        return next((row.name or row.key for row in self.rows if row.key == key), key)

    def inside(self, key: str) -> list[Row]:
        """What is in a subprocess, or in the process itself, but for what hangs on a step."""
        return [row for row in self.rows if row.within == key and not row.host]

    def hanging(self, key: str) -> list[Row]:
        return [row for row in self.rows if row.host == key]


def table_of(xml: str) -> Table:
    """The steps of a canonical text, sound or not."""
    root = tree_of(xml)
    nodes = {node.get("id", ""): node for node in root.iter() if node.tag in FLOW_NODES}
    flows = list(root.iter(f"{BPMN}sequenceFlow"))
    lanes = {lane.get("id", ""): lane.get("name", "") for lane in root.iter(f"{BPMN}lane")}
    offices = {
        (reference.text or "").strip(): lane.get("id", "")
        for lane in root.iter(f"{BPMN}lane")
        for reference in lane.iterchildren(f"{BPMN}flowNodeRef")
    }
    named = {
        **part_events.names_of(root),
        **{error.get("id", ""): error.get("errorCode", "") for error in errors(root)},
    }
    rows = (_row(nodes[key], offices.get(key, ""), flows, nodes, named) for key in _as_one_comes_by(nodes, flows))
    return Table(tuple(rows), lanes)


def errors(root: etree._Element) -> Sequence[etree._Element]:
    return root.findall(f"{BPMN}error")


def _as_one_comes_by(nodes: Mapping[str, etree._Element], flows: list[etree._Element]) -> Iterator[str]:
    """What is in a subprocess right after it; where one goes from a border after where one goes from the step."""
    seen: set[str] = set()
    to_see = [key for key, node in nodes.items() if node.tag == f"{BPMN}startEvent" and not _within(node)]
    while to_see:
        key = to_see.pop(0)
        if key in seen or key not in nodes:
            continue
        seen.add(key)
        yield key
        inner = [start.get("id", "") for start in nodes[key].iterchildren(f"{BPMN}startEvent")]
        onward = [flow.get("targetRef", "") for flow in flows if flow.get("sourceRef") == key]
        to_see = inner + onward + [one for one, node in nodes.items() if node.get(HOST) == key] + to_see
    yield from (key for key in nodes if key not in seen)


def _within(node: etree._Element) -> str:
    above = node.getparent()
    return above.get("id", "") if above is not None and above.tag == f"{BPMN}{SUBPROCESS}" else ""


def _row(
    node: etree._Element,
    lane: str,
    flows: list[etree._Element],
    nodes: Mapping[str, etree._Element],
    named: Mapping[str, str],
) -> Row:
    key, kind = node.get("id", ""), etree.QName(node).localname
    facts = {
        fact: value
        for one in node
        if part_events.is_definition(one)
        for fact, value in part_events.facts_of(one, named)
    }
    return Row(
        key=key,
        kind=kind,
        name=node.get("name", ""),
        office=node.get(f"{CONSTANCIA}office", "") if _within(node) else lane,
        does=node.get(DOES[kind], "") if kind in DOES else "",
        deadline=_limit(node.get(f"{CONSTANCIA}deadline", "")),
        escalation=_limit(node.get(f"{CONSTANCIA}escalation", "")),
        exits=tuple(_exit(flow, node, nodes) for flow in flows if flow.get("sourceRef") == key),
        event=facts.get(EVENT, ""),
        term=_limit(facts.get(TERM, "")),
        message=facts.get(MESSAGE, ""),
        error=facts.get(part_events.ERROR, ""),
        host=node.get(HOST, "") if node.get(HOST) in nodes else "",
        is_interrupting=node.get(INTERRUPTS) != "false",
        within=_within(node),
    )


def _limit(source: str) -> Limit:
    term = term_in(source)
    return Limit(str(term.days), term.working, source) if term else Limit("", True, source)


def _exit(flow: etree._Element, node: etree._Element, nodes: Mapping[str, etree._Element]) -> Exit:
    condition = flow.find(f"{BPMN}conditionExpression")
    key = flow.get("targetRef", "")
    target = nodes[key].get("name", "") if key in nodes else ""
    return Exit(
        key=flow.get("id", ""),
        name=flow.get("name", ""),
        target=target or key,
        condition=(condition.text or "").strip() if condition is not None else "",
        is_default=node.get("default") == flow.get("id"),
    )
