"""Rules on steps that may wait at the same time: two people who answer one question at once, where the later one would count."""

from collections.abc import Iterator

from app.process import expressions
from app.process.diagrams import Diagram
from app.process.expressions import ExpressionError
from app.process.forms import Forms
from app.process.gate.finding import Finding
from app.process.graph import PARALLEL, Graph
from app.process.operations import OPERATIONS


def findings(graph: Graph, diagram: Diagram, forms: Forms) -> Iterator[Finding]:
    """Of answers that something reads; what the token game finds wrong must be mended first."""
    read = _read(graph, diagram)
    given = {
        key: (forms[task.form].decisions | forms[task.form].answers) & read
        for key, task in diagram.user_tasks.items()
        if task.form in forms and key in graph.depth
    }
    order = sorted(given, key=lambda key: graph.depth[key])
    alike = [(key, other) for key in order for other in order[: order.index(key)] if given[key] & given[other]]
    # Known only at some cost, which most diagrams need not pay.
    pairs = at_once(graph) if alike else frozenset()
    for key, other in alike:
        if frozenset((key, other)) in pairs:
            name = min(given[key] & given[other])
            sentence = f"{graph.nodes[other].said} responde «{name}» al mismo tiempo y valdría lo último."
            yield Finding(
                "answered_twice", key, f"{sentence} Use otro nombre o una tras otra.", graph.way_from_start(key)
            )


def _read(graph: Graph, diagram: Diagram) -> frozenset[str]:
    """What conditions and operations read, each by its name."""
    names: set[str] = set()
    for flow in graph.flows.values():
        try:
            names |= expressions.names_in(flow.condition) if flow.condition else frozenset()
        except ExpressionError:
            # Told by the rule on conditions.
            continue
    for operation in diagram.operations.values():
        names |= OPERATIONS[operation].reads if operation in OPERATIONS else frozenset()
    return frozenset(names)


def at_once(graph: Graph) -> frozenset[frozenset[str]]:
    """The pairs of steps that a case can have come to at the same time, for a process that is sound.

    What a fork opens is open at once; what follows one of two open arrows is open with the other, and what follows a
    join with all that is open with each arrow into it. Source: Kovalyov's concurrency relation, exact for nets like these.
    """
    beside: dict[str, set[str]] = {key: set() for key in graph.flows}
    new: list[tuple[str, str]] = []

    def open_at_once(one: str, other: str) -> None:
        if one != other and other not in beside[one]:
            beside[one].add(other)
            beside[other].add(one)
            new.extend([(one, other), (other, one)])

    for node in graph.of_kind(PARALLEL):
        for flow in graph.outgoing[node.key]:
            for sibling in graph.outgoing[node.key]:
                open_at_once(flow.key, sibling.key)
    while new:
        arrow, other = new.pop()
        step = graph.flows[arrow].target
        into = [flow.key for flow in graph.incoming[step]]
        if graph.nodes[step].kind == PARALLEL and not all(other in beside[key] for key in into):
            continue
        for flow in graph.outgoing[step]:
            open_at_once(flow.key, other)
    return frozenset(
        frozenset((graph.flows[arrow].target, graph.flows[other].target))
        for arrow, others in beside.items()
        for other in others
    )
