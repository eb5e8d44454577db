"""A diagram as a table: each step with who does it, by when, with what, and where it goes on. For those who cannot drag."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from app.process.diagrams import BPMN, CONSTANCIA, FLOW_NODES
from app.process.safe_xml import tree_of
from app.process.studio.term_words import term_in

HUMAN, AUTOMATIC = "userTask", "serviceTask"


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
    """One step."""

    key: str
    kind: str
    name: str
    office: str
    form: str
    operation: str
    deadline: Limit
    escalation: Limit
    exits: tuple[Exit, ...]

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
    rows = (_row(nodes[key], offices.get(key, ""), flows, nodes) for key in _as_one_comes_by(nodes, flows))
    return Table(tuple(rows), lanes)


def _as_one_comes_by(nodes: Mapping[str, etree._Element], flows: list[etree._Element]) -> Iterator[str]:
    seen: set[str] = set()
    to_see = [key for key, node in nodes.items() if node.tag == f"{BPMN}startEvent"]
    while to_see:
        key = to_see.pop(0)
        if key in seen or key not in nodes:
            continue
        seen.add(key)
        yield key
        to_see = [flow.get("targetRef", "") for flow in flows if flow.get("sourceRef") == key] + to_see
    yield from (key for key in nodes if key not in seen)


def _row(node: etree._Element, office: str, flows: list[etree._Element], nodes: Mapping[str, etree._Element]) -> Row:
    key = node.get("id", "")
    return Row(
        key=key,
        kind=etree.QName(node).localname,
        name=node.get("name", ""),
        office=office,
        form=node.get(f"{CONSTANCIA}form", ""),
        operation=node.get(f"{CONSTANCIA}operation", ""),
        deadline=_limit(node.get(f"{CONSTANCIA}deadline", "")),
        escalation=_limit(node.get(f"{CONSTANCIA}escalation", "")),
        exits=tuple(_exit(flow, node, nodes) for flow in flows if flow.get("sourceRef") == key),
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
