"""A drawing for a diagram that came without one: written by hand, or by a program that only knows the process."""

from collections.abc import Sequence

from lxml import etree

from app.process.diagrams import BPMN, BPMNDI, read
from app.process.graph import (
    BOUNDARY,
    CALL,
    EXCLUSIVE,
    GATEWAYS,
    RULE,
    SERVICE,
    SUBPROCESS,
    USER,
    Flow,
    Node,
    graphs_of,
)
from app.process.lines import Lines
from app.process.plan import ON_BORDER, Box, Plan, Point, plan_of
from app.process.subset import DC, DI

LEFT, TOP, HEADING = 160, 80, 30
LABEL = (110, 40)
TASKS = (USER, SERVICE, RULE, CALL)
MARKED = {EXCLUSIVE: {"isMarkerVisible": "true"}, SUBPROCESS: {"isExpanded": "true"}}


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
    """What is written into the plane: bands first, then each scope with its steps, what is in them, and its arrows."""

    def __init__(
        self, plane: etree._Element, root: etree._Element, process: etree._Element, pool: etree._Element | None
    ):
        self._plane = plane
        self._pool = pool
        self._lanes = {
            lane.get("id", ""): [(node.text or "").strip() for node in lane.iter(f"{BPMN}flowNodeRef")]
            for lane in process.iter(f"{BPMN}lane")
        }
        self._boxes: dict[str, Box] = {}
        # From one scope into another no arrow may go; one that does is seen, wherever it runs.
        self._across: list[Flow] = []
        self._plan = plan_of(graphs_of(root), process.get("id", ""), self._lanes)

    def draw(self) -> None:
        self._bands()
        self._scope(self._plan, (LEFT + 2 * HEADING, TOP))
        for flow in self._across:
            if flow.source in self._boxes and flow.target in self._boxes:
                source, target = self._boxes[flow.source], self._boxes[flow.target]
                self._edge(flow, [(source.right, source.middle[1]), (target.x, target.middle[1])])

    def _bands(self) -> None:
        tops, width = self._plan.tops, self._plan.lefts[-1] + HEADING
        if self._pool is not None:
            box = Box(LEFT, TOP, width + HEADING, tops[-1])
            self._shape(self._pool.get("id", ""), box, isHorizontal="true")
        for lane in self._lanes:
            within = self._plan.grid.rows[lane]
            top, bottom = tops[within[0]], tops[within[-1] + 1]
            self._shape(lane, Box(LEFT + HEADING, TOP + top, width, bottom - top), isHorizontal="true")

    def _scope(self, plan: Plan, origin: Point) -> None:
        boxes = {key: plan.box(key, origin) for key in (*plan.grid.cells, *plan.grid.on_others)}
        self._boxes |= boxes
        for key, box in boxes.items():
            self._step(plan.graph.nodes[key], box)
            if key in plan.inner:
                self._scope(plan.inner[key], plan.origin_within(key, box))
        lines = Lines(plan, origin, boxes)
        for flow in plan.graph.flows.values():
            if flow.source in boxes and flow.target in boxes:
                self._edge(flow, lines.way(flow))
            else:
                self._across.append(flow)

    def _step(self, node: Node, box: Box) -> None:
        shape = self._shape(node.key, box, **MARKED.get(node.kind, {}))
        x, y = box.middle
        if not node.name or node.kind in (*TASKS, SUBPROCESS):
            return
        # Lines leave a gateway upwards and downwards, and come to it from the left.
        if node.kind in GATEWAYS:
            _label(shape, x - LABEL[0] - 4, box.y - LABEL[1])
        elif node.kind == BOUNDARY:
            _label(shape, x + 22, y + 6, width=ON_BORDER - 26)
        else:
            _label(shape, x - LABEL[0] // 2, y + box.height // 2 + 4)

    def _shape(self, key: str, box: Box, **more: str) -> etree._Element:
        shape = etree.SubElement(self._plane, f"{BPMNDI}BPMNShape", id=f"{key}_shape", bpmnElement=key)
        for name, value in more.items():
            shape.set(name, value)
        _bounds(shape, box)
        return shape

    def _edge(self, flow: Flow, points: Sequence[Point]) -> None:
        edge = etree.SubElement(self._plane, f"{BPMNDI}BPMNEdge", id=f"{flow.key}_edge", bpmnElement=flow.key)
        for x, y in points:
            etree.SubElement(edge, f"{DI}waypoint", x=str(x), y=str(y))
        if flow.name:
            # Where it comes in: lines that leave a step together arrive apart.
            x, y = points[-2]
            _label(edge, x + 6, y - 18, height=14, width=max(20, 7 * len(flow.name)))


def _bounds(parent: etree._Element, box: Box) -> None:
    sides = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    etree.SubElement(parent, f"{DC}Bounds", {side: str(value) for side, value in sides.items()})


def _label(parent: etree._Element, x: int, y: int, *, width: int = LABEL[0], height: int = LABEL[1]) -> None:
    _bounds(etree.SubElement(parent, f"{BPMNDI}BPMNLabel"), Box(x, y, width, height))
