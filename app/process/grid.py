"""Where the steps of a process that nobody has drawn go, from left to right: a column, and a row within its lane."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from app.process.graph import Flow, Graph

Cell = tuple[int, int]
"""Column and row, both from nought; rows are counted over all lanes from the top."""


@dataclass(frozen=True)
class Grid:
    """`cells` by the steps' ids; `rows` by the lanes' ids, from the top to the bottom."""

    cells: Mapping[str, Cell]
    rows: Mapping[str, Sequence[int]]
    columns: int

    def is_free_between(self, flow: Flow) -> bool:
        """Whether a straight line to the right meets no other step."""
        (begin, row), (end, target_row) = self.cells[flow.source], self.cells[flow.target]
        taken = set(self.cells.values())
        return row == target_row and begin < end and not any((column, row) in taken for column in range(begin + 1, end))


def placed(graph: Graph, lanes: Mapping[str, Sequence[str]]) -> Grid:
    """Each step right of all that come before it, rounds apart; steps of no lane have one of their own, named "" ."""
    columns = _columns(graph)
    lane_of = {key: lane for lane, keys in lanes.items() for key in keys}
    within: dict[str, int] = {}
    taken: set[tuple[str, int, int]] = set()
    for key in sorted(columns, key=lambda key: columns[key]):
        lane = lane_of.get(key, "")
        before = [flow.source for flow in graph.incoming[key]]
        wished = min(
            (within[other] for other in before if other in within and lane_of.get(other, "") == lane), default=0
        )
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
    return Grid(cells, rows, max(columns.values(), default=0) + 1)


def _columns(graph: Graph) -> Mapping[str, int]:
    """The longest way to each step, not counting the arrows that go back."""
    columns = dict.fromkeys(graph.nodes, 0)
    for key in graph.onward:
        for flow in graph.outgoing[key]:
            if flow.key not in graph.back:
                columns[flow.target] = max(columns[flow.target], columns[key] + 1)
    return columns
