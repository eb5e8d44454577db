"""A draft with findings is tried where the engine can play it: it stops with a sentence at worst."""

import pytest
from hypothesis import given, settings

from app.process import engine, gate, subset
from app.process.diagrams import read
from app.process.package import Package
from app.process.safe_xml import InvalidDiagram, tree_of
from app.process.studio import drawn
from app.process.trials.coverage import report
from app.process.trials.judging import expected_of
from app.process.trials.playable import PLAYABLE, preventing
from app.process.trials.replaying import replay
from app.process.trials.scenarios import Scenario
from app.process.trials.steps import Advance, Answer, Step
from app.process.trials.trial import Trial, Waiting
from tests.process import sketches
from tests.process.sketches import Faulty
from tests.process.test_gate_survives import mangled
from tests.process.test_trials import MONDAY

FAULTY = sketches.faulty()
DECIDED = {
    "granted": True,
    "urgency": "low",
    "days": 3,
    "is_foreign": False,
    "region": "13",
    "agrees": True,
    "grade": 2,
}
MOST = 6


def tried(package: Package, *, yes: bool = True) -> Trial | None:
    """Played some steps, judged and drawn; None where findings prevent it."""
    found = gate.findings(package)
    if preventing(package, found):
        return None
    steps: list[Step] = []
    trial = replay(package, steps, given=MONDAY)
    while trial.waiting and not trial.stopped and len(steps) < MOST:
        steps += [_answered(package, trial.waiting[0], yes), Advance(3)]
        trial = replay(package, steps, given=MONDAY)
    scenario = Scenario("tried", "Probado", MONDAY, tuple(steps), expected_of(trial))
    drawn.of_trial(package.diagram.xml, trial)
    drawn.of_coverage(package.diagram.xml, report(package, [scenario]).coverage)
    return trial


def _answered(package: Package, task: Waiting, yes: bool) -> Answer:
    form = package.forms[task.form]
    given = {name: DECIDED[name] for name in form.decisions if name in DECIDED}
    return Answer(task.key, {name: yes if value is True else value for name, value in given.items()})


def is_told(trial: Trial | None) -> bool:
    """Whatever comes of it; nothing crashes on the way."""
    return trial is None or bool(trial.outcome or trial.waiting or trial.awaiting or trial.stopped)


@pytest.mark.parametrize("faulty", FAULTY, ids=lambda faulty: faulty.name)
def test_a_faulty_one_is_prevented_or_played(faulty: Faulty) -> None:
    try:
        package = Package(faulty.sketch.read(), sketches.some_forms(), sketches.some_tables())
    except InvalidDiagram:
        return
    assert is_told(tried(package))


@given(content=mangled())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_mangled_one_is_prevented_or_played(content: bytes) -> None:
    try:
        package = Package(read(content))
    except InvalidDiagram:
        return
    assert is_told(tried(package))


@pytest.mark.parametrize(
    ("faulty", "sentence"),
    [
        ("undecided", "no existe aquí"),
        ("operation", "no existe"),
        ("endless_loop", "Más de 500 pasos"),
    ],
)
def test_a_trial_stops_where_the_finding_is_and_says_why(faulty: str, sentence: str) -> None:
    """For some answers at least: others may go by."""
    said = [
        trial.stopped
        for one in FAULTY
        for yes in (True, False)
        if {words.split()[0] for words in one.finds} == {faulty}
        and (trial := tried(Package(one.sketch.read(), sketches.some_forms(), sketches.some_tables()), yes=yes))
        is not None
    ]

    assert any(sentence in one for one in said), said


def test_what_is_outside_the_subset_is_never_played() -> None:
    outside = [one for one in FAULTY if any(words.startswith("outside_subset") for words in one.finds)]
    assert outside

    for one in outside:
        package = Package(one.sketch.read(), sketches.some_forms(), sketches.some_tables())
        assert {finding.code for finding in preventing(package, gate.findings(package))} >= {"outside_subset"}
        # What is outside by its place in the whole diagram is the gate's to know; by its name, the engine's too.
        if subset.outside(tree_of(package.diagram.xml)):
            with pytest.raises(engine.EngineError, match="fuera del subconjunto"):
                engine.check(package.program)


def test_a_code_that_nobody_thought_of_prevents() -> None:
    """The list names what may be tried, so that a new kind of trouble does not slip in."""
    assert PLAYABLE < gate.CODES
    assert PLAYABLE.isdisjoint({"outside_subset", "attribute", "form", "office", "condition", "deadlock", "doubled"})
