"""Pictures for the studio: two versions in one, and a draft with what the gate found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.process.drawing import Drawing, draw, framed
from app.process.gate import Finding
from app.process.studio.difference import Content, Difference, Mark

WRONG = "wrong"


@dataclass(frozen=True)
class Picture:
    """A drawing and, by the id of an element, what is to be seen on it."""

    drawing: Drawing
    marks: Mapping[str, str]


def of_difference(before: Content, after: Content, difference: Difference) -> Picture:
    """The newer version, with what is gone where it was."""
    new, marks = draw(after.xml), difference.marks
    if not before.xml:
        return Picture(new, {key: mark.value for key, mark in marks.items()})
    old = draw(before.xml)
    gone = {key for key, mark in marks.items() if mark is Mark.REMOVED}
    # Below: what is there now is not to be hidden by what is gone.
    shapes = (*(shape for shape in old.shapes if shape.key in gone), *new.shapes)
    flows = (*(flow for flow in old.flows if flow.key in gone), *new.flows)
    told = " ".join(change.sentence for change in (*difference.changes, *difference.moved))
    return Picture(framed(shapes, flows, told or "Nada cambia."), {key: mark.value for key, mark in marks.items()})


def of_findings(xml: str, findings: Sequence[Finding]) -> Picture:
    return Picture(draw(xml), {finding.element: WRONG for finding in findings})
