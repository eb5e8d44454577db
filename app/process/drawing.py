"""A diagram as a picture: where its shapes are, and which of them a case has passed. Plain values for a template to draw."""

import textwrap
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from lxml import etree

from app.domain.faces import Face
from app.process.compact import State
from app.process.diagrams import BPMN, BPMNDI
from app.process.safe_xml import tree_of
from app.process.symbols import symbol_of, told
from app.process.trail import passed, taken

DC, DI = "{http://www.omg.org/spec/DD/20100524/DC}", "{http://www.omg.org/spec/DD/20100524/DI}"
LINE = 15
# Letters of twelve pixels are this wide on the average.
LETTER = 6.1
# Modelers let words beside a shape stand out of their box on both sides.
OUT_OF_THE_BOX = 20
MARGIN = 12
# Their name is in them; beside one that is smaller than this there is more room.
BOXES = frozenset({"task", "service", "rule", "call", "subprocess", "note", "other"})
SMALL = 60
# As high is the name of what holds others.
HEADING = 28
# What holds others lies under them, and what hangs on a border over it.
LAYERS = {"pool": 0, "lane": 1, "subprocess": 2, "boundary": 4}
STEPS = 3


Bounds = tuple[float, float, float, float]


class Passage(Face):
    """Where a case stands in relation to a step."""

    PASSED = "passed", "hecho"
    WAITING = "waiting", "pendiente"
    AHEAD = "ahead", "no recorrido"
    NO_CASE = "no_case", ""


@dataclass(frozen=True)
class Shape:
    """One element: its box, and its words line by line, the first at `text_y` and all centred on `text_x`.

    `kind`, `glyph` and `is_open` are those of its symbol.
    """

    key: str
    name: str
    kind: str
    passage: Passage
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    text_x: float
    text_y: float
    glyph: str = ""
    is_open: bool = False

    @property
    def layer(self) -> tuple[int, float]:
        """What is drawn first comes first; of frames the larger one."""
        layer = LAYERS.get(self.kind, STEPS)
        return layer, -self.width * self.height if layer < STEPS else 0

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Flow:
    """One arrow, or a line to something beside the way; `points` as SVG writes them."""

    key: str
    points: str
    passage: Passage
    middle: tuple[float, float]
    name: str
    text_x: float
    text_y: float
    is_arrow: bool = True


@dataclass(frozen=True)
class Drawing:
    """`text` says in words what the picture shows."""

    x: float
    y: float
    width: float
    height: float
    shapes: tuple[Shape, ...]
    flows: tuple[Flow, ...]
    text: str


@dataclass(frozen=True)
class Way:
    """What of a diagram a case has been through; `flows` by the steps at both ends."""

    steps: frozenset[str]
    waiting: frozenset[str]
    flows: frozenset[tuple[str, str]]

    def passage(self, key: str) -> Passage:
        if key in self.waiting:
            return Passage.WAITING
        return Passage.PASSED if key in self.steps else Passage.AHEAD

    def of_flow(self, source: str, target: str) -> Passage:
        return Passage.PASSED if (source, target) in self.flows else Passage.AHEAD


class _NoCase(Way):
    def passage(self, key: str) -> Passage:  # noqa: ARG002
        return Passage.NO_CASE

    def of_flow(self, source: str, target: str) -> Passage:  # noqa: ARG002
        return Passage.NO_CASE


NO_CASE = _NoCase(frozenset(), frozenset(), frozenset())


def draw(xml: str, state: State | None = None, *, called: str = "", awaited: Collection[str] = ()) -> Drawing:
    """The diagram of a canonical text with the way that a stored case has taken on it; without one, the diagram.

    With the text of a process `called` by the case, the way in that one. `awaited` are the events that it waits for by itself,
    named as at run time.
    """
    if state is None:
        return draw_way(xml, NO_CASE, f"El diagrama, sin ningún trámite. {told(tree_of(xml))}".strip())
    steps = taken(state, called)
    way = Way(
        steps=frozenset(step.key for step in steps if step.is_done),
        waiting=frozenset(step.key for step in steps if not step.is_done) | _own(awaited, called),
        flows=passed(state, called),
    )
    elements = _elements(tree_of(xml))
    done = [elements[step.key].get("name", "") for step in steps if step.is_done and _is_named(elements.get(step.key))]
    return draw_way(xml, way, _done(done))


def _own(awaited: Collection[str], called: str) -> frozenset[str]:
    """Those of one diagram by their ids in it; what belongs to a called process is named `process/id`."""
    parts = (key.rpartition("/") for key in awaited)
    return frozenset(key for process, _, key in parts if process == called)


def draw_way(xml: str, way: Way, text: str) -> Drawing:
    """The diagram with any way on it, and what it shows in words."""
    root = tree_of(xml)
    elements = _elements(root)
    return framed(tuple(_shapes(root, elements, way)), tuple(_flows(root, elements, way)), text)


def _elements(root: etree._Element) -> dict[str, etree._Element]:
    return {node.get("id", ""): node for node in root.iter() if isinstance(node.tag, str) and node.get("id")}


def framed(shapes: tuple[Shape, ...], flows: tuple[Flow, ...], text: str) -> Drawing:
    """A drawing as large as its shapes, in the order in which they are drawn."""
    shapes = tuple(sorted(shapes, key=lambda shape: shape.layer))
    boxes = [(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height) for shape in shapes] or [(0, 0, 0, 0)]
    left, top = (min(box[side] for box in boxes) - MARGIN for side in (0, 1))
    right, bottom = (max(box[side] for box in boxes) + MARGIN for side in (2, 3))
    return Drawing(left, top, right - left, bottom - top, shapes, flows, text)


def _is_named(element: etree._Element | None) -> bool:
    return element is not None and bool(element.get("name"))


def _done(names: list[str]) -> str:
    return f"Pasos hechos, en orden: {', '.join(names)}." if names else "Ningún paso hecho todavía."


def _shapes(root: etree._Element, elements: dict[str, etree._Element], way: Way) -> Iterator[Shape]:
    for drawn in root.iter(f"{BPMNDI}BPMNShape"):
        key = drawn.get("bpmnElement", "")
        element, box = elements.get(key), drawn.find(f"{DC}Bounds")
        if element is not None and box is not None:
            yield _shape(element, _bounds(box), drawn.find(f"{BPMNDI}BPMNLabel/{DC}Bounds"), way.passage(key))


def _shape(element: etree._Element, box: Bounds, label: etree._Element | None, passage: Passage) -> Shape:
    x, y, width, height = box
    symbol = symbol_of(element)
    name = element.get("name", "") or element.findtext(f"{BPMN}text", "").strip()
    inside = symbol.kind in BOXES and width >= SMALL
    lx, ly, wide, high = _bounds(label) if label is not None else (x - 30, y + height + 3, width + 60, LINE)
    if inside:
        lx, ly, wide, high = x + 6, y, width - 12, height
    if symbol.kind == "subprocess":
        high = HEADING
    # Beside what hangs on a border there is the next that hangs there.
    room = wide if inside or symbol.kind == "boundary" else wide + 2 * OUT_OF_THE_BOX
    lines = tuple(textwrap.wrap(name, max(8, int(room / LETTER))))
    text_y = _first_line(len(lines), top=ly, bottom=ly + high, is_inside=inside, is_above=ly + high <= y)
    words = (lines, lx + wide / 2, text_y)
    return Shape(element.get("id", ""), name, symbol.kind, passage, *box, *words, symbol.glyph, symbol.is_open)


def _first_line(lines: int, *, top: float, bottom: float, is_inside: bool, is_above: bool) -> float:
    """Where the first of the lines stands: in the middle of a box, above a shape on it, below a shape from the top."""
    rest = (lines - 1) * LINE
    if is_inside:
        return (top + bottom - rest) / 2 + 4
    return bottom - rest - 4 if is_above else top + 11


def _flows(root: etree._Element, elements: dict[str, etree._Element], way: Way) -> Iterator[Flow]:
    for drawn in root.iter(f"{BPMNDI}BPMNEdge"):
        flow = elements.get(drawn.get("bpmnElement", ""))
        if flow is None:
            continue
        points = [(float(point.get("x", "0")), float(point.get("y", "0"))) for point in drawn.iter(f"{DI}waypoint")]
        label = drawn.find(f"{BPMNDI}BPMNLabel/{DC}Bounds")
        x, y, wide, _ = _bounds(label) if label is not None else (*(points or [(0.0, 0.0)])[0], 0.0, 0.0)
        passage = way.of_flow(flow.get("sourceRef", ""), flow.get("targetRef", ""))
        written = " ".join(f"{px:g},{py:g}" for px, py in points)
        words = (flow.get("name", ""), x + wide / 2, y + 11)
        yield Flow(flow.get("id", ""), written, passage, _middle(points), *words, flow.tag == f"{BPMN}sequenceFlow")


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Of the longest piece of a line: there is room for a sign."""
    pieces = list(pairwise(points))
    if not pieces:
        return (0.0, 0.0)
    (ax, ay), (bx, by) = max(pieces, key=lambda piece: hypot(piece[1][0] - piece[0][0], piece[1][1] - piece[0][1]))
    return (ax + bx) / 2, (ay + by) / 2


def _bounds(box: etree._Element) -> Bounds:
    x, y, width, height = (float(box.get(name, "0")) for name in ("x", "y", "width", "height"))
    return x, y, width, height
