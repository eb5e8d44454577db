"""Pictures for the studio: two versions in one, a draft with what the gate found, a trial, and what scenarios go through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.process import arrows
from app.process.drawing import Drawing, Way, draw, draw_way, framed
from app.process.gate import Finding
from app.process.studio.difference import Content, Difference, Mark
from app.process.trials.coverage import Coverage
from app.process.trials.trial import Trial

WRONG, UNTRIED = "wrong", "untried"


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


def of_trial(xml: str, trial: Trial) -> Drawing:
    """Where a trial stands and the way it took."""
    way = Way(trial.steps, trial.stands, _ends(xml, trial.flows))
    waits, awaits = (", ".join(f"«{one.name}»" for one in these) for these in (trial.waiting, trial.awaiting))
    told = [f"El ensayo recorrió {len(trial.flows)} flechas."]
    told += [f"Queda pendiente {waits}."] if waits else []
    told += [f"Sigue en curso {awaits}."] if awaits else []
    return draw_way(xml, way, " ".join(told if waits or awaits else [*told, "El ensayo terminó."]))


def of_coverage(xml: str, coverage: Coverage) -> Picture:
    """The arrows that scenarios go through, and a sign on each of the others."""
    ends = _ends(xml, coverage.covered)
    way = Way(frozenset(key for pair in ends for key in pair), frozenset(), ends)
    missing = "; ".join(arrow.said for arrow in coverage.missing)
    told = [f"Los escenarios recorren {len(coverage.covered)} de {len(coverage.arrows)} flechas."]
    told += [f"Sin recorrer: {missing}."] if missing else []
    told += [f"No usan {table.said}." for table in coverage.unused]
    picture = draw_way(xml, way, " ".join(told))
    return Picture(picture, {arrow.key: UNTRIED for arrow in coverage.missing})


def _ends(xml: str, flows: frozenset[str]) -> frozenset[tuple[str, str]]:
    return frozenset((arrow.source, arrow.target) for arrow in arrows.of(xml) if arrow.key in flows)
