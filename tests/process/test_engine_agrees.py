"""What the gate says of a process the engine does: a sound one always ends, in one end; one that gets stuck does get stuck."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.process import diagrams, engine, gate
from app.process.engine import Decisions, EngineError, Position, Program
from app.process.gate import soundness
from app.process.gate.soundness import Kind, Trouble
from app.process.graph import END, EXCLUSIVE, PARALLEL, START, USER, Graph
from app.process.package import Package
from app.process.trail import taken
from tests.process import sketches, token_games
from tests.process.drawing import asks, does, drawn, event, flow
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
        is_choice = node.kind == EXCLUSIVE and len(ways) > 1
        if node.kind == USER:
            elements.append(asks(node.key))
        elif is_choice:
            elements += [does(f"{node.key}_turn", node.key), f'<exclusiveGateway id="{node.key}" />']
            elements.append(flow(f"{node.key}_turned", f"{node.key}_turn", node.key))
        elif node.kind == END and node.ends_all:
            elements.append(f'<endEvent id="{node.key}" name="e"><terminateEventDefinition /></endEvent>')
        elif node.kind == "serviceTask":
            elements.append(does(node.key, "nothing"))
        else:
            elements.append(f'<{node.kind} id="{node.key}" name="{node.key}" />')
        for number, way in enumerate(ways):
            condition = f"turn_{node.key} == {number}" if is_choice else ""
            elements.append(flow(way.key, node.key, _entry(graph, way.target), condition))
    return drawn(*elements)


def _entry(graph: Graph, key: str) -> str:
    is_choice = graph.nodes[key].kind == EXCLUSIVE and len(graph.outgoing[key]) > 1
    return f"{key}_turn" if is_choice else key


class Played:
    """A case in the engine; `turns` says at each choice which way it goes, the next time it comes there."""

    def __init__(self, graph: Graph, turns: Mapping[str, Turns]) -> None:
        self._graph = graph
        self._xml = written(graph)
        self._turns = turns

    def _turn(self, operation: str) -> Decisions:
        if operation == "nothing":
            return {}
        return {f"turn_{operation}": next(self._turns[operation]) % len(self._graph.outgoing[operation])}

    def to_its_end(self, order: Turns) -> Position:
        """Answer whoever waits, one after the other as `order` says. Raises EngineError if it gets stuck."""
        position = engine.start(Program("drawn", self._xml), calls=Calling(self._turn))
        for _ in range(MOST_ANSWERS):
            if not position.waiting:
                break
            task = position.waiting[next(order) % len(position.waiting)]
            position = engine.complete(
                Program("drawn", self._xml),
                position.state,
                engine_task_id=task.engine_task_id,
                decisions={},
                calls=Calling(self._turn),
            )
        return position


def ended_once(graph: Graph, position: Position) -> bool:
    """Whether one end was reached; before one that ends all there may have been quiet ones."""
    ends = {node.key: node for node in graph.of_kind(END)}
    reached = [step.key for step in taken(position.state) if step.is_done and step.key in ends]
    return position.outcome == reached[-1] and (len(reached) == 1 or ends[reached[-1]].ends_all)


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
    assert soundness.explore(graph).troubles == ()

    turns = drawn_at_random(data)
    position = Played(graph, defaultdict(lambda: turns)).to_its_end(turns)

    assert bool(position.waiting) if position.outcome is None else ended_once(graph, position)


@given(plan=broken(), data=st.data())
@FEW
def test_a_changed_one_that_is_sound_ends_once_whatever_is_decided(plan: Plan, data: st.DataObject) -> None:
    graph = plan.graph()
    assume(token_games.is_playable(graph))
    assume(soundness.explore(graph).troubles == ())

    turns = drawn_at_random(data)
    position = Played(graph, defaultdict(lambda: turns)).to_its_end(turns)

    assert position.outcome is None or ended_once(graph, position)


@given(plan=broken())
@FEW
def test_one_that_gets_stuck_does_on_the_way_the_gate_shows(plan: Plan) -> None:
    graph = plan.graph()
    assume(token_games.is_playable(graph))
    troubles = soundness.explore(graph).troubles
    # Where tokens multiply, the engine joins the first with the last.
    assume(all(trouble.kind is Kind.DEADLOCK for trouble in troubles))
    stuck = [trouble for trouble in troubles if not waits_for_itself(graph, trouble)]
    assume(stuck)

    with pytest.raises(EngineError, match=STUCK):
        Played(graph, choices_on(graph, stuck[0])).to_its_end(straight_on())


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
    assert Played(graph, {again: straight_on()}).to_its_end(straight_on()).outcome == end


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
