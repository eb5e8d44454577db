"""The arrows of a diagram, each told by what it joins."""

from dataclasses import dataclass
from functools import lru_cache

from app.process.graph import Flow, Graph, graphs_of
from app.process.safe_xml import tree_of


@dataclass(frozen=True)
class Arrow:
    """A sequence flow from one step to another; `said` is how a sentence names it."""

    key: str
    source: str
    target: str
    said: str


@lru_cache(maxsize=256)
def of(xml: str) -> tuple[Arrow, ...]:
    """Those within subprocesses too, each diagram in the order of the file.

    No two join the same steps in the same direction: the gate refuses that.
    """
    return tuple(
        Arrow(flow.key, flow.source, flow.target, _said(graph, flow))
        for graph in graphs_of(tree_of(xml)).values()
        for flow in graph.flows.values()
    )


def _said(graph: Graph, flow: Flow) -> str:
    ends = (graph.nodes[key].said if key in graph.nodes else f"«{key}»" for key in (flow.source, flow.target))
    between = " a ".join(ends)
    return f"de {between}, por {flow.said}" if flow.name.strip() else f"de {between}"
