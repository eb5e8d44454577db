"""Where the parts of a drawing are and how they are put there: boxes, corners of lines, and lines between boxes."""

from collections.abc import Sequence

from lxml import etree

from app.process.diagrams import BPMN, BPMNDI
from app.process.drawing import DC, DI

Point = tuple[float, float]
GAP = 60.0


def draw(root: etree._Element, key: str, box: tuple[float, float, float, float], **more: str) -> None:
    """A step in its place: left, top, width and height."""
    plane = next(root.iter(f"{BPMNDI}BPMNPlane"), None)
    if plane is not None:
        shape = etree.SubElement(plane, f"{BPMNDI}BPMNShape", {"id": f"{key}_shape", "bpmnElement": key} | more)
        etree.SubElement(shape, f"{DC}Bounds", sides(box))


def name(root: etree._Element, key: str, box: tuple[float, float, float, float]) -> None:
    """The place of a step's name: left, top, width and height."""
    drawn = shape_of(root, key)
    if drawn is not None:
        etree.SubElement(etree.SubElement(drawn, f"{BPMNDI}BPMNLabel"), f"{DC}Bounds", sides(box))


def take_out(root: etree._Element, *keys: str) -> None:
    """What is gone is drawn no more."""
    for drawn in list(root.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge")):
        if drawn.get("bpmnElement") in keys:
            drawn.getparent().remove(drawn)  # type: ignore[union-attr]


def connect(root: etree._Element, flow: str, source: str, target: str) -> None:
    """Draw an arrow from the right of a step to the left of another, with a corner where they are not level."""
    start, end = box_of(root, source), box_of(root, target)
    plane = next(root.iter(f"{BPMNDI}BPMNPlane"), None)
    if start is None or end is None or plane is None:
        return
    edge = next((one for one in root.iter(f"{BPMNDI}BPMNEdge") if one.get("bpmnElement") == flow), None)
    if edge is None:
        edge = etree.SubElement(plane, f"{BPMNDI}BPMNEdge", {"id": f"{flow}_edge", "bpmnElement": flow})
    for old in list(edge):
        edge.remove(old)
    is_hanging = any(node.get("id") == source for node in root.iter(f"{BPMN}boundaryEvent"))
    for x, y in _down(start, end) if is_hanging else _across(start, end):
        etree.SubElement(edge, f"{DI}waypoint", {"x": f"{x:g}", "y": f"{y:g}"})


def _across(start: etree._Element, end: etree._Element) -> Sequence[Point]:
    a = (side(start, "x") + side(start, "width"), side(start, "y") + side(start, "height") / 2)
    b = (side(end, "x"), side(end, "y") + side(end, "height") / 2)
    if a[1] == b[1]:
        return (a, b)
    middle = a[0] + GAP / 2 if b[0] > a[0] else a[0] + GAP / 3
    return (a, (middle, a[1]), (middle, b[1]), b)


def _down(start: etree._Element, end: etree._Element) -> Sequence[Point]:
    """What hangs on a step is left downwards: into what is right below from above, else from the left."""
    x, y = side(start, "x") + side(start, "width") / 2, side(start, "y") + side(start, "height")
    left, top = side(end, "x"), side(end, "y")
    if top > y and left <= x <= left + side(end, "width"):
        return ((x, y), (x, top))
    level, below, before = top + side(end, "height") / 2, y + GAP / 3, left - GAP / 3
    return ((x, y), (x, below), (before, below), (before, level), (left, level))


def shape_of(root: etree._Element, key: str) -> etree._Element | None:
    return next((one for one in root.iter(f"{BPMNDI}BPMNShape") if one.get("bpmnElement") == key), None)


def box_of(root: etree._Element, key: str) -> etree._Element | None:
    shape = shape_of(root, key)
    return shape.find(f"{DC}Bounds") if shape is not None else None


def corners(root: etree._Element, key: str) -> list[etree._Element]:
    edges = (one for one in root.iter(f"{BPMNDI}BPMNEdge") if one.get("bpmnElement") == key)
    return [point for edge in edges for point in edge.iterchildren(f"{DI}waypoint")]


def side(place: etree._Element | None, name: str) -> float:
    if place is None:
        return 0.0
    try:
        return float(place.get(name, "0"))
    except ValueError:
        return 0.0


def shift(place: etree._Element | None, at: str, by: float) -> None:
    if place is not None:
        place.set(at, f"{side(place, at) + by:g}")


def bottom(box: etree._Element) -> float:
    return side(box, "y") + side(box, "height")


def sides(box: tuple[float, float, float, float]) -> dict[str, str]:
    return {at: f"{value:g}" for at, value in zip(("x", "y", "width", "height"), box, strict=True)}
