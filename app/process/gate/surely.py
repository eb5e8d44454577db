"""What has surely been answered at each step, whichever way a case came to it."""

from collections.abc import Mapping

from app.process.gate.scopes import Scopes, leaving
from app.process.graph import BOUNDARY, PARALLEL, START, SUBPROCESS, Graph

Names = frozenset[str]
Given = Mapping[str, Names]
NONE: Names = frozenset()


def surely_after(scopes: Scopes, given: Given) -> Given:
    """For each step, what has been answered once it is done; `given` is what each step gives by itself.

    Ways that exclude each other give what all of them give; where parallel ones are joined, what any of them gives. By an event
    on its border a step is left with what was answered before it. No case comes to steps that nothing leads to, and nothing is
    said of them.
    """
    return _Answered(scopes, given).of_scope(scopes.process, NONE)


def surely_given(scopes: Scopes, given: Given) -> Names:
    """What has been answered at whichever end a process is left by that is no error."""
    after = surely_after(scopes, given)
    return _at_all_ends(scopes.graphs[scopes.process], after) or NONE


def _at_all_ends(graph: Graph, after: Given) -> Names | None:
    ends = [after[node.key] for node in leaving(graph)]
    return frozenset.intersection(*ends) if ends else None


class _Answered:
    def __init__(self, scopes: Scopes, given: Given) -> None:
        self._scopes = scopes
        self._given = given
        self._everything = NONE.union(*given.values())

    def of_scope(self, scope: str, entry: Names) -> Given:
        """Of the steps of a scope that is begun with `entry`, and of all that are within them."""
        graph = self._scopes.graphs[scope]
        before: dict[str, Names] = dict.fromkeys(graph.nodes, self._everything)
        after = dict(before)
        within = [node.key for node in graph.of_kind(SUBPROCESS) if node.key in self._scopes.graphs]
        inner = {key: self.of_scope(key, self._everything) for key in within if key not in graph.depth}
        to_see = list(graph.depth)
        while to_see:
            key = to_see.pop()
            was = before[key], after[key]
            before[key] = self._before(graph, key, before, after, entry)
            if key in within:
                inner[key] = self.of_scope(key, before[key])
            after[key] = before[key] | self._by(key, inner)
            if was != (before[key], after[key]):
                to_see += [flow.target for flow in graph.following[key]]
        for steps in inner.values():
            after.update(steps)
        return after

    def _by(self, key: str, inner: Mapping[str, Given]) -> Names:
        if key in inner:
            found = _at_all_ends(self._scopes.graphs[key], inner[key])
            return self._everything if found is None else found
        return self._given.get(key, NONE)

    def _before(self, graph: Graph, key: str, before: Given, after: Given, entry: Names) -> Names:
        node = graph.nodes[key]
        if node.kind == START:
            return entry
        if node.kind == BOUNDARY:
            return before.get(node.host, NONE)
        ways = [after[flow.source] for flow in graph.incoming[key] if flow.source in graph.depth]
        if not ways:
            return NONE
        return NONE.union(*ways) if node.kind == PARALLEL else frozenset.intersection(*ways)
