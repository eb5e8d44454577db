"""Rules on exclusive gateways: each way out has a condition, and for every answer exactly one of them is true."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, product

from app.process import expression_types, expressions
from app.process.dmn import value_told
from app.process.expression_types import BOOL, INT, TEXT, Type, Variables
from app.process.expressions import ExpressionError, Value
from app.process.gate.finding import Finding
from app.process.graph import EXCLUSIVE, Flow, Graph, Node

MOST_WORLDS = 2_000

World = Mapping[str, Value]


def findings(graphs: Iterable[Graph], declared: Variables) -> Iterator[Finding]:
    for graph in graphs:
        yield from _of_graph(graph, declared)


def _of_graph(graph: Graph, declared: Variables) -> Iterator[Finding]:
    wrong = list(_conditions(graph, declared))
    yield from wrong
    faulty = {finding.element for finding in wrong}
    for node in graph.of_kind(EXCLUSIVE):
        flows = graph.outgoing[node.key]
        written = list(_written(node, flows))
        yield from written
        if flows and not written and faulty.isdisjoint(flow.key for flow in flows):
            yield from _answers(node, flows, declared)


def _conditions(graph: Graph, declared: Variables) -> Iterator[Finding]:
    for flow in graph.flows.values():
        if flow.condition is None:
            continue
        try:
            expression_types.require(flow.condition, BOOL, declared, {})
        except ExpressionError as error:
            yield Finding("condition", flow.key, str(error))


def _written(node: Node, flows: Sequence[Flow]) -> Iterator[Finding]:
    if node.default and node.default not in {flow.key for flow in flows}:
        sentence = f"El camino por defecto «{node.default}» no sale de aquí. Elija uno de los que salen."
        yield Finding("default", node.key, sentence)
    for flow in flows:
        if flow.key == node.default and flow.condition is not None:
            yield Finding("default", flow.key, "El camino por defecto no lleva condición. Quítela o elija otro.")
        elif flow.key != node.default and flow.condition is None and len(flows) > 1:
            yield Finding("no_condition", flow.key, "Falta la condición. Escríbala o deje este camino por defecto.")


def _answers(node: Node, flows: Sequence[Flow], declared: Variables) -> Iterator[Finding]:
    """Every combination of answers that the conditions can tell apart is tried."""
    asked = {flow.key: flow.condition for flow in flows if flow.condition is not None}
    trees = [expressions.parse(condition) for condition in asked.values()]
    names = sorted(frozenset().union(*map(expressions.names_in, asked.values())))
    domains = [_values(declared[name], names, trees, declared) for name in names]
    worlds = 1
    for domain in domains:
        worlds *= len(domain)
    if worlds > MOST_WORLDS:
        sentence = "Hay demasiadas combinaciones de respuestas para revisarlas. Divida la compuerta en dos."
        yield Finding("not_decided", node.key, sentence)
        return

    true = [
        (world, [key for key, condition in asked.items() if expressions.evaluate(condition, world)])
        for world in (dict(zip(names, values, strict=True)) for values in product(*domains))
    ]
    has_default = bool(node.default) or not asked
    yield from _told(node, flows, true, has_default=has_default)


def _told(
    node: Node, flows: Sequence[Flow], true: Sequence[tuple[World, list[str]]], *, has_default: bool
) -> Iterator[Finding]:
    said = {flow.key: flow.said for flow in flows}
    unanswered = next((world for world, keys in true if not keys), None)
    if unanswered is not None and not has_default:
        sentence = f"{_when(unanswered)} ningún camino sale de aquí. Elija un camino por defecto."
        yield Finding("no_answer", node.key, sentence)
    told: set[str] = set()
    for world, keys in true:
        for key in keys[1:]:
            if key not in told:
                sentence = (
                    f"{_when(world)} también es cierto {said[keys[0]]} y decidiría el orden. Haga que se excluyan."
                )
                yield Finding("overlap", key, sentence)
        told |= set(keys[1:])
    taken = set(chain.from_iterable(keys for _, keys in true)) | ({node.default} if unanswered is not None else set())
    for flow in flows:
        if flow.key not in taken and not (flow.condition is None and has_default and not node.default):
            yield Finding("never_taken", flow.key, "El caso nunca va por aquí. Corrija la condición o borre la flecha.")


def _when(world: World) -> str:
    given = [f"{name} = {value_told(value)}" for name, value in world.items()]
    return f"Con {', '.join(given)}," if given else "Siempre"


def _lists(type_: Type, looked_for: Iterable[object]) -> Sequence[Value]:
    """A list is only looked into: what tells two apart is which of the values that are looked for they hold."""
    kind = int if type_.element == INT else str
    found = sorted({value for value in looked_for if type(value) is kind and value in (type_.choices or {value})})
    if 2 ** len(found) > MOST_WORLDS:
        return [()] * (MOST_WORLDS + 1)  # More than are tried, so that the gateway is not decided.
    return [some for count in range(len(found) + 1) for some in combinations(found, count)]


def _values(type_: Type, names: Sequence[str], trees: Sequence[ast.expr], declared: Variables) -> Sequence[Value]:
    """Values of a type that stand for all: what is compared with, its neighbours, and as many more as there are names."""
    alike = sum(declared[name].face == type_.face for name in names)
    constants = [node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    if type_.face == BOOL.face:
        return [True, False]
    if type_.face == INT.face:
        numbers = {value for value in constants if type(value) is int} | set(type_.bounds or ()) or {0}
        near = {number + step for number in numbers for step in range(-alike, alike + 1)}
        least, most = type_.bounds or (min(near), max(near))
        return sorted(number for number in near if least <= number <= most)
    if type_.element is not None:
        return _lists(
            type_, chain(constants, *(declared[name].choices or declared[name].bounds or () for name in names))
        )
    if type_.choices:
        return sorted(type_.choices)
    texts = {value for value in constants if isinstance(value, str)} if type_.face == TEXT.face else set()
    texts = texts.union(*(declared[name].choices for name in names))
    # Days and files are only told apart from each other: any texts do for them.
    return [*sorted(texts), *(f"otro {type_.face} {number}" for number in range(1, alike + 1))]
