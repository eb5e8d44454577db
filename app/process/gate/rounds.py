"""The rule on rounds: whoever comes back to where a case was before, a person has done something on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.process.gate.finding import Finding
from app.process.gate.scopes import Scopes, leaving
from app.process.graph import BOUNDARY, CALL, END, SUBPROCESS, USER, Graph


@dataclass(frozen=True)
class Exits:
    """How a subprocess or a called process may be left without anybody: along its arrow, and with which errors."""

    along: bool
    errors: frozenset[str]


Called = Mapping[str, Exits]
"""By the id of the call activity."""


def findings(scopes: Scopes, caught: Mapping[str, str], called: Called) -> Iterator[Finding]:
    """`caught` holds the code of each error event and each error end.

    A person who lets a term go by has done nothing: the case would come back to the same task for ever.
    """
    alone = _Alone(scopes, caught, called)
    for scope, graph in scopes.graphs.items():
        idle = alone.graph(scope)
        told: set[str] = set()
        for key in graph.depth:
            round_ = idle.way([key], key) if key in idle.nodes else ()
            if round_ and told.isdisjoint(round_):
                sentence = "El caso puede dar vueltas aquí sin que nadie intervenga. Ponga una tarea de una persona."
                path = scopes.way_into(scope) + graph.way_from_start(key) + round_[1:]
                yield Finding("endless_loop", key, sentence, path)
            told |= set(round_)


def exits(scopes: Scopes, caught: Mapping[str, str], called: Called) -> Exits:
    """How a process may end without anybody having done anything."""
    return _Alone(scopes, caught, called).exits(scopes.process)


class _Alone:
    def __init__(self, scopes: Scopes, caught: Mapping[str, str], called: Called) -> None:
        self._scopes = scopes
        self._caught = caught
        self._called = called

    def graph(self, scope: str) -> Graph:
        """What is left of a scope where no person does anything: where only terms pass and the product does its part."""
        graph = self._scopes.graphs[scope]
        kept = {key: node for key, node in graph.nodes.items() if node.kind != BOUNDARY or self._happens(graph, key)}
        return Graph(kept, {key: flow for key, flow in graph.flows.items() if self._is_left(graph, flow.source)})

    def exits(self, scope: str) -> Exits:
        graph = self.graph(scope)
        ends = {key for key in graph.depth if graph.nodes[key].kind == END}
        along = any(end.key in ends for end in leaving(self._scopes.graphs[scope]))
        return Exits(along, frozenset(self._caught[key] for key in ends if graph.nodes[key].event == "error"))

    def _of(self, graph: Graph, key: str) -> Exits | None:
        kind = graph.nodes[key].kind if key in graph.nodes else ""
        if kind == SUBPROCESS and key in self._scopes.graphs:
            return self.exits(key)
        return self._called.get(key) if kind == CALL else None

    def _is_left(self, graph: Graph, key: str) -> bool:
        exits = self._of(graph, key)
        return exits.along if exits else key in graph.nodes and graph.nodes[key].kind != USER

    def _happens(self, graph: Graph, key: str) -> bool:
        node = graph.nodes[key]
        exits = self._of(graph, node.host)
        return node.event != "error" or exits is None or self._caught.get(key, "") in exits.errors
