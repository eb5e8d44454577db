"""Where things are drawn when a step is moved, put in or taken out without a mouse: plain, and never on top of another."""

from collections.abc import Container, Sequence

from lxml import etree

from app.process.diagrams import BPMN, BPMNDI, FLOW_NODES
from app.process.drawing import DC, DI
from app.process.studio.places import GAP, bottom, box_of, connect, corners, draw, name, shape_of, shift, side

WIDTH, HEIGHT = 130.0, 80.0
EVENT = (36.0, 36.0)
# How wide the name of an event may be.
NAMED = 72.0
# A band for an end with its name, and a new lane.
BAND, LANE = 120.0, 150.0


def into_lane(root: etree._Element, key: str, lane: str) -> None:
    """Draw a step in the middle of a lane, as far to the right as it was; its arrows follow."""
    box, frame = box_of(root, key), box_of(root, lane)
    if box is None or frame is None:
        return
    down = side(frame, "y") + (side(frame, "height") - side(box, "height")) / 2 - side(box, "y")
    for bounds in shape_of(root, key).iter(f"{DC}Bounds"):  # type: ignore[union-attr]
        shift(bounds, "y", down)
    for flow in root.iter(f"{BPMN}sequenceFlow"):
        points = corners(root, flow.get("id", ""))
        if flow.get("sourceRef") == key and points:
            shift(points[0], "y", down)
        if flow.get("targetRef") == key and points:
            shift(points[-1], "y", down)


def put_in(root: etree._Element, key: str, lane: str, *, after: str, before: str, is_event: bool = False) -> None:
    """Draw a new step in a lane, right of the one it comes `after` and left of the one it comes `before`.

    Inside of a subprocess, where there is no `lane`, it is level with the one before it. Where it goes back to an earlier one,
    only right of the former. What is in the way moves to the right.
    """
    source, target, frame = box_of(root, after), box_of(root, before), box_of(root, lane)
    plane = next(root.iter(f"{BPMNDI}BPMNPlane"), None)
    frame = frame if frame is not None else source
    if source is None or target is None or frame is None or plane is None:
        return
    width, height = EVENT if is_event else (WIDTH, HEIGHT)
    free = side(source, "x") + side(source, "width") + GAP
    begins = side(target, "x") if side(target, "x") >= side(source, "x") else free
    y = side(frame, "y") + (side(frame, "height") - height) / 2
    x = max(begins, free, *_ends(root, before=begins, top=y, height=height, within=around(root, key)))
    _make_room(root, begins, x + width + GAP - begins, but=after)
    draw(root, key, (x, y, width, height))


def around(root: etree._Element, key: str) -> frozenset[str]:
    """The subprocesses that an element is in."""
    node = next((one for one in root.iter(*FLOW_NODES) if one.get("id") == key), None)
    return (
        frozenset(one.get("id", "") for one in node.iterancestors(f"{BPMN}subProcess"))
        if node is not None
        else frozenset()
    )


def _ends(root: etree._Element, *, before: float, top: float, height: float, within: frozenset[str]) -> list[float]:
    """From where on there is room beside steps that stay and would be in the way at that height."""
    keys = (node.get("id", "") for node in root.iter(*FLOW_NODES))
    boxes = [box for box in (box_of(root, key) for key in keys if key not in within) if box is not None]
    level = (box for box in boxes if side(box, "y") < top + height and top < side(box, "y") + side(box, "height"))
    return [side(box, "x") + side(box, "width") + GAP for box in level if side(box, "x") < before]


def _make_room(root: etree._Element, x: float, width: float, *, but: str) -> None:
    """Everything from `x` on goes `width` to the right, but one step, whose arrows are drawn anew; what holds others grows."""
    hosts = {node.get("id"): node.get("attachedToRef", "") for node in root.iter(f"{BPMN}boundaryEvent")}
    frames = {node.get("id") for node in root.iter(f"{BPMN}lane", f"{BPMN}participant")}
    holders = {node.get("id") for node in root.iter(f"{BPMN}subProcess")}
    begins = {one.get("bpmnElement"): side(one.find(f"{DC}Bounds"), "x") for one in root.iter(f"{BPMNDI}BPMNShape")}
    for shape in root.iter(f"{BPMNDI}BPMNShape"):
        key, bounds = shape.get("bpmnElement"), shape.find(f"{DC}Bounds")
        # What hangs on a step goes with it.
        host = hosts.get(key, "")
        stands = begins.get(host, 0.0) if host and host not in holders else begins[key]
        if key in frames or (key in holders and stands < x < stands + side(bounds, "width")):
            shift(bounds, "width", width)
        elif stands >= x and but not in (key, host):
            for each in shape.iter(f"{DC}Bounds"):
                shift(each, "x", width)
    for edge in root.iter(f"{BPMNDI}BPMNEdge"):
        for place in edge.iter(f"{DI}waypoint", f"{DC}Bounds"):
            if side(place, "x") >= x:
                shift(place, "x", width)
    _mend(root)


def _mend(root: etree._Element) -> None:
    """Draw anew what does not reach its steps any more, because one of them stayed where it was."""
    for flow in root.iter(f"{BPMN}sequenceFlow"):
        ends = (flow.get("sourceRef", ""), flow.get("targetRef", ""))
        points = corners(root, flow.get("id", ""))
        if points and not all(
            _reaches(point, box_of(root, end)) for point, end in zip((points[0], points[-1]), ends, strict=True)
        ):
            connect(root, flow.get("id", ""), *ends)


def _reaches(point: etree._Element, box: etree._Element | None) -> bool:
    """A step that is not drawn cannot be missed; hands are not exact."""
    ends = (("x", "width"), ("y", "height"))
    return box is None or all(
        side(box, at) - 2 <= side(point, at) <= side(box, at) + side(box, size) + 2 for at, size in ends
    )


def hang(root: etree._Element, key: str, host: str) -> None:
    """Draw an event on the lower edge of a step, as far to the right as there is room between those that hang there already."""
    box = box_of(root, host)
    if box is None:
        return
    width, height = EVENT
    others = [one.get("id", "") for one in root.iter(f"{BPMN}boundaryEvent") if one.get("attachedToRef") == host]
    taken = [side(other, "x") for other in (box_of(root, one) for one in others) if other is not None]
    left, right = side(box, "x"), side(box, "x") + side(box, "width") - width - 6
    places = [right - step for step in range(0, max(1, int(right - left)), 6)]
    # With room for its name, if there is.
    free = (x for far in (NAMED, width) for x in places if all(abs(x - one) >= far for one in taken))
    x, y = next(free, right), bottom(box) - height / 2
    draw(root, key, (x, y, width, height))
    # Beside the arrow that leaves it downwards.
    name(root, key, (x + width / 2 + 2, y + height, NAMED - 6, 28))


def below(root: etree._Element, key: str, event: str) -> None:
    """Draw a new end below an event, in a band of its own: what is lower moves down, and what holds both grows."""
    box = box_of(root, event)
    if box is None:
        return
    holders = {node.get("id") for node in root.iter(f"{BPMN}lane", f"{BPMN}participant", f"{BPMN}subProcess")}
    steps = [node.get("id", "") for node in root.iter(*FLOW_NODES) if node.get("id") not in holders]
    boxes = [one for one in (box_of(root, step) for step in steps) if one is not None]
    top = side(box, "y") + side(box, "height") + 2
    while crossed := [bottom(one) for one in boxes if side(one, "y") < top < bottom(one)]:
        top = max(crossed) + 1
    _make_room_below(root, top, holders)
    draw(root, key, (side(box, "x"), top + GAP / 2, *EVENT))


def _make_room_below(root: etree._Element, top: float, holders: Container[str | None]) -> None:
    for shape in root.iter(f"{BPMNDI}BPMNShape"):
        box = shape.find(f"{DC}Bounds")
        if box is not None and shape.get("bpmnElement") in holders and side(box, "y") < top:
            shift(box, "height", BAND if bottom(box) >= top else 0)
        elif box is not None and side(box, "y") >= top:
            for each in shape.iter(f"{DC}Bounds"):
                shift(each, "y", BAND)
    for edge in root.iter(f"{BPMNDI}BPMNEdge"):
        for place in edge.iter(f"{DI}waypoint", f"{DC}Bounds"):
            if side(place, "y") >= top:
                shift(place, "y", BAND)
    _mend(root)


def add_lane(root: etree._Element, key: str, others: Sequence[str]) -> None:
    """Draw a lane below the others, as wide as they are; the frame around them grows."""
    boxes = [box for box in (box_of(root, other) for other in others) if box is not None]
    if not boxes:
        return
    lowest = max(map(bottom, boxes))
    draw(root, key, (side(boxes[0], "x"), lowest, side(boxes[0], "width"), LANE), isHorizontal="true")
    for pool in root.iter(f"{BPMN}participant"):
        shift(box_of(root, pool.get("id", "")), "height", LANE)
