"""Where the steps of a process that nobody has drawn go, from left to right: a column, and a row within its lane."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from app.process.graph import BOUNDARY, Flow, Graph

Cell = tuple[int, int]
"""Column and row, both from nought; rows are counted over all lanes from the top."""


@dataclass(frozen=True)
class Grid:
    """`cells` by the steps' ids, of what hangs on others `on_others`; `rows` by the lanes' ids, from the top to the bottom."""

    cells: Mapping[str, Cell]
    on_others: Mapping[str, Cell]
    rows: Mapping[str, Sequence[int]]
    columns: int

    def cell(self, key: str) -> Cell:
        return self.cells[key] if key in self.cells else self.on_others[key]

    def is_free_between(self, flow: Flow) -> bool:
        """Whether a straight line to the right meets no other step."""
        if flow.source not in self.cells or flow.target not in self.cells:
            return False
        (begin, row), (end, target_row) = self.cells[flow.source], self.cells[flow.target]
        taken = set(self.cells.values())
        return row == target_row and begin < end and not any((column, row) in taken for column in range(begin + 1, end))


def placed(graph: Graph, lanes: Mapping[str, Sequence[str]]) -> Grid:
    """Each step right of all that come before it, rounds apart; steps of no lane have one of their own, named "" .

    What hangs on a step is in its cell, and where that leads to is below the step.
    """
    columns = _columns(graph)
    lane_of = {key: lane for lane, keys in lanes.items() for key in keys}
    within: dict[str, int] = {}
    taken: set[tuple[str, int, int]] = set()
    for key in sorted(columns, key=lambda key: columns[key]):
        lane = lane_of.get(key, "")
        if _is_on_another(graph, key):
            continue
        wished = min(_rows_before(graph, key, lane, within, lane_of), default=0)
        within[key] = next(row for row in count(wished) if (lane, columns[key], row) not in taken)
        taken.add((lane, columns[key], within[key]))
    names = [*lanes, *({""} & {lane for lane, _, _ in taken})]
    rows: dict[str, Sequence[int]] = {}
    first = 0
    for name in names:
        many = max((row for lane, _, row in taken if lane == name), default=0) + 1
        rows[name] = range(first, first + many)
        first += many
    cells = {key: (columns[key], rows[lane_of.get(key, "")][row]) for key, row in within.items()}
    on_others = {key: cells[node.host] for key, node in graph.nodes.items() if _is_on_another(graph, key)}
    return Grid(cells, on_others, rows, max(columns.values(), default=0) + 1)


def _is_on_another(graph: Graph, key: str) -> bool:
    node = graph.nodes[key]
    host = graph.nodes.get(node.host)
    return node.kind == BOUNDARY and host is not None and host.kind != BOUNDARY


def _rows_before(
    graph: Graph, key: str, lane: str, within: Mapping[str, int], lane_of: Mapping[str, str]
) -> Iterator[int]:
    """The rows that the steps before one wish it to be in, those of its own lane."""
    for flow in graph.incoming[key]:
        is_below = _is_on_another(graph, flow.source)
        source = graph.nodes[flow.source].host if is_below else flow.source
        if source in within and lane_of.get(source, "") == lane:
            yield within[source] + is_below


def _columns(graph: Graph) -> Mapping[str, int]:
    """The longest way to each step, not counting the arrows that go back."""
    columns = dict.fromkeys(graph.nodes, 0)
    for key in graph.onward:
        for flow in graph.following[key]:
            if flow.key not in graph.back:
                further = 1 if flow.key in graph.flows else 0
                columns[flow.target] = max(columns[flow.target], columns[key] + further)
    return columns
