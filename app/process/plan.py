"""How large everything of an undrawn process is and where: the grid of a scope in pixels, a subprocess with its own grid inside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from app.process import grid
from app.process.graph import CALL, GATEWAYS, RULE, SERVICE, SUBPROCESS, USER, Graph

COLUMN, ROW = 200, 130
# Around a step there is room for lines on the left and the right.
ROOM = 70
TASK = (130, 80)
SIZES = dict.fromkeys((USER, SERVICE, RULE, CALL), TASK) | dict.fromkeys(GATEWAYS, (50, 50))
EVENT = (36, 36)
# What hangs on a step needs so much of its border, and so much below for its name.
ON_BORDER, BELOW = 110, 60
# A subprocess around its steps: left and right, above with its name, below.
SIDE, HEADING, FOOT = 30, 40, 20

Point = tuple[int, int]


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> Point:
        return self.x + self.width // 2, self.y + self.height // 2

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True)
class Plan:
    """One scope, the process or a subprocess; `inner` are the plans of the subprocesses in it."""

    graph: Graph
    grid: grid.Grid
    inner: Mapping[str, "Plan"]

    @cached_property
    def lefts(self) -> Sequence[int]:
        """Where each column begins, and where the last one ends."""
        widths = [COLUMN] * self.grid.columns
        for key, (column, _) in self.grid.cells.items():
            widths[column] = max(widths[column], self.size(key)[0] + ROOM)
        return [0, *accumulate(widths)]

    @cached_property
    def tops(self) -> Sequence[int]:
        """Where each row begins, and where the last one ends."""
        heights = [ROW] * max((within[-1] + 1 for within in self.grid.rows.values()), default=1)
        for key, (_, row) in self.grid.cells.items():
            heights[row] = max(heights[row], self.size(key)[1] + ROW - TASK[1])
        return [0, *accumulate(height + self._below(row) for row, height in enumerate(heights))]

    def size(self, key: str) -> tuple[int, int]:
        """Width and height of a step."""
        node = self.graph.nodes[key]
        if node.key in self.inner:
            within = self.inner[node.key]
            width, height = within.lefts[-1] + 2 * SIDE, within.tops[-1] + HEADING + FOOT
        else:
            width, height = TASK if node.kind == SUBPROCESS else SIZES.get(node.kind, EVENT)
        return max(width, ON_BORDER * len(self._hanging(key))), height

    def box(self, key: str, origin: Point) -> Box:
        """Where a step is, in a scope whose first cell begins at `origin`."""
        if key in self.grid.on_others:
            return self._on_border(key, origin)
        (column, row), (width, height) = self.grid.cells[key], self.size(key)
        x = origin[0] + (self.lefts[column] + self.lefts[column + 1]) // 2
        y = origin[1] + (self.tops[row] + self.tops[row + 1] - self._below(row)) // 2
        return Box(x - width // 2, y - height // 2, width, height)

    def origin_within(self, key: str, box: Box) -> Point:
        """Where the first cell of a subprocess begins; one that is wider than its steps has them in its middle."""
        within = self.inner[key]
        return box.x + (box.width - within.lefts[-1]) // 2, box.y + HEADING

    def _on_border(self, key: str, origin: Point) -> Box:
        host = self.graph.nodes[key].host
        at, box = self._hanging(host).index(key), self.box(host, origin)
        return Box(box.x + 6 + at * ON_BORDER, box.bottom - EVENT[1] // 2, *EVENT)

    def _hanging(self, host: str) -> list[str]:
        return [node.key for node in self.graph.boundaries.get(host, ()) if node.key in self.grid.on_others]

    def hosts(self, key: str) -> bool:
        return bool(self._hanging(key))

    def _below(self, row: int) -> int:
        """The room for what hangs on the steps of a row."""
        return BELOW if any(cell[1] == row for cell in self.grid.on_others.values()) else 0


def plan_of(graphs: Mapping[str, Graph], scope: str, lanes: Mapping[str, Sequence[str]]) -> Plan:
    """The plan of a scope and of all that is in it; only the outermost has lanes."""
    graph = graphs[scope]
    inner = {node.key: plan_of(graphs, node.key, {}) for node in graph.of_kind(SUBPROCESS) if node.key in graphs}
    return Plan(graph, grid.placed(graph, lanes), inner)
