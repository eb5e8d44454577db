"""What hangs on steps and what is inside of them gets a place too, in a diagram that came without a drawing."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from lxml import etree

from app.process import layout
from app.process.diagrams import BPMN, BPMNDI, FLOW_NODES
from app.process.safe_xml import tree_of
from app.process.subset import DI
from tests.process.drawing import asks, choice, does, drawn, event, flow
from tests.process.test_layout import Box, box_of, crosses, meet, shrunk

EVERY = (Path(__file__).parent / "data" / "every_element.bpmn").read_text(encoding="utf-8")


def hangs(key: str, host: str) -> str:
    return f'<boundaryEvent id="{key}" name="{key} de {host}" attachedToRef="{host}"><timerEventDefinition/></boundaryEvent>'


def holds(key: str, *elements: str) -> str:
    return f'<subProcess id="{key}" name="{key}">{"".join(elements)}</subProcess>'


def way(*steps: str) -> Iterator[str]:
    return (flow(f"{one}__{other}", one, other) for one, other in pairwise(steps))


def small(key: str) -> str:
    """A subprocess of three steps."""
    inner = (event("start", f"{key}_begins"), asks(f"{key}_task"), event("end", f"{key}_ends"))
    return holds(key, *inner, *way(f"{key}_begins", f"{key}_task", f"{key}_ends"))


def boundaries_on_all() -> str:
    steps = [event("start", "begin"), asks("one"), small("two"), asks("three"), event("end", "done")]
    hanging = [hangs(f"{host}_{n}", host) for host in ("one", "two", "three") for n in ("a", "b", "c")]
    ends = [event("end", f"{host}_{n}_end") for host in ("one", "two", "three") for n in ("a", "b", "c")]
    out = [flow(f"{host}_{n}_out", f"{host}_{n}", f"{host}_{n}_end") for host in ("one", "two", "three") for n in "abc"]
    return drawn(*steps, *hanging, *ends, *out, *way("begin", "one", "two", "three", "done"))


def three_deep() -> str:
    ways = (*way("in", "core", "over"), *way("late", "after"), flow("after_over", "after", "over"))
    inner = (event("start", "in"), small("core"), hangs("late", "core"), asks("after"), event("end", "over"))
    inmost = holds("inmost", *inner, *ways)
    outer = holds("outer", event("start", "go"), inmost, event("end", "stop"), *way("go", "inmost", "stop"))
    return drawn(event("start", "begin"), outer, event("end", "done"), *way("begin", "outer", "done"))


def round_and_over() -> str:
    steps = (event("start", "begin"), asks("one"), choice("split"), small("two"), does("three", "documents/request"))
    fix = (asks("fix"), hangs("too_late", "fix"), flow("fixed", "fix", "one"), flow("not_fixed", "too_late", "done"))
    ends = (event("end", "done"), hangs("late", "one"), hangs("failed", "two"))
    back = (flow("back", "split", "one"), flow("over", "split", "done"), flow("again", "failed", "fix"))
    return drawn(
        *steps,
        *fix,
        *ends,
        *back,
        flow("late_out", "late", "three"),
        *way("begin", "one", "split", "two", "three", "done"),
    )


TEXTS = {
    "every_element": EVERY[: EVERY.index("<bpmndi:BPMNDiagram")] + "</definitions>",
    "boundaries_on_all": boundaries_on_all(),
    "three_deep": three_deep(),
    "round_and_over": round_and_over(),
}


class Picture:
    """Where everything of a text is; `around` are the subprocess a step is in, and those that one is in."""

    def __init__(self, text: str) -> None:
        root = tree_of(text)
        shapes = {shape.get("bpmnElement", ""): box_of(shape) for shape in root.iter(f"{BPMNDI}BPMNShape")}
        self.nodes = {node.get("id", ""): node for node in root.iter(*FLOW_NODES)}
        self.boxes: dict[str, Box] = {key: shapes[key] for key in self.nodes}
        self.bands = {lane.get("id", ""): shapes[lane.get("id", "")] for lane in root.iter(f"{BPMN}lane")}
        labels = list(root.iter(f"{BPMNDI}BPMNLabel"))
        self.names = {str(label.xpath("string(../@bpmnElement)")): box_of(label) for label in labels}
        self.around = {key: ids(node.iterancestors(f"{BPMN}subProcess")) for key, node in self.nodes.items()}
        points = f"{DI}waypoint"
        self.lines = {
            edge.get("bpmnElement", ""): [(float(at.get("x", "")), float(at.get("y", ""))) for at in edge.iter(points)]
            for edge in root.iter(f"{BPMNDI}BPMNEdge")
        }
        self.flows = {node.get("id", ""): node for node in root.iter(f"{BPMN}sequenceFlow")}

    def host(self, key: str) -> str:
        return self.nodes[key].get("attachedToRef", "") if key in self.nodes else ""

    def belong(self, one: str, other: str) -> bool:
        """One is inside the other or hangs on it, on the border of what it is in too."""
        return other in (*self.around[one], self.host(one)) or one in (*self.around[other], self.host(other))


def ids(nodes: Iterator[etree._Element]) -> list[str]:
    return [node.get("id", "") for node in nodes]


@pytest.fixture(params=TEXTS)
def picture(request: pytest.FixtureRequest) -> Picture:
    return Picture(layout.with_drawing(TEXTS[request.param].encode()).decode())


def test_nothing_is_on_anything_it_does_not_belong_to(picture: Picture) -> None:
    pairs = combinations(picture.boxes, 2)

    assert [pair for pair in pairs if not picture.belong(*pair) and meet(*(picture.boxes[key] for key in pair))] == []


def test_a_step_is_within_its_subprocess(picture: Picture) -> None:
    for key, holders in picture.around.items():
        for holder in holders:
            box, frame = picture.boxes[key], picture.boxes[holder]
            assert frame[0] < box[0] < box[2] < frame[2]
            # Below its name.
            assert frame[1] + 28 < box[1] < box[3] < frame[3]


def test_what_hangs_on_a_step_has_its_middle_on_the_lower_edge(picture: Picture) -> None:
    for key, (left, top, right, bottom) in picture.boxes.items():
        if picture.host(key):
            host = picture.boxes[picture.host(key)]
            assert (top + bottom) / 2 == host[3]
            assert host[0] < left < right < host[2]


def test_no_line_goes_through_a_step(picture: Picture) -> None:
    through = [
        (key, step)
        for key, line in picture.lines.items()
        for step, box in picture.boxes.items()
        if step not in picture.around[picture.flows[key].get("sourceRef", "")]
        # From the upper edge of a step on its way: what hangs on its lower one is not met.
        for (x, y), (to_x, to_y) in pairwise(line)
        if meet((min(x, to_x), min(y, to_y), max(x, to_x) + 0.1, max(y, to_y) + 0.1), shrunk(box))
    ]

    assert through == []


def test_no_line_goes_through_the_name_of_what_hangs_on_a_step(picture: Picture) -> None:
    names = [box for key, box in picture.names.items() if picture.host(key)]

    assert names
    assert [key for key, line in picture.lines.items() for box in names if crosses(line, box)] == []


def test_every_arrow_is_drawn_from_the_edge_of_a_step_to_that_of_another(picture: Picture) -> None:
    assert picture.lines.keys() == picture.flows.keys()
    for key, line in picture.lines.items():
        for (x, y), end in ((line[0], "sourceRef"), (line[-1], "targetRef")):
            left, top, right, bottom = picture.boxes[picture.flows[key].get(end, "")]
            assert left <= x <= right
            assert top <= y <= bottom


def test_a_line_stays_in_what_its_steps_are_in(picture: Picture) -> None:
    for key, line in picture.lines.items():
        for holder in picture.around[picture.flows[key].get("sourceRef", "")]:
            left, top, right, bottom = picture.boxes[holder]
            assert all(left < x < right and top < y < bottom for x, y in line)


def test_a_side_branch_goes_below_its_step(picture: Picture) -> None:
    below = [
        (key, target)
        for flow_ in picture.flows.values()
        if picture.host(key := flow_.get("sourceRef", "")) and picture.boxes[target := flow_.get("targetRef", "")]
        if len([one for one in picture.flows.values() if one.get("targetRef") == target]) == 1
    ]

    assert [pair for pair in below if picture.boxes[pair[1]][1] < picture.boxes[pair[0]][3]] == []


def test_steps_stay_in_their_lanes() -> None:
    text = layout.with_drawing(TEXTS["every_element"].encode()).decode()
    picture = Picture(text)
    for lane in tree_of(text).iter(f"{BPMN}lane"):
        band = picture.bands[lane.get("id", "")]
        for key in ((ref.text or "").strip() for ref in lane):
            assert band[1] < picture.boxes[key][1] < picture.boxes[key][3] < band[3]


@pytest.mark.parametrize("name", TEXTS)
def test_the_same_process_is_drawn_the_same_way(name: str) -> None:
    content = TEXTS[name].encode()

    assert layout.with_drawing(content) == layout.with_drawing(content)


@pytest.mark.parametrize("hosts", [("a", "b"), ("b", "b"), ("nothing", "begin")], ids=str)
def test_events_that_hang_on_nothing_are_drawn_all_the_same(hosts: tuple[str, str]) -> None:
    text = drawn(event("start", "begin"), hangs("a", hosts[1]), hangs("b", hosts[0]), flow("on", "begin", "a"))

    assert Picture(layout.with_drawing(text.encode()).decode()).boxes.keys() == {"begin", "a", "b"}


def test_a_process_and_a_subprocess_of_nothing_have_a_drawing() -> None:
    empty = layout.with_drawing(drawn(holds("nothing")).encode()).decode()

    assert Picture(empty).boxes.keys() == {"nothing"}
    assert Picture(layout.with_drawing(drawn().encode()).decode()).boxes == {}


def test_an_arrow_from_inside_a_subprocess_to_outside_is_seen() -> None:
    text = drawn(small("inner"), event("end", "done"), flow("out", "inner_task", "done"))

    assert len(Picture(layout.with_drawing(text.encode()).decode()).lines["out"]) == 2
