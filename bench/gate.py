"""The gate on processes of 60 and 200 elements: time and markings, beside the engine's own reading of the same file."""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from lxml import etree

from app.process import engine, gate, layout
from app.process.diagrams import Diagram, read
from app.process.gate import soundness
from app.process.gate.scopes import Scopes, ways_of
from app.process.graph import Graph, graphs_of
from app.process.package import Package
from app.process.safe_xml import tree_of
from bench.figures import Figure

SIZES = (60, 200)
ROUNDS = 15
HEAD = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:constancia="urn:constancia:bpmn"
 id="measured_definitions" targetNamespace="urn:constancia:bpmn">"""
TIMER = "<timerEventDefinition><timeDuration>plazo_habil(5)</timeDuration></timerEventDefinition>"
LANES = '<laneSet id="lanes"><lane id="regional_direction" name="Dirección Regional">{}</lane></laneSet>'


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="steps and arrows of each process")


def measure(arguments: argparse.Namespace) -> Iterator[Figure]:
    for size in arguments.sizes:
        shapes = (
            ("choices and rounds", _choices),
            ("parallel branches", _parallel),
            ("terms and subprocesses", _terms),
        )
        for shape, written in shapes:
            yield from _figures(f"{size} elements, {shape}", read(_drawn(*written(size))))


def _figures(name: str, diagram: Diagram) -> Iterator[Figure]:
    found = gate.findings(Package(diagram))
    assert found == [], found
    graphs = graphs_of(tree_of(diagram.xml))
    yield Figure(f"{name}: steps and arrows", sum(len(one.nodes) + len(one.flows) for one in graphs.values()), "")
    yield Figure(f"{name}: all of the gate", _median(lambda: _checked(diagram)), "ms", "under 1,000")
    yield Figure(f"{name}: the token game alone", _median(lambda: _explored(graphs)), "ms")
    yield Figure(f"{name}: markings explored", _explored(graphs), "", f"at most {soundness.BOUND}")
    yield Figure(f"{name}: SpiffWorkflow reads the same text", _median(lambda: _read_by_the_engine(diagram)), "ms")


def _explored(graphs: Mapping[str, Graph]) -> int:
    """The markings of each way through each scope, added up."""
    ways = [way.graph for graph in Scopes(graphs).graphs.values() for way in ways_of(graph)]
    return sum(soundness.explore(way).states for way in ways)


def _checked(diagram: Diagram) -> None:
    _forget()
    gate.findings(Package(diagram))


def _read_by_the_engine(diagram: Diagram) -> None:
    _forget()
    engine.check(Package(diagram).program)


def _forget() -> None:
    """The engine keeps what it has read, and would not read it again."""
    engine._parsed.cache_clear()
    engine._specs.cache_clear()


def _median(work: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


Written = tuple[dict[str, str], list[tuple[str, str, str]]]
"""What each step is, and the arrows with their conditions; a step `outer.inner` is within `outer`."""


def _choices(size: int) -> Written:
    """Tasks that a person may send back, one after the other."""
    steps, arrows = {"begin": "startEvent"}, []
    before, condition = "begin", ""
    while len(steps) + len(arrows) < size - 2:
        ask, choice = f"ask_{len(steps)}", f"choice_{len(steps)}"
        steps |= {ask: "userTask", choice: "exclusiveGateway"}
        arrows += [(before, ask, condition), (ask, choice, ""), (choice, ask, "granted == False")]
        before, condition = choice, "granted == True"
    return steps | {"done": "endEvent"}, [*arrows, (before, "done", condition)]


def _parallel(size: int) -> Written:
    """One fork into branches of four tasks each, joined again: every order of their answers is a case."""
    steps = {"begin": "startEvent", "fork": "parallelGateway", "join": "parallelGateway", "done": "endEvent"}
    arrows = [("begin", "fork", ""), ("join", "done", "")]
    while len(steps) + len(arrows) < size - 4:
        branch = [f"ask_{len(steps)}_{number}" for number in range(4)]
        steps |= dict.fromkeys(branch, "userTask")
        way = ["fork", *branch, "join"]
        arrows += [(one, other, "") for one, other in pairwise(way)]
    return steps, arrows


def _terms(size: int) -> Written:
    """Subprocesses one after the other, each taken away by a term and with a reminder beside it, then a wait."""
    steps, arrows = {"begin": "startEvent"}, []
    before = "begin"
    while len(steps) + len(arrows) < size - 2:
        names = ("part", "late", "above", "met", "soon", "told", "was_told", "wait", "first", "ask", "last")
        part, late, above, met, soon, told, was_told, wait, first, ask, last = (
            f"{name}_{len(steps)}" for name in names
        )
        steps |= {
            part: "subProcess",
            f"{part}.{first}": "startEvent",
            f"{part}.{ask}": "userTask",
            f"{part}.{last}": "endEvent",
        }
        steps |= {late: f"on {part}", above: "userTask", met: "exclusiveGateway", wait: "intermediateCatchEvent"}
        steps |= {soon: f"beside {part}", told: "userTask", was_told: "endEvent"}
        ways = [(before, part, met, wait), (first, ask, last), (late, above, met), (soon, told, was_told)]
        arrows += [(one, other, "") for way in ways for one, other in pairwise(way)]
        before = wait
    return steps | {"done": "endEvent"}, [*arrows, (before, "done", "")]


def _drawn(steps: dict[str, str], arrows: list[tuple[str, str, str]]) -> bytes:
    lanes = LANES.format("".join(f"<flowNodeRef>{key}</flowNodeRef>" for key in steps if "." not in key))
    process = f'<process id="measured" name="Medido" isExecutable="true">{lanes}{_within("", steps, arrows)}</process>'
    root = tree_of(f"{HEAD}{process}</definitions>")
    layout.draw(root)
    return etree.tostring(root)


def _within(scope: str, steps: dict[str, str], arrows: list[tuple[str, str, str]]) -> str:
    places = {key.rpartition(".")[2]: key.rpartition(".")[0] for key in steps}
    nodes = [_element(key, steps, arrows) for key in steps if key.rpartition(".")[0] == scope]
    flows = [
        f'<sequenceFlow id="{source}__{target}" sourceRef="{source}" targetRef="{target}">'
        f"{f'<conditionExpression>{condition}</conditionExpression>' if condition else ''}</sequenceFlow>"
        for source, target, condition in arrows
        if places[source] == scope
    ]
    return "".join(nodes + flows)


def _element(place: str, steps: dict[str, str], arrows: list[tuple[str, str, str]]) -> str:
    key, (tag, _, host) = place.rpartition(".")[2], steps[place].partition(" ")
    more = 'constancia:form="annulment_decision"' if tag == "userTask" else ""
    if host:
        more, tag = f'attachedToRef="{host}" cancelActivity="{str(tag == "on").lower()}"', "boundaryEvent"
    inner = TIMER if tag in ("boundaryEvent", "intermediateCatchEvent") else ""
    if tag == "subProcess":
        inner = _within(key, steps, arrows)
    return f'<{tag} id="{key}" name="{key}" {more}>{inner}</{tag}>'
