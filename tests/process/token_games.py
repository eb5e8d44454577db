"""Processes made at random, and the token game played the long way: every order of every move, nothing left out."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from hypothesis import strategies as st

from app.process.gate import soundness
from app.process.gate.scopes import ways_of
from app.process.gate.soundness import Trouble
from app.process.graph import (
    BOUNDARY,
    CATCH,
    END,
    EXCLUSIVE,
    PARALLEL,
    SERVICE,
    START,
    SUBPROCESS,
    USER,
    Flow,
    Graph,
    Node,
)

Marking = tuple[str, ...]
ENDED: Marking = ()


@dataclass
class Plan:
    """A process under construction: blocks are added between two of its steps."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[tuple[str, str]] = field(default_factory=list)

    def step(self, kind: str, *, is_terminate: bool = False) -> str:
        key = f"s{len(self.nodes)}"
        self.nodes[key] = Node(key, kind, event="terminate" if is_terminate else "")
        return key

    def border(self, host: str, *, is_interrupting: bool) -> str:
        """A term on the border of a step."""
        key = f"s{len(self.nodes)}"
        self.nodes[key] = Node(key, BOUNDARY, event="timer", host=host, is_interrupting=is_interrupting)
        return key

    def arrow(self, source: str, target: str) -> None:
        self.flows.append((source, target))

    def graph(self) -> Graph:
        flows = {f"f{number}": Flow(f"f{number}", *between) for number, between in enumerate(self.flows)}
        return Graph(dict(self.nodes), flows)


@st.composite
def structured(draw: st.DrawFn, depth: int = 3) -> Plan:
    """A process of blocks within blocks, sound by its making."""
    plan = Plan()
    start = plan.step(START)
    last = _block(draw, plan, start, depth)
    plan.arrow(last, plan.step(END, is_terminate=draw(st.booleans())))
    return plan


def _block(draw: st.DrawFn, plan: Plan, before: str, depth: int) -> str:
    """Adds a block after a step and gives its last step."""
    kinds = ["step", "then", "choose", "both", "again", "late"] if depth else ["step"]
    # The long game is played in every order: with more that is open beside, it would not come to its end.
    if depth and not any(node.kind == BOUNDARY for node in plan.nodes.values()):
        kinds.append("beside")
    kind = draw(st.sampled_from(kinds))
    if kind == "step":
        return _after(plan, before, draw(st.sampled_from([USER, SERVICE, CATCH, SUBPROCESS])))
    if kind in ("late", "beside"):
        return _on_border(draw, plan, before, depth, is_interrupting=kind == "late")
    if kind == "then":
        return _block(draw, plan, _block(draw, plan, before, depth - 1), depth - 1)
    if kind == "again":
        return _again(draw, plan, before, depth)
    gateway = EXCLUSIVE if kind == "choose" else PARALLEL
    opened, closed = _after(plan, before, gateway), plan.step(gateway)
    for _ in range(draw(st.integers(2, 3))):
        plan.arrow(_block(draw, plan, opened, depth - 1), closed)
    return closed


def _after(plan: Plan, before: str, kind: str) -> str:
    key = plan.step(kind)
    plan.arrow(before, key)
    return key


def _again(draw: st.DrawFn, plan: Plan, before: str, depth: int) -> str:
    """Done at least once and, each time a person says so, again."""
    opened = _after(plan, before, EXCLUSIVE)
    closed = _after(plan, _block(draw, plan, opened, depth - 1), EXCLUSIVE)
    plan.arrow(_after(plan, closed, USER), opened)
    return closed


def _on_border(draw: st.DrawFn, plan: Plan, before: str, depth: int, *, is_interrupting: bool) -> str:
    """A task that a term takes away, and both ways come together; or beside which one opens a way with an end of its own."""
    host = _after(plan, before, draw(st.sampled_from([USER, SUBPROCESS])))
    last = _block(draw, plan, plan.border(host, is_interrupting=is_interrupting), depth - 1)
    if not is_interrupting:
        plan.arrow(last, plan.step(END))
        return host
    closed = _after(plan, host, EXCLUSIVE)
    plan.arrow(last, closed)
    return closed


@st.composite
def broken(draw: st.DrawFn) -> Plan:
    """A process of blocks in which somebody changed a few things; it may still be sound."""
    plan = draw(structured())
    for _ in range(draw(st.integers(1, 3))):
        change = draw(st.sampled_from(["gateway", "arrow", "end"]))
        if change == "gateway":
            gateways = [key for key, node in plan.nodes.items() if node.kind in (EXCLUSIVE, PARALLEL)]
            if gateways:
                key = draw(st.sampled_from(gateways))
                other = PARALLEL if plan.nodes[key].kind == EXCLUSIVE else EXCLUSIVE
                plan.nodes[key] = replace(plan.nodes[key], kind=other)
        else:
            targets = [key for key, node in plan.nodes.items() if node.kind not in (START, BOUNDARY)]
            target = draw(st.sampled_from(targets)) if change == "arrow" else plan.step(END)
            number = draw(st.integers(0, len(plan.flows) - 1))
            plan.flows[number] = plan.flows[number][0], target
    return plan


def troubles_of(graph: Graph) -> list[Trouble]:
    """What the gate finds in the main way and in each that opens beside it."""
    explored = [soundness.explore(way.graph) for way in ways_of(graph)]
    assert all(one.is_decided for one in explored)
    return [trouble for one in explored for trouble in one.troubles]


def is_playable(graph: Graph) -> bool:
    """Whether the rules on the drawing alone have nothing to say of it, twin arrows included.

    Nor may a way open beside another twice: here its tokens would be taken for one. And the main one ends no other, which would
    hide what is wrong with that.
    """
    between = {(flow.source, flow.target) for flow in graph.flows.values()}
    ways = ways_of(graph)
    steps = [way.graph.depth.keys() for way in ways]
    return (
        len(between) == len(graph.flows)
        and graph.depth.keys() == graph.nodes.keys()
        and all(one.isdisjoint(other) for one, other in combinations(steps, 2))
        and all(set(way.graph.depth) <= set(_leading_to_an_end(way.graph)) for way in ways)
        and not any(graph.way([node.host], node.host) for node in _openers(graph))
        and not (len(ways) > 1 and any(end.ends_all for end in ways[0].graph.of_kind(END)))
    )


def _leading_to_an_end(graph: Graph) -> Iterable[str]:
    return graph.distances([node.key for node in graph.of_kind(END)], is_backward=True)


def _openers(graph: Graph) -> list[Node]:
    return [node for node in graph.of_kind(BOUNDARY) if not node.is_interrupting]


def is_sound(graph: Graph) -> bool:
    """Soundness by its definition, over every marking there is."""
    following: dict[Marking, list[Marking]] = {}
    moved: set[str] = set()
    queue = deque([_start(graph)])
    while queue:
        marking = queue.popleft()
        if marking in following:
            continue
        if len(set(marking)) < len(marking) or _is_twice_at_an_end(graph, marking):
            return False
        moves = list(_moves(graph, marking))
        if not moves and marking != ENDED and not _has_ended(graph, marking):
            return False
        moved |= {key for key, _ in moves}
        following[marking] = [after for _, after in moves]
        queue += following[marking]
    ends = {node.key for node in graph.of_kind(END) if not node.ends_all}
    return moved | ends >= graph.nodes.keys() - {graph.of_kind(START)[0].key} and _all_end(following)


def _has_ended(graph: Graph, marking: Marking) -> bool:
    """Whether one token is left, before an end; and of what opened beside it one each, before an end of its own."""
    if not all(_is_end(graph, arrow) for arrow in marking):
        return False
    sources = [graph.flows[arrow].source for arrow in marking]
    main, *beside = [sum(source in way.graph.nodes for source in sources) for way in ways_of(graph)]
    return main == 1 and all(tokens <= 1 for tokens in beside)


def _is_end(graph: Graph, arrow: str) -> bool:
    return arrow in graph.flows and graph.nodes[graph.flows[arrow].target].kind == END


def _is_twice_at_an_end(graph: Graph, marking: Marking) -> bool:
    ends = [graph.nodes[graph.flows[arrow].target] for arrow in marking if _is_end(graph, arrow)]
    quiet = [end.key for end in ends if not end.ends_all]
    return len(set(quiet)) < len(quiet)


def _moves(graph: Graph, marking: Marking) -> Iterator[tuple[str, Marking]]:
    for node in graph.nodes.values():
        incoming = [flow.key for flow in graph.incoming[node.key]]
        here = [arrow for arrow in incoming if arrow in marking]
        if node.kind == START or not here or (node.kind == END and not node.ends_all):
            continue
        if node.ends_all:
            yield node.key, ENDED
        elif node.kind == PARALLEL:
            if here == incoming:
                yield node.key, _moved(marking, incoming, [flow.key for flow in graph.outgoing[node.key]])
        else:
            yield from _left(graph, node, marking, here)


def _left(graph: Graph, node: Node, marking: Marking, here: Sequence[str]) -> Iterator[tuple[str, Marking]]:
    """By the arrow or by an event that interrupts; or it stays, and an event opens a way beside it, once."""
    opened = {event.key: f"{event.key} opened" for event in graph.boundaries[node.key] if not event.is_interrupting}
    done = [mark for mark in opened.values() if mark in marking]
    outgoing = [(node.key, flow.key) for flow in graph.outgoing[node.key]]
    borders = [event for event in graph.boundaries[node.key] if event.is_interrupting]
    outgoing += [(event.key, flow.key) for event in borders for flow in graph.outgoing[event.key]]
    for arrow in here:
        yield from ((key, _moved(marking, [arrow, *done], [put])) for key, put in outgoing)
    for key, mark in opened.items():
        if mark not in marking:
            yield key, _moved(marking, [], [mark, *(flow.key for flow in graph.outgoing[key])])


def _moved(marking: Marking, takes: Sequence[str], puts: Sequence[str]) -> Marking:
    rest = list(marking)
    for arrow in takes:
        rest.remove(arrow)
    return tuple(sorted([*rest, *puts]))


def _all_end(following: dict[Marking, list[Marking]]) -> bool:
    before: dict[Marking, list[Marking]] = {marking: [] for marking in following}
    for marking, after in following.items():
        for other in after:
            before[other].append(marking)
    ending = {marking for marking, after in following.items() if not after}
    queue = list(ending)
    while queue:
        for marking in before[queue.pop()]:
            if marking not in ending:
                ending.add(marking)
                queue.append(marking)
    return len(ending) == len(following)


def waiting_at_once(graph: Graph) -> set[frozenset[str]]:
    """The pairs of people's tasks that wait in one marking of a sound process."""
    pairs: set[frozenset[str]] = set()
    seen: set[Marking] = set()
    to_see = [_start(graph)]
    while to_see:
        marking = to_see.pop()
        if marking not in seen:
            seen.add(marking)
            steps = {graph.flows[arrow].target for arrow in marking if arrow in graph.flows}
            people = [key for key in steps if graph.nodes[key].kind == USER]
            pairs |= {frozenset(pair) for pair in combinations(people, 2)}
            to_see += [after for _, after in _moves(graph, marking)]
    return pairs


def moves_into_a_deadlock(graph: Graph) -> dict[str, int]:
    """For each join that a dead marking leaves waiting, the fewest moves to such a one."""
    fewest: dict[str, int] = {}
    seen = {_start(graph)}
    queue = deque([(_start(graph), 0)])
    while queue:
        marking, done = queue.popleft()
        moves = list(_moves(graph, marking))
        for arrow in () if moves else (arrow for arrow in marking if arrow in graph.flows):
            step = graph.flows[arrow].target
            if graph.nodes[step].kind == PARALLEL:
                fewest.setdefault(step, done)
        for _, after in moves:
            if after not in seen:
                seen.add(after)
                queue.append((after, done + 1))
    return fewest


def _start(graph: Graph) -> Marking:
    return tuple(flow.key for node in graph.of_kind(START) for flow in graph.outgoing[node.key])
