"""Rules on errors: what ends with one is received on the border around it, and what is received there may happen."""

from collections.abc import Iterator, Mapping

from app.process.gate.finding import Finding
from app.process.gate.scopes import Scopes, leaving
from app.process.graph import CALL, END, SUBPROCESS, Graph

Codes = Mapping[str, str]


def findings(
    scopes: Scopes, codes: Codes, called: Mapping[str, frozenset[str]], *, is_called: bool
) -> Iterator[Finding]:
    """`called` holds what a call activity may end with, where that is known; `is_called`: others may call this process."""
    if not is_called:
        for end in thrown(scopes.graphs[scopes.process]):
            sentence = "Nadie recibiría este error: el proceso empieza por sí mismo. Use un fin simple."
            yield Finding("error", end, sentence, scopes.graphs[scopes.process].way_from_start(end))
    for scope, graph in scopes.graphs.items():
        for key, node in graph.nodes.items():
            if node.kind == SUBPROCESS and key in scopes.graphs:
                yield from _of_subprocess(scopes, graph, key, codes)
            elif node.kind == CALL and key in called:
                yield from _of_call(graph, key, codes, called[key], scopes.way_into(scope))


def thrown(graph: Graph) -> list[str]:
    """The ends of a scope that are errors and that something leads to."""
    return [node.key for node in graph.of_kind(END) if node.event == "error" and node.key in graph.depth]


def _received(graph: Graph, key: str, codes: Codes) -> dict[str, str]:
    """What the events on a step's border receive: the event by the code."""
    return {codes.get(node.key, ""): node.key for node in graph.boundaries[key] if node.event == "error"}


def _of_subprocess(scopes: Scopes, graph: Graph, key: str, codes: Codes) -> Iterator[Finding]:
    inner, received = scopes.graphs[key], _received(graph, key, codes)
    ends = thrown(inner)
    for end in ends:
        if codes.get(end, "") not in received:
            sentence = f"Nadie recibe este error en el borde de {graph.nodes[key].said}. Ponga allí un evento de error."
            yield Finding("error", end, sentence, scopes.way_into(key) + inner.way_from_start(end))
    yield from _in_vain(received, {codes.get(end, "") for end in ends})
    if ends and not leaving(inner):
        sentence = "Todos los fines del subproceso son errores y nunca sigue su flecha. Ponga un fin simple."
        yield Finding("error", key, sentence)


def _of_call(
    graph: Graph, key: str, codes: Codes, thrown: frozenset[str], before: tuple[str, ...]
) -> Iterator[Finding]:
    received = _received(graph, key, codes)
    missing = sorted(thrown - received.keys())
    if missing:
        sentence = f"El proceso puede terminar con el error «{missing[0]}» y aquí nadie lo recibe."
        path = before + graph.way_from_start(key)
        yield Finding("error", key, f"{sentence} Ponga en su borde un evento de error.", path)
    yield from _in_vain(received, thrown)


def _in_vain(received: Mapping[str, str], thrown: frozenset[str] | set[str]) -> Iterator[Finding]:
    for code, event in received.items():
        if code and code not in thrown:
            yield Finding("error", event, f"Ningún fin de adentro es el error «{code}». Bórrelo, o ponga ese fin.")
