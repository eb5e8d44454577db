"""A process scope by scope, its own steps and those of each subprocess; and in each scope the ways that go on side by side.

The main way begins at the start. What an event that does not interrupt opens is a way of its own, open beside the main one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from app.process.graph import BOUNDARY, END, START, Graph, Node


@dataclass(frozen=True)
class Scopes:
    """The graphs of a diagram by the id of what they are drawn in; the process itself is the first."""

    graphs: Mapping[str, Graph]

    @property
    def process(self) -> str:
        return next(iter(self.graphs))

    @cached_property
    def around(self) -> Mapping[str, str]:
        """The scope that each step is drawn in."""
        return {key: scope for scope, graph in self.graphs.items() for key in graph.nodes}

    def node(self, key: str) -> Node:
        return self.graphs[self.around[key]].nodes[key]

    def way_into(self, scope: str) -> tuple[str, ...]:
        """How a case comes to a subprocess from the start of the process; nothing for the process itself."""
        if scope not in self.around:
            return ()
        outer = self.around[scope]
        return self.way_into(outer) + self.graphs[outer].way_from_start(scope)

    def within(self, key: str) -> Iterator[str]:
        """A step and, if it is a subprocess, all the steps in it."""
        yield key
        if key in self.graphs:
            for inner in self.graphs[key].nodes:
                yield from self.within(inner)


@dataclass(frozen=True)
class Way:
    """What goes on by itself from its `root`: the scope's start, or the event that opens it. The root is a start of `graph`."""

    root: str
    graph: Graph

    @property
    def is_main(self) -> bool:
        return not self.root


def ways_of(graph: Graph) -> list[Way]:
    """The main way of a scope, then those that open beside it, as far as anything leads to them.

    Steps that nothing leads to are left in the main one: a join waits for them.
    """
    openers = [node for node in graph.of_kind(BOUNDARY) if not node.is_interrupting and node.key in graph.depth]
    inner = Graph({key: node for key, node in graph.nodes.items() if node not in openers}, graph.flows)
    beside = [Way(node.key, _opened(inner, node)) for node in openers]
    only_beside = {key for way in beside for key in way.graph.nodes} - inner.depth.keys()
    main = Graph({key: node for key, node in inner.nodes.items() if key not in only_beside}, graph.flows)
    return [Way("", main), *beside]


def _opened(graph: Graph, opener: Node) -> Graph:
    """What can be come to from an event that opens a way, which is the start of it."""
    begun = Graph({**graph.nodes, opener.key: replace(opener, kind=START, host="")}, graph.flows)
    reached = begun.distances([opener.key])
    return Graph({key: node for key, node in begun.nodes.items() if key in reached}, graph.flows)


def leaving(graph: Graph) -> list[Node]:
    """The ends with which a scope is left along its arrow: those of the main way, and any that ends all; errors apart."""
    main, *beside = ways_of(graph)
    ends = [node for node in main.graph.of_kind(END) if node.event != "error"]
    return ends + [node for way in beside for node in way.graph.of_kind(END) if node.event == "terminate"]
