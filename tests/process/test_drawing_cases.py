"""The picture of a case: where it waits by itself, and its way in a process that it called."""

from app.process import drawing, layout
from app.process.drawing import Drawing, Passage
from tests.process import elements
from tests.process.playing import begun


def at(picture: Drawing, passage: Passage) -> set[str]:
    return {shape.key for shape in picture.shapes if shape.passage is passage}


def drawn(xml: str) -> str:
    return layout.with_drawing(xml.encode()).decode()


def test_a_case_that_waits_for_a_term_is_seen_there() -> None:
    played = begun(elements.WAITS)
    key = played.awaited[0]
    xml = drawn(elements.WAITS.diagram.xml)

    assert key not in at(drawing.draw(xml, played.position.state), Passage.WAITING)
    assert key in at(drawing.draw(xml, played.position.state, awaited={key}), Passage.WAITING)


def test_the_way_in_a_called_process_is_drawn_on_its_own_diagram() -> None:
    played = begun(elements.CALLS)
    ((name, called),) = elements.CALLS.all_called.items()
    state = played.position.state

    caller = drawing.draw(drawn(elements.CALLS.diagram.xml), state)
    inside = drawing.draw(drawn(called.diagram.xml), state, called=name)

    assert "review" in at(caller, Passage.WAITING)
    assert {f"{name}/{key}" for key in at(inside, Passage.WAITING)} == set(played.waiting)
    assert at(inside, Passage.PASSED)
