"""A process as steps and arrows: what the rules, the token game and the layout ask of a diagram, without its XML."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from app.process.diagrams import BPMN, FLOW_NODES

START, END, USER, SERVICE = "startEvent", "endEvent", "userTask", "serviceTask"
EXCLUSIVE, PARALLEL = "exclusiveGateway", "parallelGateway"
GATEWAYS = frozenset({EXCLUSIVE, PARALLEL})


@dataclass(frozen=True)
class Node:
    """A step by its id in the diagram. `kind` is the element's name in BPMN, `default` the id of an arrow."""

    key: str
    kind: str
    name: str = ""
    default: str = ""
    is_terminate: bool = False

    @property
    def said(self) -> str:
        """How a sentence for an analyst names it."""
        return f"«{self.name.strip() or self.key}»"


@dataclass(frozen=True)
class Flow:
    """An arrow by its id; `condition` is None where none is written."""

    key: str
    source: str
    target: str
    condition: str | None = None
    name: str = ""

    @property
    def said(self) -> str:
        return f"«{self.name.strip() or self.key}»"


@dataclass(frozen=True)
class Graph:
    """Steps and arrows by their ids, in the order of the file. Arrows that hang in the air are in `flows` alone."""

    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]

    @cached_property
    def outgoing(self) -> Mapping[str, list[Flow]]:
        return self._by(lambda flow: flow.source)

    @cached_property
    def incoming(self) -> Mapping[str, list[Flow]]:
        return self._by(lambda flow: flow.target)

    def _by(self, end: Callable[[Flow], str]) -> Mapping[str, list[Flow]]:
        found: dict[str, list[Flow]] = {key: [] for key in self.nodes}
        for flow in self.flows.values():
            if flow.source in self.nodes and flow.target in self.nodes:
                found[end(flow)].append(flow)
        return found

    def of_kind(self, *kinds: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind in kinds]

    @cached_property
    def depth(self) -> Mapping[str, int]:
        """How many arrows each step is away from a start; steps that no arrow leads to are not there."""
        return self.distances([node.key for node in self.of_kind(START)])

    @cached_property
    def onward(self) -> Sequence[str]:
        """The steps in an order in which every arrow leads onwards, those that go `back` apart."""
        return self._onward_and_back[0]

    @cached_property
    def back(self) -> frozenset[str]:
        """The arrows that lead back into the way that leads to them."""
        return self._onward_and_back[1]

    @cached_property
    def _onward_and_back(self) -> tuple[Sequence[str], frozenset[str]]:
        back: set[str] = set()
        done: list[str] = []
        seen: set[str] = set()
        on_way: set[str] = set()
        for root in [*self.depth, *self.nodes]:
            stack = [] if root in seen else [(root, iter(self.outgoing[root]))]
            while stack:
                key, flows = stack[-1]
                seen.add(key)
                on_way.add(key)
                flow = next(flows, None)
                if flow is None:
                    stack.pop()
                    on_way.discard(key)
                    done.append(key)
                elif flow.target in on_way:
                    back.add(flow.key)
                elif flow.target not in seen:
                    stack.append((flow.target, iter(self.outgoing[flow.target])))
        return done[::-1], frozenset(back)

    def distances(self, sources: Iterable[str], *, is_backward: bool = False) -> Mapping[str, int]:
        """How many arrows away the steps are that can be reached from `sources`, or that reach them."""
        found = dict.fromkeys(sources, 0)
        queue = deque(found)
        while queue:
            key = queue.popleft()
            flows = self.incoming[key] if is_backward else self.outgoing[key]
            for other in (flow.source if is_backward else flow.target for flow in flows):
                if other not in found:
                    found[other] = found[key] + 1
                    queue.append(other)
        return found

    def way(self, sources: Iterable[str], target: str, *, without: Collection[str] = ()) -> tuple[str, ...]:
        """The shortest way along the arrows, ids of steps and arrows in turn; empty if there is none.

        It is at least one arrow long, so that from a step to itself it is a round.
        """
        came: dict[str, Flow] = {}
        begun = list(sources)
        queue = deque(begun)
        while queue and target not in came:
            for flow in self.outgoing[queue.popleft()]:
                if flow.target not in came and flow.target not in without:
                    came[flow.target] = flow
                    queue.append(flow.target)
        return _back(came, begun, target) if target in came else ()

    def way_from_start(self, target: str, *, without: Collection[str] = ()) -> tuple[str, ...]:
        """The shortest way from a start, the start itself included."""
        starts = [node.key for node in self.of_kind(START)]
        return (target,) if target in starts else self.way(starts, target, without=without)


def _back(came: Mapping[str, Flow], begun: Collection[str], target: str) -> tuple[str, ...]:
    way = [target]
    while True:
        flow = came[way[-1]]
        way += [flow.key, flow.source]
        if flow.source in begun:
            return tuple(reversed(way))


def graph_of(root: etree._Element) -> Graph:
    """The steps and arrows of the executable process of a diagram."""
    nodes: dict[str, Node] = {}
    flows: dict[str, Flow] = {}
    for process in root.iter(f"{BPMN}process"):
        if process.get("isExecutable") == "true":
            flows |= {flow.get("id", ""): _flow(flow) for flow in process.iterchildren(f"{BPMN}sequenceFlow")}
            # A step outside the subset is a step all the same: that it is outside is told elsewhere.
            joined = {key for flow in flows.values() for key in (flow.source, flow.target)}
            steps = [node for node in process if node.tag in FLOW_NODES or node.get("id") in joined]
            nodes |= {node.get("id", ""): _node(node) for node in steps}
    return Graph(nodes, flows)


def _node(node: etree._Element) -> Node:
    return Node(
        key=node.get("id", ""),
        kind=etree.QName(node).localname,
        name=node.get("name", ""),
        default=node.get("default", ""),
        is_terminate=node.find(f"{BPMN}terminateEventDefinition") is not None,
    )


def _flow(flow: etree._Element) -> Flow:
    condition = flow.find(f"{BPMN}conditionExpression")
    return Flow(
        key=flow.get("id", ""),
        source=flow.get("sourceRef", ""),
        target=flow.get("targetRef", ""),
        condition=None if condition is None else condition.text or "",
        name=flow.get("name", ""),
    )
