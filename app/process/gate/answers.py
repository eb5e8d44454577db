"""Rules on answers: what a gateway or an operation reads has surely been answered, whichever way the case came."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from app.process import expressions
from app.process.diagrams import Diagram
from app.process.expressions import ExpressionError
from app.process.forms import Forms, FormSpec
from app.process.gate.finding import Finding
from app.process.graph import EXCLUSIVE, PARALLEL, START, Graph
from app.process.operations import OPERATIONS

Given = Mapping[str, frozenset[str]]


def findings(graph: Graph, diagram: Diagram, forms: Forms) -> Iterator[Finding]:
    asked = frozenset().union(*_given_by(diagram, forms, lambda form: form.decisions).values())
    yield from _gateways(graph, _given_by(diagram, forms, lambda form: form.needed & form.decisions), asked)
    yield from _operations(graph, diagram, _given_by(diagram, forms, lambda form: form.needed))


def _given_by(diagram: Diagram, forms: Forms, of: Callable[[FormSpec], frozenset[str]]) -> Given:
    return {key: of(forms[task.form]) for key, task in diagram.user_tasks.items() if task.form in forms}


def _gateways(graph: Graph, given: Given, asked: frozenset[str]) -> Iterator[Finding]:
    """An answer that nobody is asked for at all is told by the rule on conditions."""
    after = surely_after(graph, given)
    for node in graph.of_kind(EXCLUSIVE):
        names = sorted(_read(graph, node.key) & asked - after[node.key])
        if names:
            sentence = (
                f"Hay un camino hasta aquí en que nadie responde {_listed(names)}. Ponga antes una tarea que lo pida."
            )
            yield Finding("undecided", node.key, sentence, _way_without(graph, node.key, names[0], after))


def _listed(names: Sequence[str]) -> str:
    return " ni ".join(f"«{name}»" for name in names)


def _read(graph: Graph, key: str) -> frozenset[str]:
    try:
        return frozenset().union(
            *(expressions.names_in(flow.condition) for flow in graph.outgoing[key] if flow.condition is not None)
        )
    except ExpressionError:
        return frozenset()


def _operations(graph: Graph, diagram: Diagram, given: Given) -> Iterator[Finding]:
    after = surely_after(graph, given)
    for key, operation in diagram.operations.items():
        if operation not in OPERATIONS or key not in graph.nodes:
            continue
        names = sorted(OPERATIONS[operation].reads - after[key])
        if names:
            sentence = (
                f"Hay un camino hasta aquí en que nadie responde {_listed(names)}, que la operación lee. Pídalo antes."
            )
            yield Finding("missing_answer", key, sentence, _way_without(graph, key, names[0], after))


def _way_without(graph: Graph, key: str, name: str, after: Given) -> tuple[str, ...]:
    return graph.way_from_start(key, without={other for other, names in after.items() if name in names})


def surely_after(graph: Graph, given: Given) -> Given:
    """For each step, what has been answered once it is done, on whichever way the case came to it.

    Ways that exclude each other give what all of them give; where parallel ones are joined, what any of them gives. No case comes
    to steps that nothing leads to, and nothing is said of them.
    """
    everything = frozenset().union(*given.values())
    after = dict.fromkeys(graph.nodes, everything)
    to_see = list(graph.depth)
    while to_see:
        key = to_see.pop()
        now = _before(graph, key, after) | given.get(key, frozenset())
        if now != after[key]:
            after[key] = now
            to_see += [flow.target for flow in graph.outgoing[key]]
    return after


def _before(graph: Graph, key: str, after: Given) -> frozenset[str]:
    node = graph.nodes[key]
    ways = [after[flow.source] for flow in graph.incoming[key] if flow.source in graph.depth]
    if node.kind == START or not ways:
        return frozenset()
    return frozenset().union(*ways) if node.kind == PARALLEL else frozenset.intersection(*ways)
