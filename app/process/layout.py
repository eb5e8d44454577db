"""A drawing for a diagram that came without one: written by hand, or by a program that only knows the process."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from app.process import grid
from app.process.diagrams import BPMN, BPMNDI, read
from app.process.graph import EXCLUSIVE, GATEWAYS, SERVICE, USER, Flow, graph_of
from app.process.subset import DC, DI

LEFT, TOP, HEADING = 160, 80, 30
COLUMN, ROW = 200, 130
SIZES = {USER: (130, 80), SERVICE: (130, 80)} | dict.fromkeys(GATEWAYS, (50, 50))
EVENT = (36, 36)
LABEL = (110, 40)
# Lines side by side in the room between two columns or rows are so far from each other.
APART, LINES = 7, 6

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


def is_drawn(root: etree._Element) -> bool:
    return next(root.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge"), None) is not None


def with_drawing(content: bytes) -> bytes:
    """A BPMN file, drawn if it was not; one that is comes back as it was. Raises InvalidDiagram."""
    read(content)
    # Found safe; read again to keep what somebody wrote beside it.
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    if is_drawn(root):
        return content
    draw(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def draw(root: etree._Element) -> None:
    """Add to the tree of a diagram that has no drawing one from left to right, a band for each lane."""
    for empty in root.findall(f"{BPMNDI}BPMNDiagram"):
        root.remove(empty)
    process = next(process for process in root.iter(f"{BPMN}process") if process.get("isExecutable") == "true")
    pool = root.find(f"{BPMN}collaboration/{BPMN}participant[@processRef='{process.get('id')}']")
    whole = process if pool is None else pool.getparent()
    words = {"bpmndi": BPMNDI.strip("{}"), "dc": DC.strip("{}"), "di": DI.strip("{}")}
    diagram = etree.SubElement(root, f"{BPMNDI}BPMNDiagram", id=f"{process.get('id')}_diagram", nsmap=words)
    plane = etree.SubElement(
        diagram, f"{BPMNDI}BPMNPlane", bpmnElement=(whole if whole is not None else process).get("id", "")
    )
    _Drawing(plane, root, process, pool).draw()
    etree.indent(diagram, level=1)


class _Drawing:
    def __init__(
        self, plane: etree._Element, root: etree._Element, process: etree._Element, pool: etree._Element | None
    ):
        self._plane = plane
        self._pool = pool
        self._graph = graph_of(root)
        self._lanes = {
            lane.get("id", ""): [(node.text or "").strip() for node in lane.iter(f"{BPMN}flowNodeRef")]
            for lane in process.iter(f"{BPMN}lane")
        }
        self._grid = grid.placed(self._graph, self._lanes)
        self._boxes = {key: _box(self._graph.nodes[key].kind, cell) for key, cell in self._grid.cells.items()}
        self._used: Counter[tuple[str, int]] = Counter()

    def draw(self) -> None:
        self._bands()
        for key, box in self._boxes.items():
            node = self._graph.nodes[key]
            shape = self._shape(key, box, **({"isMarkerVisible": "true"} if node.kind == EXCLUSIVE else {}))
            if node.name and node.kind not in (USER, SERVICE):
                x, y = box.middle
                # Lines leave a gateway upwards and downwards, and come to it from the left.
                if node.kind in GATEWAYS:
                    _label(shape, x - LABEL[0] - 4, box.y - LABEL[1])
                else:
                    _label(shape, x - LABEL[0] // 2, y + box.height // 2 + 4)
        for flow in self._graph.flows.values():
            if flow.source in self._boxes and flow.target in self._boxes:
                self._edge(flow)

    def _bands(self) -> None:
        width = self._grid.columns * COLUMN + HEADING
        rows = sum(map(len, self._grid.rows.values()))
        if self._pool is not None:
            box = Box(LEFT, TOP, width + HEADING, rows * ROW)
            self._shape(self._pool.get("id", ""), box, isHorizontal="true")
        for lane in self._lanes:
            within = self._grid.rows[lane]
            box = Box(LEFT + HEADING, TOP + within[0] * ROW, width, len(within) * ROW)
            self._shape(lane, box, isHorizontal="true")

    def _shape(self, key: str, box: Box, **more: str) -> etree._Element:
        shape = etree.SubElement(self._plane, f"{BPMNDI}BPMNShape", id=f"{key}_shape", bpmnElement=key)
        for name, value in more.items():
            shape.set(name, value)
        _bounds(shape, box)
        return shape

    def _edge(self, flow: Flow) -> None:
        edge = etree.SubElement(self._plane, f"{BPMNDI}BPMNEdge", id=f"{flow.key}_edge", bpmnElement=flow.key)
        points = _without_repeats(self._way(flow))
        for x, y in points:
            etree.SubElement(edge, f"{DI}waypoint", x=str(x), y=str(y))
        if flow.name:
            # Where it comes in: lines that leave a step together arrive apart.
            x, y = points[-2]
            _label(edge, x + 6, y - 18, height=14, width=max(20, 7 * len(flow.name)))

    def _way(self, flow: Flow) -> Iterator[Point]:
        """Only through the rooms between columns and rows, where no step is."""
        source, target = self._boxes[flow.source], self._boxes[flow.target]
        (column, row), (to_column, to_row) = self._grid.cells[flow.source], self._grid.cells[flow.target]
        (x, y), (_, to_y) = source.middle, target.middle
        if self._grid.is_free_between(flow):
            yield from [(source.right, y), (target.x, to_y)]
            return
        entry = self._beside(to_column)
        if to_column == column + 1 and not self._is_fork(flow):
            yield from [(source.right, y), (entry, y)]
        else:
            gap = self._between(row if to_row < row else row + 1)
            edge = source.y if to_row < row else source.y + source.height
            yield from [(x, edge), (x, gap), (entry, gap)]
        yield from [(entry, to_y), (target.x, to_y)]

    def _is_fork(self, flow: Flow) -> bool:
        return len(self._graph.outgoing[flow.source]) > 1

    def _beside(self, column: int) -> int:
        """A line of its own in the room left of a column."""
        return LEFT + 2 * HEADING + column * COLUMN - self._line("column", column) + 15

    def _between(self, row: int) -> int:
        """A line of its own in the room above a row."""
        return TOP + row * ROW - self._line("row", row) + 18

    def _line(self, kind: str, number: int) -> int:
        self._used[kind, number] += 1
        return APART * (self._used[kind, number] % LINES)


def _box(kind: str, cell: grid.Cell) -> Box:
    width, height = SIZES.get(kind, EVENT)
    column, row = cell
    x = LEFT + 2 * HEADING + column * COLUMN + COLUMN // 2
    y = TOP + row * ROW + ROW // 2
    return Box(x - width // 2, y - height // 2, width, height)


def _bounds(parent: etree._Element, box: Box) -> None:
    sides = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    etree.SubElement(parent, f"{DC}Bounds", {side: str(value) for side, value in sides.items()})


def _label(parent: etree._Element, x: int, y: int, *, width: int = LABEL[0], height: int = LABEL[1]) -> None:
    _bounds(etree.SubElement(parent, f"{BPMNDI}BPMNLabel"), Box(x, y, width, height))


def _without_repeats(points: Iterator[Point]) -> list[Point]:
    kept: list[Point] = []
    for point in points:
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept
