"""The picture of a diagram: every element is in it as what it is, under what lies on it, and told in words too."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from app.process import diagrams, drawing
from app.process.drawing import NO_CASE, Drawing, Passage, Shape, Way

EVERY = Path(__file__).parent / "data" / "every_element.bpmn"
XML = diagrams.read(EVERY.read_bytes()).xml
FOREIGN = XML.replace("userTask", "manualTask")


def shapes(picture: Drawing) -> dict[str, Shape]:
    return {shape.key: shape for shape in picture.shapes}


@pytest.mark.parametrize(
    ("key", "kind", "glyph"),
    [
        ("annulled_elsewhere", "start", "message"),
        ("decide", "task", ""),
        ("decide_late", "boundary", "timer"),
        ("review", "subprocess", ""),
        ("look", "task", ""),
        ("complete", "gateway", "exclusive"),
        ("review_fails", "end", "error"),
        ("review_failed", "boundary", "error"),
        ("wait", "event", "timer"),
        ("wait_void", "event", "message"),
        ("level", "rule", "table"),
        ("second", "call", ""),
        ("finished", "end", "terminate"),
        ("reminded", "end", ""),
    ],
)
def test_an_element_is_drawn_as_what_it_is(key: str, kind: str, glyph: str) -> None:
    shape = shapes(drawing.draw(XML))[key]

    assert (shape.kind, shape.glyph) == (kind, glyph)


def test_only_what_interrupts_nothing_has_an_open_outline() -> None:
    assert [shape.key for shape in drawing.draw(XML).shapes if shape.is_open] == ["decide_soon"]


def test_what_holds_others_is_drawn_under_them_and_what_hangs_on_a_step_over_it() -> None:
    # A file may write its shapes in any order.
    backwards = tuple(reversed(drawing.draw(XML).shapes))

    drawn = [shape.key for shape in drawing.framed(backwards, (), "").shapes]

    assert drawn.index("review") < drawn.index("look")
    assert set(drawn[-4:]) == {"decide_late", "decide_soon", "review_failed", "second_failed"}


def test_what_is_outside_the_subset_is_a_plain_box_with_its_name() -> None:
    look = shapes(drawing.draw(FOREIGN))["look"]

    assert (look.kind, look.lines) == ("other", ("Mirar los", "documentos"))


def test_what_hangs_and_what_is_inside_is_told_in_words() -> None:
    text = drawing.draw(XML).text

    assert "En el borde de «Decidir», el aviso por plazo «Queda poco», que no lo interrumpe." in text
    assert (
        "En el borde de «Revisar los documentos», la salida por error «Faltan documentos», que lo interrumpe." in text
    )
    assert "Dentro de «Revisar los documentos»: «Mirar los documentos», «¿Están todos?», " in text


def picture(app: Flask, xml: str, way: Way = NO_CASE, marks: dict[str, str] | None = None) -> BeautifulSoup:
    macro = app.jinja_env.get_template("portal/diagram.svg.html").module.diagram  # type: ignore[attr-defined]
    return BeautifulSoup(macro(drawing.draw_way(xml, way, ""), "d", "x", marks or {}), "html.parser")


def outline(found: BeautifulSoup, key: str) -> Tag:
    (tag,) = found.select(f"#d-{key}")
    return tag


def test_a_boundary_that_interrupts_nothing_is_dashed_and_a_call_is_thick(app: Flask) -> None:
    found = picture(app, XML)

    assert "stroke-dasharray" in outline(found, "decide_soon").attrs
    assert "stroke-dasharray" not in outline(found, "decide_late").attrs
    assert float(str(outline(found, "second")["stroke-width"])) > float(str(outline(found, "decide")["stroke-width"]))
    assert "stroke-dasharray" in outline(picture(app, FOREIGN), "decide").attrs


def test_a_way_through_a_boundary_is_drawn_as_gone(app: Flask) -> None:
    way = Way(
        frozenset({"decide", "decide_soon"}),
        frozenset({"remind"}),
        frozenset({("decide", "decide_soon"), ("decide_soon", "remind")}),
    )
    drawn = drawing.draw_way(XML, way, "")

    assert {flow.key for flow in drawn.flows if flow.passage is Passage.PASSED} == {"soon"}
    assert outline(picture(app, XML, way), "decide_soon")["fill"] == outline(picture(app, XML, way), "decide")["fill"]
    assert outline(picture(app, XML, way), "decide_late")["fill"] == "#ffffff"


def test_every_mark_is_seen_on_every_kind_of_element(app: Flask) -> None:
    drawn = drawing.draw(XML)
    keys = [shape.key for shape in drawn.shapes if shape.kind not in ("pool", "lane")]

    found = picture(app, XML, marks=dict.fromkeys(keys, "added"))

    assert {outline(found, key)["stroke"] for key in keys} == {"#005a30"}


def test_a_diagram_says_in_which_width_all_of_it_is_seen_and_that_it_scrolls(app: Flask) -> None:
    macro = app.jinja_env.get_template("portal/diagram.svg.html").module.framed_diagram  # type: ignore[attr-defined]
    drawn = drawing.draw(XML)
    small = drawing.framed(drawn.shapes[-1:], (), "")

    wide, narrow = (BeautifulSoup(macro(one, "d", "x", "y"), "html.parser") for one in (drawn, small))

    assert drawn.width > 1440
    assert wide.select_one(".app-diagram-box")["class"] == ["app-diagram-box"]  # type: ignore[index]
    assert "app-diagram-box--fits-320" in narrow.select_one(".app-diagram-box")["class"]  # type: ignore[index]
    frame = wide.select_one("[role=region][tabindex='0']")
    assert frame is not None
    assert wide.select_one(f"#{frame['aria-describedby']}").text.startswith("El diagrama es más ancho")  # type: ignore[union-attr]
