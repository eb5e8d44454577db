"""Rules on answers: what a gateway or an operation reads has surely been answered, whichever way the case came."""

from collections.abc import Callable, Iterator, Sequence

from app.process import expressions
from app.process.expressions import ExpressionError
from app.process.forms import FormSpec
from app.process.gate import decision
from app.process.gate.finding import Finding
from app.process.gate.scopes import Scopes
from app.process.gate.surely import NONE, Given, Names, surely_after
from app.process.graph import EXCLUSIVE, Graph
from app.process.operations import OPERATIONS
from app.process.package import Package


def findings(scopes: Scopes, package: Package, outputs: Given, answered: Given) -> Iterator[Finding]:
    """What a table gives is read by gateways and other tables; an operation reads what people answered.

    Of the process that a step calls, `outputs` holds what it surely gives and `answered` what people surely answer in it.
    """
    by_table = decision.given_by(package)
    decided = {**given_by(package, lambda form: form.needed & form.decisions), **by_table, **outputs}
    asked = NONE.union(*given_by(package, lambda form: form.decisions).values(), *by_table.values(), *outputs.values())
    after = surely_after(scopes, decided)
    yield from _gateways(scopes, after, asked)
    yield from _tables(scopes, after, asked, decision.read_by(package))
    needed = {**given_by(package, lambda form: form.needed), **answered}
    yield from _operations(scopes, package, surely_after(scopes, needed))


def given_by(package: Package, of: Callable[[FormSpec], Names]) -> Given:
    """What each task of a person gives, of its form."""
    forms = package.forms
    return {key: of(forms[task.form]) for key, task in package.diagram.user_tasks.items() if task.form in forms}


def _gateways(scopes: Scopes, after: Given, asked: Names) -> Iterator[Finding]:
    """An answer that nobody is asked for at all is told by the rule on conditions."""
    for scope, graph in scopes.graphs.items():
        for node in graph.of_kind(EXCLUSIVE):
            names = sorted(_read(graph, node.key) & asked - after[node.key])
            if names:
                sentence = f"Hay un camino hasta aquí en que nadie responde {_listed(names)}."
                path = _way_without(scopes, scope, node.key, names[0], after)
                yield Finding("undecided", node.key, f"{sentence} Ponga antes una tarea que lo pida.", path)


def _tables(scopes: Scopes, after: Given, asked: Names, read: Given) -> Iterator[Finding]:
    """No table reads what it gives itself, so that what is known after it tells what was before."""
    for key in (key for key in read if key in scopes.around):
        names = sorted(read[key] & asked - after[key])
        if names:
            sentence = f"Hay un camino hasta aquí en que nadie responde {_listed(names)}, que la tabla lee."
            path = _way_without(scopes, scopes.around[key], key, names[0], after)
            yield Finding("undecided", key, f"{sentence} Pídalo antes.", path)


def _listed(names: Sequence[str]) -> str:
    return " ni ".join(f"«{name}»" for name in names)


def _read(graph: Graph, key: str) -> Names:
    try:
        return NONE.union(
            *(expressions.names_in(flow.condition) for flow in graph.outgoing[key] if flow.condition is not None)
        )
    except ExpressionError:
        return NONE


def _operations(scopes: Scopes, package: Package, after: Given) -> Iterator[Finding]:
    for key, operation in package.diagram.operations.items():
        if operation not in OPERATIONS or key not in scopes.around:
            continue
        names = sorted(OPERATIONS[operation].reads - after[key])
        if names:
            sentence = (
                f"Hay un camino hasta aquí en que nadie responde {_listed(names)}, que la operación lee. Pídalo antes."
            )
            path = _way_without(scopes, scopes.around[key], key, names[0], after)
            yield Finding("missing_answer", key, sentence, path)


def _way_without(scopes: Scopes, scope: str, key: str, name: str, after: Given) -> tuple[str, ...]:
    """The shortest way on which it is not answered: along no arrow of a step that has it answered once it is done."""
    graph = scopes.graphs[scope]
    flows = {each: flow for each, flow in graph.flows.items() if name not in after.get(flow.source, NONE)}
    outer = scopes.around.get(scope)
    before = _way_without(scopes, outer, scope, name, after) if outer is not None else ()
    return before + Graph(graph.nodes, flows).way_from_start(key)
