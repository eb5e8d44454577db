"""The arrows of an undrawn process: only through the rooms between its columns and rows, where no step is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from app.process.graph import Flow
from app.process.plan import Box, Plan, Point

# Lines side by side in the room between two columns or rows are so far from each other.
APART, LINES = 7, 6


class Lines:
    """Those of one scope, whose first cell begins at `origin`; `boxes` are its steps and what hangs on them."""

    def __init__(self, plan: Plan, origin: Point, boxes: Mapping[str, Box]) -> None:
        self._plan = plan
        self._origin = origin
        self._boxes = boxes
        self._used: Counter[tuple[str, int]] = Counter()

    def way(self, flow: Flow) -> Sequence[Point]:
        """The corners of an arrow, from the edge of a step to the edge of another."""
        kept: list[Point] = []
        for point in self._way(flow):
            if not kept or kept[-1] != point:
                kept.append(point)
        return kept

    def _way(self, flow: Flow) -> Iterator[Point]:
        source, target = self._boxes[flow.source], self._boxes[flow.target]
        (column, row), (to_column, to_row) = self._plan.grid.cell(flow.source), self._plan.grid.cell(flow.target)
        (x, y), (_, to_y) = source.middle, target.middle
        if self._plan.grid.is_free_between(flow):
            yield from [(source.right, y), (target.x, to_y)]
            return
        entry = self._beside(to_column)
        if to_column == column + 1 and not self._leaves_across(flow):
            yield from [(source.right, y), (entry, y)]
        else:
            is_upward = self._is_upward(flow, row, to_row)
            gap = self._between(row if is_upward else row + 1)
            yield from [(x, source.y if is_upward else source.bottom), (x, gap), (entry, gap)]
        yield from [(entry, to_y), (target.x, to_y)]

    def _leaves_across(self, flow: Flow) -> bool:
        """Through its upper or lower edge: one of several, or of what hangs on a step."""
        return len(self._plan.graph.outgoing[flow.source]) > 1 or flow.source in self._plan.grid.on_others

    def _is_upward(self, flow: Flow, row: int, to_row: int) -> bool:
        """What hangs on a step is in the way below it."""
        return flow.source not in self._plan.grid.on_others and (to_row < row or self._plan.hosts(flow.source))

    def _beside(self, column: int) -> int:
        """A line of its own in the room left of a column."""
        return self._origin[0] + self._plan.lefts[column] - self._line("column", column) + 15

    def _between(self, row: int) -> int:
        """A line of its own in the room above a row; above the first and below the last there is only half of it."""
        line, top = self._line("row", row), self._origin[1] + self._plan.tops[row]
        if row == len(self._plan.tops) - 1:
            return top - line // 2 - 4
        return top - (line if row else line // 2) + 18

    def _line(self, kind: str, number: int) -> int:
        self._used[kind, number] += 1
        return APART * (self._used[kind, number] % LINES)
