"""A step put in or taken out without a mouse: sound, drawn where there is room, and the way goes on."""

from itertools import combinations
from pathlib import Path

import pytest

from app.domain.errors import Refusal
from app.process import arrows, diagrams, drawing, gate
from app.process.definitions import FOLDER
from app.process.drawing import Shape
from app.process.package import Package
from app.process.studio import steps, table_edit
from app.process.studio.steps import NewStep
from app.process.studio.table import REMOVABLE, table_of

EVERY = Path(__file__).parents[1] / "process" / "data" / "every_element.bpmn"
PROCESSES = {path.stem: diagrams.read(path.read_bytes()).xml for path in [*sorted(FOLDER.glob("*.bpmn")), EVERY]}
FLOWS = [
    (process, exit_.key) for process, xml in PROCESSES.items() for row in table_of(xml).rows for exit_ in row.exits
]
TASKS = [
    (process, row.key)
    for process, xml in PROCESSES.items()
    for row in table_of(xml).rows
    if row.kind in REMOVABLE
    and row.kind != "boundaryEvent"
    and len(row.exits) == 1
    and not table_of(xml).hanging(row.key)
]
DOES = {
    "userTask": "document_reference",
    "serviceTask": "documents/request",
    "businessRuleTask": "review_level",
    "callActivity": "second_review",
    "timer": "plazo_habil(5)",
    "message": "certificates/annulled",
}
ANNULMENT = PROCESSES["annulment"]


def new(flow: str, kind: str = "userTask", **other: str) -> NewStep:
    given = {"key": "new_step", "name": "Revisar otra vez", "office": "provider", "does": DOES.get(kind, "")} | other
    return NewStep(flow=flow, kind=kind, **given)


def some_lane(process: str) -> str:
    return next(iter(table_of(PROCESSES[process]).lanes))


def overlap(xml: str) -> set[frozenset[str]]:
    """Pairs of steps that are drawn on each other, and neither in the other nor on its border."""
    shapes = [shape for shape in drawing.draw(xml).shapes if shape.kind not in ("pool", "lane")]
    rows = {row.key: {row.host, row.within} for row in table_of(xml).rows}
    apart = (pair for pair in combinations(shapes, 2) if not {pair[0].key, pair[1].key} & belongs(rows, *pair))
    return {frozenset((a.key, b.key)) for a, b in apart if meet(a, b)}


def belongs(rows: dict[str, set[str]], *shapes: Shape) -> set[str]:
    """What they are in or on, and what that is in."""
    found = set().union(*(rows[shape.key] for shape in shapes))
    return found.union(*(rows[key] for key in found if key))


def meet(a: Shape, b: Shape) -> bool:
    apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
    return not apart


@pytest.mark.parametrize(("process", "flow"), FLOWS)
@pytest.mark.parametrize("kind", DOES)
def test_a_step_is_put_on_any_arrow_on_top_of_nothing(process: str, flow: str, kind: str) -> None:
    after = diagrams.read(steps.with_step(PROCESSES[process], new(flow, kind, office=some_lane(process))).encode())

    # The way itself is sound; what an operation needs of the case is another matter.
    assert [
        one for one in gate.findings(Package(after)) if one.code in ("layout", "dead_end", "unreachable", "id")
    ] == []
    assert "new_step" in {shape.key for shape in drawing.draw(after.xml).shapes}
    assert overlap(after.xml) == set()
    assert hanging(after.xml)
    assert loose(after.xml) == []


def loose(xml: str) -> list[str]:
    """Arrows that do not begin or end at the edge of their steps."""
    picture = drawing.draw(xml)
    shapes = {shape.key: shape for shape in picture.shapes}
    lines = {flow.key: [tuple(map(float, point.split(","))) for point in flow.points.split()] for flow in picture.flows}
    ends = [
        (arrow.key, end, shapes[step])
        for arrow in arrows.of(xml)
        for end, step in ((0, arrow.source), (-1, arrow.target))
    ]
    return [key for key, end, shape in ends if not touches(lines[key][end], shape)]


def touches(point: tuple[float, ...], shape: Shape) -> bool:
    return shape.x <= point[0] <= shape.x + shape.width and shape.y <= point[1] <= shape.y + shape.height


def hanging(xml: str) -> bool:
    """What hangs on a step is on its lower edge, and what is inside of one is within it."""
    shapes = {shape.key: shape for shape in drawing.draw(xml).shapes}
    for row in table_of(xml).rows:
        one, host, frame = (shapes.get(key) for key in (row.key, row.host, row.within))
        assert one is not None
        if host is not None:
            assert host.x <= one.centre[0] <= host.x + host.width
            assert one.centre[1] == host.y + host.height
        elif frame is not None:
            assert frame.x < one.x < one.x + one.width < frame.x + frame.width
    return True


@pytest.mark.parametrize(("process", "flow"), FLOWS)
def test_to_take_out_what_was_put_in_leaves_the_way_as_it_was(process: str, flow: str) -> None:
    before = PROCESSES[process]

    after = diagrams.read(
        steps.without_step(steps.with_step(before, new(flow, office=some_lane(process))), "new_step").encode()
    ).xml

    assert ways(after) == ways(before)


def ways(xml: str) -> set[tuple[str, str, str]]:
    return {(row.key, exit_.key, exit_.target) for row in table_of(xml).rows for exit_ in row.exits}


@pytest.mark.parametrize(("process", "key"), TASKS)
def test_a_task_that_is_taken_out_is_drawn_no_more(process: str, key: str) -> None:
    after = diagrams.read(steps.without_step(PROCESSES[process], key).encode())

    assert key not in {shape.key for shape in drawing.draw(after.xml).shapes}
    assert f'"{key}"' not in after.xml


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (new("decided", key="decide_annulment"), "ya está en el diagrama"),
        (new("decided", key="Revisar"), "minúsculas"),
        (new("decided", name=" "), "Falta el nombre"),
        (new("decided", office="nobody"), "no tiene carril"),
        (new("decided", kind="scriptTask"), "Elija qué se agrega"),
        (new("nowhere"), "ya no está en el diagrama"),
    ],
    ids=str,
)
def test_what_cannot_be_put_in_is_told(step: NewStep, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        steps.with_step(ANNULMENT, step)


@pytest.mark.parametrize("key", ["is_granted", "annulment_wanted", "nothing"])
def test_what_is_no_task_is_not_taken_out(key: str) -> None:
    with pytest.raises(Refusal, match="Solo se quita aquí una tarea o una espera"):
        steps.without_step(ANNULMENT, key)


@pytest.mark.parametrize(
    ("name", "key"),
    [("Revisar otra vez", "revisar_otra_vez"), ("¿Ñandú?", "nandu"), ("2.ª vez", "step_2_vez"), ("¡!", "step")],
)
def test_an_id_is_made_of_a_name(name: str, key: str) -> None:
    assert steps.id_for(ANNULMENT, name) == key


def test_a_step_given_to_another_office_is_drawn_in_its_lane() -> None:
    moved = diagrams.read(table_edit.written(ANNULMENT, {"office.decide_annulment": "provider"}).encode())

    shapes = {shape.key: shape for shape in drawing.draw(moved.xml).shapes}
    lane, step = shapes["provider"], shapes["decide_annulment"]
    assert lane.y < step.y < step.y + step.height < lane.y + lane.height
    assert gate.findings(Package(moved)) == []


@pytest.mark.parametrize("process", PROCESSES)
def test_a_table_saved_as_it_is_changes_nothing(process: str) -> None:
    assert diagrams.read(table_edit.written(PROCESSES[process], {}).encode()).xml == PROCESSES[process]
