"""A process as steps and arrows: what the rules, the token game and the layout ask of a diagram, without its XML."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from app.process.diagrams import BPMN, EVENT_DEFINITIONS, FLOW_NODES, definition_of

START, END, CATCH, BOUNDARY = "startEvent", "endEvent", "intermediateCatchEvent", "boundaryEvent"
USER, SERVICE, RULE, SUBPROCESS, CALL = "userTask", "serviceTask", "businessRuleTask", "subProcess", "callActivity"
EXCLUSIVE, PARALLEL = "exclusiveGateway", "parallelGateway"
GATEWAYS = frozenset({EXCLUSIVE, PARALLEL})


@dataclass(frozen=True)
class Node:
    """A step by its id in the diagram. `kind` is the element's name in BPMN, `default` the id of an arrow.

    `event` is what an event waits for or an end does: "timer", "message", "error", "terminate" or nothing. What hangs on
    another step has that one as `host`.
    """

    key: str
    kind: str
    name: str = ""
    default: str = ""
    event: str = ""
    host: str = ""
    is_interrupting: bool = True

    @property
    def said(self) -> str:
        """How a sentence for an analyst names it."""
        return f"«{self.name.strip() or self.key}»"

    @property
    def ends_all(self) -> bool:
        """Whether whatever else is open ends with it."""
        return self.kind == END and self.event in ("terminate", "error")


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
    """Steps and arrows by their ids, in the order of the file. Arrows that hang in the air are in `flows` alone.

    `outgoing` and `incoming` are the arrows that are drawn. From a step one also comes to the events on its border; ways and
    distances go by both.
    """

    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]

    @cached_property
    def outgoing(self) -> Mapping[str, list[Flow]]:
        return self._by(lambda flow: flow.source, self.flows.values())

    @cached_property
    def incoming(self) -> Mapping[str, list[Flow]]:
        return self._by(lambda flow: flow.target, self.flows.values())

    @cached_property
    def boundaries(self) -> Mapping[str, list[Node]]:
        """The events on the border of each step."""
        found: dict[str, list[Node]] = {key: [] for key in self.nodes}
        for node in self.of_kind(BOUNDARY):
            if node.host in self.nodes and node.host != node.key:
                found[node.host].append(node)
        return found

    @cached_property
    def onto_borders(self) -> Sequence[Flow]:
        """What leads from each step to the events on its border: no arrow of the diagram, and by no id of one."""
        return [Flow(f"{host}>{node.key}", host, node.key) for host, on in self.boundaries.items() for node in on]

    @cached_property
    def following(self) -> Mapping[str, list[Flow]]:
        """What leads onwards from each step, drawn or not."""
        return self._by(lambda flow: flow.source, [*self.flows.values(), *self.onto_borders])

    @cached_property
    def preceding(self) -> Mapping[str, list[Flow]]:
        return self._by(lambda flow: flow.target, [*self.flows.values(), *self.onto_borders])

    def _by(self, end: Callable[[Flow], str], flows: Iterable[Flow]) -> Mapping[str, list[Flow]]:
        found: dict[str, list[Flow]] = {key: [] for key in self.nodes}
        for flow in flows:
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
            stack = [] if root in seen else [(root, iter(self.following[root]))]
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
                    stack.append((flow.target, iter(self.following[flow.target])))
        return done[::-1], frozenset(back)

    def distances(self, sources: Iterable[str], *, is_backward: bool = False) -> Mapping[str, int]:
        """How many arrows away the steps are that can be reached from `sources`, or that reach them."""
        found = dict.fromkeys(sources, 0)
        queue = deque(found)
        while queue:
            key = queue.popleft()
            flows = self.preceding[key] if is_backward else self.following[key]
            for other in (flow.source if is_backward else flow.target for flow in flows):
                if other not in found:
                    found[other] = found[key] + 1
                    queue.append(other)
        return found

    def way(self, sources: Iterable[str], target: str) -> tuple[str, ...]:
        """The shortest way along the arrows, ids of steps and arrows in turn; empty if there is none.

        It is at least one arrow long, so that from a step to itself it is a round. Onto a border no arrow leads.
        """
        came: dict[str, Flow] = {}
        begun = list(sources)
        queue = deque(begun)
        while queue and target not in came:
            for flow in self.following[queue.popleft()]:
                if flow.target not in came:
                    came[flow.target] = flow
                    queue.append(flow.target)
        return self._back_along(came, begun, target) if target in came else ()

    def _back_along(self, came: Mapping[str, Flow], begun: Collection[str], target: str) -> tuple[str, ...]:
        way = [target]
        at = target
        while True:
            flow = came[at]
            at = flow.source
            way += [flow.key, at] if flow.key in self.flows else [at]
            if at in begun:
                return tuple(reversed(way))

    def way_from_start(self, target: str) -> tuple[str, ...]:
        """The shortest way from a start, the start itself included."""
        starts = [node.key for node in self.of_kind(START)]
        return (target,) if target in starts else self.way(starts, target)


def graph_of(root: etree._Element) -> Graph:
    """The steps and arrows of the executable process of a diagram, without those within its subprocesses."""
    return next(iter(graphs_of(root).values()))


def graphs_of(root: etree._Element) -> Mapping[str, Graph]:
    """The process's own steps and arrows by its id, then those of each subprocess by the subprocess's."""
    process = next(process for process in root.iter(f"{BPMN}process") if process.get("isExecutable") == "true")
    within = {scope.get("id", ""): _graph(scope) for scope in process.iter(f"{BPMN}subProcess") if scope.get("id")}
    return {process.get("id", ""): _graph(process), **within}


def _graph(scope: etree._Element) -> Graph:
    flows = {flow.get("id", ""): _flow(flow) for flow in scope.iterchildren(f"{BPMN}sequenceFlow")}
    # A step outside the subset is a step all the same: that it is outside is told elsewhere.
    joined = {key for flow in flows.values() for key in (flow.source, flow.target)}
    steps = [node for node in scope if node.tag in FLOW_NODES or node.get("id") in joined]
    return Graph({node.get("id", ""): _node(node) for node in steps}, flows)


def _node(node: etree._Element) -> Node:
    definition = definition_of(node)
    return Node(
        key=node.get("id", ""),
        kind=etree.QName(node).localname,
        name=node.get("name", ""),
        default=node.get("default", ""),
        event=EVENT_DEFINITIONS[str(definition.tag)] if definition is not None else "",
        host=node.get("attachedToRef", "") if node.tag == f"{BPMN}{BOUNDARY}" else "",
        is_interrupting=node.get("cancelActivity") != "false",
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
