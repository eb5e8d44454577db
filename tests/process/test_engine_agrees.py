"""What the gate says of a process the engine does: a sound one always ends, in one end; one that gets stuck does get stuck."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.process import diagrams, engine, gate
from app.process.engine import Decisions, EngineError, Position, Program
from app.process.gate import soundness
from app.process.gate.scopes import ways_of
from app.process.gate.soundness import Kind, Trouble
from app.process.graph import END, EXCLUSIVE, PARALLEL, START, USER, Graph, Node
from app.process.package import Package
from app.process.trail import taken
from tests.process import sketches, token_games
from tests.process.drawing import TERMINATE, asks, beside, catches, chain, does, drawn, event, flow, timer, within
from tests.process.playing import Played, begun
from tests.process.states import Calling, silent
from tests.process.token_games import Plan, broken, structured

FEW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
MOST_ANSWERS = 40
STUCK = "sin nadie a quien esperar"

Turns = Iterator[int]


def written(graph: Graph) -> str:
    """The process as BPMN: before each choice an operation of that name says which way to go."""
    elements = []
    for node in graph.nodes.values():
        ways = graph.outgoing[node.key]
        is_choice = _is_choice(graph, node.key)
        if is_choice:
            elements += [does(f"{node.key}_turn", node.key), flow(f"{node.key}_turned", f"{node.key}_turn", node.key)]
        elements.append(_element(node))
        for number, way in enumerate(ways):
            condition = f"turn_{node.key} == {number}" if is_choice else ""
            entry = f"{way.target}_turn" if _is_choice(graph, way.target) else way.target
            elements.append(flow(way.key, node.key, entry, condition))
    return drawn(*elements)


def _is_choice(graph: Graph, key: str) -> bool:
    return graph.nodes[key].kind == EXCLUSIVE and len(graph.outgoing[key]) > 1


def _element(node: Node) -> str:
    key = node.key
    match node.kind:
        case "userTask":
            return asks(key)
        case "serviceTask":
            return does(key, "nothing")
        case "intermediateCatchEvent":
            return catches(key, timer())
        case "boundaryEvent":
            return beside(key, node.host, timer(), interrupting=node.is_interrupting)
        case "subProcess":
            steps = event("start", f"{key}_in"), asks(f"{key}_ask"), event("end", f"{key}_out")
            return within(key, *steps, chain(f"{key}_in", f"{key}_ask", f"{key}_out"))
        case "endEvent" if node.ends_all:
            return catches(key, TERMINATE, "end")
    return f'<{node.kind} id="{key}" name="{key}" />'


class Case:
    """A case in the engine; `turns` says at each choice which way it goes, the next time it comes there.

    `leaves` says of a step with terms on its border by which it is left, each time; by its arrow where nothing is said.
    """

    def __init__(
        self, graph: Graph, turns: Mapping[str, Turns], leaves: Mapping[str, Iterator[str]] | None = None
    ) -> None:
        self._graph = graph
        self._package = Package(diagrams.read(written(graph).encode()))
        self._turns = turns
        self._leaves = leaves or {}

    def _turn(self, operation: str) -> Decisions:
        if operation == "nothing":
            return {}
        return {f"turn_{operation}": next(self._turns[operation]) % len(self._graph.outgoing[operation])}

    def straight_on(self) -> Position:
        """Whoever is waited for first answers, or its term passes. Raises EngineError if it gets stuck."""
        case = begun(self._package, Calling(self._turn))
        for _ in range(MOST_ANSWERS):
            if case.position.waiting:
                key = case.position.waiting[0].key
                border = next(self._leaves.get(key.removesuffix("_ask"), iter(())), "")
                case = case.happen(border) if border else case.answer(key)
            elif case.position.awaited:
                case = case.happen(case.position.awaited[0].key)
        return case.position

    def to_its_end(self, order: Turns) -> Position:
        """One after the other, as `order` says, somebody answers or a term passes. Raises EngineError if it gets stuck."""
        case = begun(self._package, Calling(self._turn))
        for _ in range(MOST_ANSWERS):
            moves: list[tuple[Callable[[str], Played], str]] = [
                (case.answer, task.key) for task in case.position.waiting
            ]
            moves += [(case.happen, event.key) for event in case.position.awaited]
            if moves:
                move, key = moves[next(order) % len(moves)]
                case = move(key)
        return case.position


def ended_once(graph: Graph, position: Position) -> bool:
    """Whether one end of the main way was reached; before one that ends all there may have been quiet ones."""
    reached = [step.key for step in taken(position.state) if step.is_done and step.key in graph.nodes]
    ends = [key for key in reached if graph.nodes[key].kind == END]
    if graph.nodes[ends[-1]].ends_all:
        return position.outcome == ends[-1]
    main = [key for key in ends if key in ways_of(graph)[0].graph.nodes]
    return main == [position.outcome]


def is_waiting(position: Position) -> bool:
    return bool(position.waiting or position.awaited)


def drawn_at_random(data: st.DataObject) -> Turns:
    while True:
        yield data.draw(st.integers(0, 5))


def straight_on() -> Turns:
    while True:
        yield 0


@given(plan=structured(), data=st.data())
@FEW
def test_a_sound_one_ends_once_whatever_is_decided(plan: Plan, data: st.DataObject) -> None:
    graph = plan.graph()
    assume(token_games.is_playable(graph))
    assert token_games.troubles_of(graph) == []

    turns = drawn_at_random(data)
    position = Case(graph, defaultdict(lambda: turns)).to_its_end(turns)

    assert is_waiting(position) if position.outcome is None else ended_once(graph, position)


@given(plan=broken(), data=st.data())
@FEW
def test_a_changed_one_that_is_sound_ends_once_whatever_is_decided(plan: Plan, data: st.DataObject) -> None:
    graph = plan.graph()
    assume(token_games.is_playable(graph))
    assume(token_games.troubles_of(graph) == [])

    turns = drawn_at_random(data)
    position = Case(graph, defaultdict(lambda: turns)).to_its_end(turns)

    assert position.outcome is None or ended_once(graph, position)


@given(plan=broken())
@FEW
def test_one_that_gets_stuck_does_on_the_way_the_gate_shows(plan: Plan) -> None:
    graph = plan.graph()
    assume(token_games.is_playable(graph))
    troubles = soundness.explore(ways_of(graph)[0].graph).troubles
    # Where tokens multiply, the engine joins the first with the last.
    assume(all(trouble.kind is Kind.DEADLOCK for trouble in troubles))
    stuck = [trouble for trouble in troubles if not waits_for_itself(graph, trouble)]
    assume(stuck and stuck == list(troubles))

    with pytest.raises(EngineError, match=STUCK):
        Case(graph, defaultdict(straight_on, choices_on(graph, stuck[0])), borders_on(graph, stuck[0])).straight_on()


def waits_for_itself(graph: Graph, trouble: Trouble) -> bool:
    """The first token to come there can never be joined by one that has yet to go through: see the next test."""
    behind = graph.distances([trouble.element])
    return any(graph.flows[arrow].source in behind for arrow in trouble.others)


def test_at_the_head_of_a_round_the_engine_lets_pass_what_bpmn_and_the_gate_do_not() -> None:
    plan = Plan()
    start, head, ask, again, end = map(plan.step, (START, PARALLEL, USER, EXCLUSIVE, END))
    for source, target in ((start, head), (head, ask), (ask, again), (again, end), (again, head)):
        plan.arrow(source, target)
    graph = plan.graph()

    (trouble,) = soundness.explore(graph).troubles

    assert (trouble.kind, trouble.element) == (Kind.DEADLOCK, head)
    assert Case(graph, {again: straight_on()}).to_its_end(straight_on()).outcome == end


LENIENT = {
    "two arrows between the same steps": [
        '<parallelGateway id="fork" />',
        '<parallelGateway id="join" />',
        flow("one", "begin", "fork"),
        flow("two", "fork", "join"),
        flow("three", "fork", "join"),
        flow("four", "join", "done"),
    ],
    "a condition that no gateway reads": [
        does("work", "nothing"),
        flow("one", "begin", "work"),
        flow("two", "work", "done", "1 == 2"),
    ],
}


@pytest.mark.parametrize("elements", LENIENT.values(), ids=LENIENT)
def test_the_engine_passes_over_what_the_gate_refuses(elements: list[str]) -> None:
    xml = drawn(event("start", "begin"), *elements, event("end", "done"))

    assert engine.start(Program("drawn", xml), calls=silent).outcome == "done"
    assert {"twin", "condition_place"} & {
        finding.code for finding in gate.findings(Package(diagrams.read(xml.encode())))
    }


@pytest.mark.parametrize("first", ["sort", "decide"])
def test_after_a_join_the_engine_knows_what_every_branch_answered(first: str) -> None:
    """As the gate's rule on answers says of `is_fine`, whichever of the two answers first."""
    diagram = sketches.good()["side_by_side"].read()
    answers: dict[str, Decisions] = {
        "sort": {"urgency": "low", "days": 1, "is_foreign": False},
        "decide": {"granted": True},
    }
    position = engine.start(Program("sketch", diagram.xml), calls=silent)
    for key in (first, *(answers.keys() - {first})):
        (task,) = [waiting.engine_task_id for waiting in position.waiting if waiting.key == key]
        position = engine.complete(
            Program("sketch", diagram.xml), position.state, engine_task_id=task, decisions=answers[key], calls=silent
        )

    assert position.outcome == "good_end"


def choices_on(graph: Graph, trouble: Trouble) -> dict[str, Turns]:
    """At each choice, the ways that the path into the trouble takes, in their order."""
    found: dict[str, deque[int]] = defaultdict(deque)
    for before, key in zip(trouble.path, trouble.path[1:], strict=False):
        if key in graph.flows and graph.nodes[graph.flows[key].source].kind == EXCLUSIVE:
            ways = [way.key for way in graph.outgoing[graph.flows[key].source]]
            found[before].append(ways.index(key))
    return {key: iter([*turns, *[0] * MOST_ANSWERS]) for key, turns in found.items()}


def borders_on(graph: Graph, trouble: Trouble) -> dict[str, Iterator[str]]:
    """Of each step with terms on its border, those by which the path leaves it, in their order."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, after in zip(trouble.path, trouble.path[1:], strict=False):
        if graph.boundaries.get(key):
            found[key].append(after if after in graph.nodes else "")
    return {key: iter(borders) for key, borders in found.items()}


SORTED: Decisions = {"urgency": "low", "days": 1, "is_foreign": False}
WITHIN: Mapping[str, tuple[Sequence[tuple[str, Mapping[str, Any]]], str]] = {
    "a_review_within": ([("decide", {"granted": True})], "granted"),
    "both_within": ([("sort", SORTED), ("decide", {"granted": True})], "one"),
    "deep_within": ([("decide", {"granted": True})], "granted"),
    "a_second_review": ([("sort", SORTED), ("second_review/look", {"agrees": True})], "one"),
}


@pytest.mark.parametrize("name", WITHIN)
def test_what_was_answered_within_the_engine_knows_after_it(name: str) -> None:
    """As the gate's rule on answers says of subprocesses and calls."""
    answers, outcome = WITHIN[name]
    case = begun(sketches.package_of(sketches.good()[name].read()))
    for key, decisions in answers:
        case = case.answer(key, **decisions)

    assert case.outcome == outcome
