"""Rules on steps that may wait at the same time: two people who answer one question at once, where the later one would count."""

from collections.abc import Iterator, Mapping
from itertools import chain, product

from app.process import expressions
from app.process.expressions import ExpressionError
from app.process.gate import decision
from app.process.gate.finding import Finding
from app.process.gate.scopes import Scopes
from app.process.gate.surely import NONE, Names
from app.process.graph import PARALLEL, Flow, Graph
from app.process.operations import OPERATIONS
from app.process.package import Package

Pair = frozenset[str]


def findings(scopes: Scopes, package: Package, called: Mapping[str, Names]) -> Iterator[Finding]:
    """Of answers that something reads; what the token game finds wrong must be mended first.

    `called` holds what people may answer in the process that a step calls.
    """
    read = _read(scopes, package)
    forms = package.forms
    given = {
        **{
            key: (forms[task.form].decisions | forms[task.form].answers) & read
            for key, task in package.diagram.user_tasks.items()
            if task.form in forms
        },
        **{key: names & read for key, names in (*decision.given_by(package).items(), *called.items())},
    }
    order = [key for key in _in_order(scopes) if given.get(key)]
    alike = [(key, other) for key in order for other in order[: order.index(key)] if given[key] & given[other]]
    # Known only at some cost, which most diagrams need not pay.
    pairs = _in_all(scopes) if alike else frozenset()
    for key, other in alike:
        if frozenset((key, other)) in pairs:
            name = min(given[key] & given[other])
            sentence = f"{scopes.node(other).said} responde «{name}» al mismo tiempo y valdría lo último."
            scope = scopes.around[key]
            path = scopes.way_into(scope) + scopes.graphs[scope].way_from_start(key)
            yield Finding("answered_twice", key, f"{sentence} Use otro nombre o una tras otra.", path)


def _in_order(scopes: Scopes) -> Iterator[str]:
    for graph in scopes.graphs.values():
        yield from sorted(graph.depth, key=graph.depth.__getitem__)


def _in_all(scopes: Scopes) -> frozenset[Pair]:
    """What may be open at once in each scope, with all that is within what is open there."""
    found: set[Pair] = set()
    for graph in scopes.graphs.values():
        for one, other in (pair for pair in at_once(graph) if len(pair) == 2):
            found |= {frozenset(both) for both in product(scopes.within(one), scopes.within(other))}
    return frozenset(found)


def _read(scopes: Scopes, package: Package) -> Names:
    """What conditions, tables and operations read, each by its name."""
    names = set(NONE.union(*decision.read_by(package).values()))
    for flow in (flow for graph in scopes.graphs.values() for flow in graph.flows.values()):
        try:
            names |= expressions.names_in(flow.condition) if flow.condition else NONE
        except ExpressionError:
            # Told by the rule on conditions.
            continue
    for operation in package.diagram.operations.values():
        names |= OPERATIONS[operation].reads if operation in OPERATIONS else NONE
    return frozenset(names)


def at_once(graph: Graph) -> frozenset[frozenset[str]]:
    """The pairs of steps that a case can have come to at the same time, for a process that is sound.

    What a fork opens is open at once, and so are a step and what an event on its border opens beside it; what follows one of two
    open arrows is open with the other, and what follows a join with all that is open with each arrow into it. Source: Kovalyov's
    concurrency relation, exact for nets like these.
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
    for host, events in graph.boundaries.items():
        beside_it = [graph.outgoing[event.key] for event in events if not event.is_interrupting]
        for number, opened in enumerate(beside_it):
            for flow, meanwhile in product(opened, [*graph.incoming[host], *chain.from_iterable(beside_it[:number])]):
                open_at_once(flow.key, meanwhile.key)
    once = _opened_once(graph)
    while new:
        arrow, other = new.pop()
        step = graph.flows[arrow].target
        into = [flow.key for flow in graph.incoming[step]]
        if graph.nodes[step].kind == PARALLEL and not all(other in beside[key] for key in into):
            continue
        for flow in _left_by(graph, step):
            if (flow.key, other) not in once:
                open_at_once(flow.key, other)
    return frozenset(
        frozenset((graph.flows[arrow].target, graph.flows[other].target))
        for arrow, others in beside.items()
        for other in others
    )


def _left_by(graph: Graph, step: str) -> list[Flow]:
    """The arrows along which one may leave a step, and those that its events open while one is there."""
    return [*graph.outgoing[step], *(flow for event in graph.boundaries[step] for flow in graph.outgoing[event.key])]


def _opened_once(graph: Graph) -> frozenset[tuple[str, str]]:
    """The first arrow of what an event opens beside its step, with each that follows: unless the case comes there again."""
    openers = [node for on in graph.boundaries.values() for node in on if not node.is_interrupting]
    found: set[tuple[str, str]] = set()
    for opener in (node for node in openers if not graph.way([node.host], node.host)):
        reached = graph.distances([opener.key])
        after = [flow.key for flow in graph.flows.values() if flow.source in reached]
        found |= set(product((flow.key for flow in graph.outgoing[opener.key]), after))
    return frozenset(found)
