"""A diagram without a drawing gets one that a person can read: left to right, nothing on top of anything."""

from itertools import combinations, pairwise

import pytest
from lxml import etree

from app.process import definitions, diagrams, gate, layout
from app.process.diagrams import BPMN, BPMNDI, FLOW_NODES
from app.process.graph import graph_of
from app.process.package import Package
from app.process.safe_xml import InvalidDiagram, tree_of
from app.process.subset import DC, DI
from tests.process import sketches

Box = tuple[float, float, float, float]
FILES = sorted(definitions.FOLDER.glob("*.bpmn"))


class Drawn:
    """Where everything of a text is: boxes as left, top, right, bottom, lines as corners."""

    def __init__(self, text: str) -> None:
        root = tree_of(text)
        self.graph = graph_of(root)
        lanes = {lane.get("id", ""): [ref.text or "" for ref in lane] for lane in root.iter(f"{BPMN}lane")}
        self.lane_of = {key: lane for lane, keys in lanes.items() for key in keys}
        self.boxes: dict[str, Box] = {}
        for shape in root.iter(f"{BPMNDI}BPMNShape"):
            self.boxes[shape.get("bpmnElement", "")] = box_of(shape)
        self.lines = {
            edge.get("bpmnElement", ""): [
                (float(point.get("x", "")), float(point.get("y", ""))) for point in edge.iter(f"{DI}waypoint")
            ]
            for edge in root.iter(f"{BPMNDI}BPMNEdge")
        }

    def hang(self, one: str, other: str) -> bool:
        """Whether one of two steps lies on the border of the other."""
        return self.graph.nodes[one].host == other or self.graph.nodes[other].host == one

    @property
    def steps(self) -> dict[str, Box]:
        return {key: box for key, box in self.boxes.items() if key in self.graph.nodes}


def box_of(shape: etree._Element) -> Box:
    bounds = shape.find(f"{DC}Bounds")
    assert bounds is not None
    x, y, width, height = (float(bounds.get(side, "")) for side in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def undrawn(text: str) -> bytes:
    return (text[: text.index("<bpmndi:BPMNDiagram")] + "</definitions>").encode()


@pytest.fixture(params=sketches.good())
def drawn(request: pytest.FixtureRequest) -> Drawn:
    return Drawn(sketches.good()[request.param].bpmn())


def test_no_step_is_on_another(drawn: Drawn) -> None:
    pairs = (pair for pair in combinations(drawn.steps, 2) if not drawn.hang(*pair))

    assert [pair for pair in pairs if meet(drawn.steps[pair[0]], drawn.steps[pair[1]])] == []


def test_no_line_goes_through_a_step(drawn: Drawn) -> None:
    through = [
        (key, step)
        for key, line in drawn.lines.items()
        if key in drawn.graph.flows
        for (x, y), (to_x, to_y) in pairwise(line)
        for step, box in drawn.steps.items()
        if meet((min(x, to_x), min(y, to_y), max(x, to_x) + 0.1, max(y, to_y) + 0.1), shrunk(box))
    ]

    assert through == []


def shrunk(box: Box) -> Box:
    """Lines end at the edge of a step."""
    return box[0] + 1, box[1] + 1, box[2] - 1, box[3] - 1


def test_a_line_begins_and_ends_at_the_edge_of_its_steps(drawn: Drawn) -> None:
    # Those within a subprocess are looked at beside what hangs on steps.
    for key, flow in drawn.graph.flows.items():
        line = drawn.lines[key]
        for (x, y), step in ((line[0], flow.source), (line[-1], flow.target)):
            left, top, right, bottom = drawn.boxes[step]
            assert left <= x <= right
            assert top <= y <= bottom


def test_a_step_is_within_its_lane(drawn: Drawn) -> None:
    # What hangs on a step is where that is, whatever lane names it.
    standing = {step: lane for step, lane in drawn.lane_of.items() if not drawn.graph.nodes[step].host}
    for step, lane in standing.items():
        left, top, right, bottom = drawn.boxes[lane]
        box = drawn.boxes[step]
        assert left < box[0] < box[2] < right
        assert top < box[1] < box[3] < bottom


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_our_own_without_their_drawing_get_another_and_pass(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]

    drawn = layout.with_drawing(undrawn(text))

    assert gate.findings(Package(diagrams.read(drawn))) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_words_are_on_others_and_no_line_goes_through_the_name_of_a_gateway(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    drawn = layout.with_drawing(undrawn(text)).decode()
    words = {
        label.getparent().get("bpmnElement", ""): box_of(label)  # type: ignore[union-attr]
        for label in tree_of(drawn).iter(f"{BPMNDI}BPMNLabel")
    }
    gateways = [words[key] for key in words if key.startswith("is_")]

    assert [pair for pair in combinations(words, 2) if meet(words[pair[0]], words[pair[1]])] == []
    assert [key for key, line in Drawn(drawn).lines.items() for box in gateways if crosses(line, box)] == []


def crosses(line: list[tuple[float, float]], box: Box) -> bool:
    stretches = (
        (min(x, to_x), min(y, to_y), max(x, to_x) + 0.1, max(y, to_y) + 0.1) for (x, y), (to_x, to_y) in pairwise(line)
    )
    return any(meet(stretch, box) for stretch in stretches)


def test_what_is_drawn_is_left_as_it_is() -> None:
    content = FILES[0].read_bytes()

    assert layout.with_drawing(content) == content


def test_what_is_not_drawn_is_one_finding_and_not_one_for_each_element() -> None:
    found = gate.findings(Package(diagrams.read(undrawn(FILES[0].read_text(encoding="utf-8")))))

    assert [(finding.code, finding.element) for finding in found] == [("layout", "annulment")]


def test_a_file_that_does_not_know_the_words_of_a_drawing_can_be_read_once_it_has_one() -> None:
    text = undrawn(FILES[0].read_text(encoding="utf-8")).decode()
    for prefix in ("bpmndi", "dc", "di"):
        declared = text.index(f"xmlns:{prefix}=")
        text = text[:declared] + text[text.index("xmlns", declared + 1) :]

    assert gate.findings(Package(diagrams.read(layout.with_drawing(text.encode())))) == []


def test_comments_are_kept() -> None:
    content = undrawn(FILES[0].read_text(encoding="utf-8")).replace(b"<laneSet ", b"<!-- a note --><laneSet ")

    assert b"<!-- a note -->" in layout.with_drawing(content)


def test_what_is_no_diagram_is_refused() -> None:
    with pytest.raises(InvalidDiagram):
        layout.with_drawing(b"<html/>")


def test_a_faulty_process_is_drawn_too() -> None:
    faulty = sketches.good()["two_reviews"].changed(without=["begin__decide"], arrows=["nowhere decide"])

    drawn = Drawn(faulty.bpmn())

    assert drawn.steps.keys() == drawn.graph.nodes.keys()
    assert {node.tag for node in tree_of(faulty.bpmn()).iter(*FLOW_NODES)} <= FLOW_NODES
