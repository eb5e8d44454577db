"""A term hung on a step without a mouse, a lane for another office, and events typed over in the table."""

from pathlib import Path

import pytest

from app.domain.errors import Refusal
from app.domain.offices import Office
from app.process import diagrams, drawing, gate
from app.process.diagrams import Diagram
from app.process.package import Package
from app.process.studio import borders, lanes, table_edit
from app.process.studio.borders import NewBorder
from app.process.studio.table import HOSTS, table_of
from app.process.studio.table_edit import Mistyped
from tests.studio.test_steps import EVERY, PROCESSES, hanging, loose, overlap

ANNULMENT = PROCESSES["annulment"]
XML = PROCESSES["every_element"]
HOSTED = [(process, row.key) for process, xml in PROCESSES.items() for row in table_of(xml).rows if row.kind in HOSTS]
DECIDE = "decide_annulment"


def late(host: str = DECIDE, **other: object) -> NewBorder:
    given: dict[str, object] = {"key": "very_late", "name": "Pasaron 15 días", "term": "plazo_habil(15)"}
    return NewBorder(host, **({"is_interrupting": True} | given | other))  # type: ignore[arg-type]


def read(xml: str) -> Diagram:
    return diagrams.read(xml.encode())


@pytest.mark.parametrize(("process", "host"), HOSTED)
@pytest.mark.parametrize("is_interrupting", [True, False])
def test_a_term_is_hung_on_any_step_with_an_end_below_it(process: str, host: str, is_interrupting: bool) -> None:
    after = read(borders.with_border(PROCESSES[process], late(host, is_interrupting=is_interrupting)))

    event = after.events["very_late"]
    assert (event.host, event.term, event.is_interrupting) == (host, "plazo_habil(15)", is_interrupting)
    assert overlap(after.xml) == set()
    assert hanging(after.xml)
    assert loose(after.xml) == []
    shapes = {shape.key: shape for shape in drawing.draw(after.xml).shapes}
    assert shapes["very_late_end"].y > shapes["very_late"].y + shapes["very_late"].height


@pytest.mark.parametrize(("process", "host"), HOSTED)
def test_to_take_it_off_again_leaves_the_way_as_it_was(process: str, host: str) -> None:
    before = PROCESSES[process]

    after = borders.without_border(borders.with_border(before, late(host)), "very_late")

    assert {row.key for row in table_of(after).rows} == {row.key for row in table_of(before).rows}
    assert "very_late" not in after


@pytest.mark.parametrize("is_interrupting", [True, False])
def test_the_gate_finds_nothing_in_it(is_interrupting: bool) -> None:
    after = read(borders.with_border(ANNULMENT, late(is_interrupting=is_interrupting)))

    assert gate.findings(Package(after)) == []


def test_one_that_interrupts_may_lead_to_a_step_that_there_is() -> None:
    after = borders.with_border(ANNULMENT, late(onward="record_decision"))

    (row,) = (row for row in table_of(after).rows if row.key == "very_late")
    assert [exit_.target for exit_ in row.exits] == ["Registrar la resolución"]
    assert "very_late_end" not in after


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (late("record_decision"), "no admite un aviso"),
        (late("nothing"), "no admite un aviso"),
        (late(name=" "), "Falta el nombre"),
        (late(key="Late"), "minúsculas"),
        (late(key=DECIDE), "ya está en el diagrama"),
        (late(onward="nothing"), "ya no está, o está dentro de otro"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.host,
)
def test_what_cannot_be_hung_is_told(new: NewBorder, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        borders.with_border(ANNULMENT, new)


def test_what_leads_to_steps_of_its_own_is_not_taken_off_before_them() -> None:
    with pytest.raises(Refusal, match="Quite primero esos pasos"):
        borders.without_border(XML, "decide_soon")


@pytest.mark.parametrize("process", PROCESSES)
def test_an_office_gets_a_lane_below_the_others(process: str) -> None:
    before = table_of(PROCESSES[process]).lanes
    office = lanes.missing(before)[0]

    after = read(lanes.with_lane(PROCESSES[process], office.value)).xml

    shapes = {shape.key: shape for shape in drawing.draw(after).shapes}
    new, others = shapes[office.value], [shapes[key] for key in before]
    assert new.y == max(one.y + one.height for one in others)
    assert (new.x, new.width, new.name) == (others[0].x, others[0].width, office.label)
    (pool,) = (shape for shape in shapes.values() if shape.kind == "pool")
    assert pool.y + pool.height == new.y + new.height


def test_a_step_can_be_given_to_an_office_that_got_a_lane() -> None:
    with_lane = lanes.with_lane(ANNULMENT, Office.NATIONAL_LEVEL.value)

    after = read(table_edit.written(with_lane, {f"office.{DECIDE}": "national_level"}))

    assert after.user_tasks[DECIDE].office == "national_level"
    assert gate.findings(Package(after)) == []


@pytest.mark.parametrize("office", ["regional_direction", "nobody"])
def test_no_lane_is_made_twice_or_for_nobody(office: str) -> None:
    with pytest.raises(Refusal, match="ya tiene carril o no existe"):
        lanes.with_lane(ANNULMENT, office)


@pytest.mark.parametrize(
    ("typed", "key", "fact", "value"),
    [
        ({"term.wait": "8", "unit.wait": "plazo_corrido"}, "wait", "term", "plazo_corrido(8)"),
        ({"term.decide_soon": "9"}, "decide_soon", "term", "plazo_habil(9)"),
        ({"interrupts.decide_soon": "yes"}, "decide_soon", "is_interrupting", True),
        ({"interrupts.decide_late": "no"}, "decide_late", "is_interrupting", False),
        ({"message.wait_void": "certificates/issued"}, "wait_void", "message", "certificates/issued"),
        ({"message.wait_void": "certificates/annulled"}, "wait_void", "message", "certificates/annulled"),
        ({"error.review_failed": "papers_late"}, "review_failed", "error", "papers_late"),
    ],
    ids=str,
)
def test_what_is_typed_of_an_event_is_written(typed: dict[str, str], key: str, fact: str, value: object) -> None:
    after = read(table_edit.written(XML, typed))

    assert getattr(after.events[key], fact) == value


def test_tables_processes_and_the_office_within_a_subprocess_are_written() -> None:
    typed = {"does.level": "other_level", "does.second": "third_review", "office.look": "provider"}

    after = read(table_edit.written(XML, typed))

    assert (after.decisions["level"], after.calls["second"]) == ("other_level", "third_review")
    assert after.user_tasks["look"].office == "provider"
    # Without one of its own it is the subprocess's.
    assert read(table_edit.written(XML, {"office.look": ""})).user_tasks["look"].office == "regional_direction"


@pytest.mark.parametrize(
    "typed", [{"term.wait": ""}, {"term.wait": "pronto"}, {"error.review_failed": "Papeles"}], ids=str
)
def test_what_no_event_could_say_leads_to_its_box(typed: dict[str, str]) -> None:
    with pytest.raises(Mistyped) as refused:
        table_edit.written(XML, typed)

    assert refused.value.field in typed


def test_the_table_tells_what_hangs_on_a_step_and_what_is_inside() -> None:
    table = table_of(diagrams.read(Path(EVERY).read_bytes()).xml)

    assert [row.key for row in table.hanging("decide")] == ["decide_late", "decide_soon"]
    assert [row.key for row in table.inside("review")] == [
        "review_begins",
        "look",
        "complete",
        "review_ends",
        "review_fails",
    ]
    assert {row.key for row in table.inside("")}.isdisjoint({"look", "decide_late"})
