"""Where things are drawn when a step is moved, put in or taken out without a mouse: plain, and never on top of another."""

from collections.abc import Sequence

from lxml import etree

from app.process.diagrams import BPMN, BPMNDI, FLOW_NODES
from app.process.drawing import DC, DI

Point = tuple[float, float]
WIDTH, HEIGHT, GAP = 130.0, 80.0, 60.0


def into_lane(root: etree._Element, key: str, lane: str) -> None:
    """Draw a step in the middle of a lane, as far to the right as it was; its arrows follow."""
    box, frame = _box(root, key), _box(root, lane)
    if box is None or frame is None:
        return
    down = _side(frame, "y") + (_side(frame, "height") - _side(box, "height")) / 2 - _side(box, "y")
    for bounds in _shape(root, key).iter(f"{DC}Bounds"):  # type: ignore[union-attr]
        _shift(bounds, "y", down)
    for flow in root.iter(f"{BPMN}sequenceFlow"):
        points = _points(root, flow.get("id", ""))
        if flow.get("sourceRef") == key and points:
            _shift(points[0], "y", down)
        if flow.get("targetRef") == key and points:
            _shift(points[-1], "y", down)


def put_in(root: etree._Element, key: str, lane: str, *, after: str, before: str) -> None:
    """Draw a new step in a lane, right of the one it comes `after` and left of the one it comes `before`.

    Where it goes back to an earlier one, only right of the former. What is in the way moves to the right.
    """
    source, target, frame = _box(root, after), _box(root, before), _box(root, lane)
    plane = next(root.iter(f"{BPMNDI}BPMNPlane"), None)
    if source is None or target is None or frame is None or plane is None:
        return
    free = _side(source, "x") + _side(source, "width") + GAP
    begins = _side(target, "x") if _side(target, "x") >= _side(source, "x") else free
    y = _side(frame, "y") + (_side(frame, "height") - HEIGHT) / 2
    x = max(begins, free, *_ends(root, before=begins, top=y))
    _make_room(root, begins, x + WIDTH + GAP - begins, but=after)
    shape = etree.SubElement(plane, f"{BPMNDI}BPMNShape", {"id": f"{key}_shape", "bpmnElement": key})
    sides = {"x": x, "y": y, "width": WIDTH, "height": HEIGHT}
    etree.SubElement(shape, f"{DC}Bounds", {side: f"{value:g}" for side, value in sides.items()})


def _ends(root: etree._Element, *, before: float, top: float) -> list[float]:
    """From where on there is room beside steps that stay and would be in the way at that height."""
    boxes = [box for box in (_box(root, node.get("id", "")) for node in root.iter(*FLOW_NODES)) if box is not None]
    level = (box for box in boxes if _side(box, "y") < top + HEIGHT and top < _side(box, "y") + _side(box, "height"))
    return [_side(box, "x") + _side(box, "width") + GAP for box in level if _side(box, "x") < before]


def _make_room(root: etree._Element, x: float, width: float, *, but: str) -> None:
    """Everything from `x` on goes `width` to the right, but one step, whose arrows are drawn anew; lanes and frames grow."""
    frames = {node.get("id") for node in root.iter(f"{BPMN}lane", f"{BPMN}participant")}
    for shape in root.iter(f"{BPMNDI}BPMNShape"):
        for bounds in shape.iter(f"{DC}Bounds"):
            if shape.get("bpmnElement") in frames:
                _shift(bounds, "width", width)
            elif _side(bounds, "x") >= x and shape.get("bpmnElement") != but:
                _shift(bounds, "x", width)
    for edge in root.iter(f"{BPMNDI}BPMNEdge"):
        for place in edge.iter(f"{DI}waypoint", f"{DC}Bounds"):
            if _side(place, "x") >= x:
                _shift(place, "x", width)
    stays = _box(root, but)
    if stays is not None and _side(stays, "x") >= x:
        for flow in root.iter(f"{BPMN}sequenceFlow"):
            if but in (flow.get("sourceRef"), flow.get("targetRef")):
                connect(root, flow.get("id", ""), flow.get("sourceRef", ""), flow.get("targetRef", ""))


def connect(root: etree._Element, flow: str, source: str, target: str) -> None:
    """Draw an arrow from the right of a step to the left of another, with a corner where they are not level."""
    start, end = _box(root, source), _box(root, target)
    plane = next(root.iter(f"{BPMNDI}BPMNPlane"), None)
    if start is None or end is None or plane is None:
        return
    edge = next((one for one in root.iter(f"{BPMNDI}BPMNEdge") if one.get("bpmnElement") == flow), None)
    if edge is None:
        edge = etree.SubElement(plane, f"{BPMNDI}BPMNEdge", {"id": f"{flow}_edge", "bpmnElement": flow})
    for old in list(edge):
        edge.remove(old)
    a = (_side(start, "x") + _side(start, "width"), _side(start, "y") + _side(start, "height") / 2)
    b = (_side(end, "x"), _side(end, "y") + _side(end, "height") / 2)
    for x, y in _route(a, b):
        etree.SubElement(edge, f"{DI}waypoint", {"x": f"{x:g}", "y": f"{y:g}"})


def _route(a: Point, b: Point) -> Sequence[Point]:
    if a[1] == b[1]:
        return (a, b)
    middle = a[0] + GAP / 2 if b[0] > a[0] else a[0] + GAP / 3
    return (a, (middle, a[1]), (middle, b[1]), b)


def take_out(root: etree._Element, *keys: str) -> None:
    """What is gone is drawn no more."""
    for drawn in list(root.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge")):
        if drawn.get("bpmnElement") in keys:
            drawn.getparent().remove(drawn)  # type: ignore[union-attr]


def _shape(root: etree._Element, key: str) -> etree._Element | None:
    return next((one for one in root.iter(f"{BPMNDI}BPMNShape") if one.get("bpmnElement") == key), None)


def _box(root: etree._Element, key: str) -> etree._Element | None:
    shape = _shape(root, key)
    return shape.find(f"{DC}Bounds") if shape is not None else None


def _points(root: etree._Element, key: str) -> list[etree._Element]:
    edges = (one for one in root.iter(f"{BPMNDI}BPMNEdge") if one.get("bpmnElement") == key)
    return [point for edge in edges for point in edge.iterchildren(f"{DI}waypoint")]


def _side(place: etree._Element, name: str) -> float:
    try:
        return float(place.get(name, "0"))
    except ValueError:
        return 0.0


def _shift(place: etree._Element, side: str, by: float) -> None:
    place.set(side, f"{_side(place, side) + by:g}")
