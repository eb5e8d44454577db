"""Nothing of a diagram runs: not at the gate, not in our engine forced past it, not in any step the library knows."""

import builtins
from contextlib import suppress

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.camunda.parser.CamundaParser import CamundaParser
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.util.task import TaskState

from app.process import diagrams, engine, expressions, gate, terms
from app.process.engine import EngineError, Position, Program
from app.process.expressions import ExpressionError
from app.process.package import Package
from app.process.safe_xml import InvalidDiagram, tree_of
from app.process.spiff.script import Script
from tests.process.escapes import PYTHON, Place, places, sources, traces
from tests.process.states import silent

PARSERS = {"bpmn": BpmnParser, "spiff": SpiffBpmnParser, "camunda": CamundaParser}
PLACES = sorted(places())
RUNNING = [name for name in PLACES if places()[name].runs]
SOURCES = sorted(sources())
CONDITION, DEADLINE = places()["condition"], places()["deadline"]
# What the library's own code may say of values it did not expect.
CONFUSED = (
    SpiffWorkflowException,
    ExpressionError,
    EngineError,
    TypeError,
    AttributeError,
    ValueError,
    LookupError,
    NameError,
)
MOST_ROUNDS = 5


@pytest.fixture
def canary(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the Python of the corpus calls: sings if any of it ever runs."""
    sung: list[str] = []

    def sing() -> int:
        sung.append("sung")
        return 1

    monkeypatch.setattr(builtins, "constancia_canary", sing, raising=False)
    return sung


def codes(text: str) -> set[str]:
    """What the gate finds; a file that is not even taken is found before it."""
    try:
        return {
            finding.code for finding in gate.findings(Package(diagrams.read(text.encode("utf-8", "surrogatepass"))))
        }
    except InvalidDiagram as refused:
        return {refused.code}


def answered_in_ours(text: str) -> Position:
    """The diagram in our engine, past the gate, each question answered."""
    program = Program("drawn", text)
    position = engine.start(program, calls=silent)
    for _ in range(MOST_ROUNDS):
        for task in position.waiting[:1]:
            given = {"granted": True}
            position = engine.complete(
                program, position.state, engine_task_id=task.engine_task_id, decisions=given, calls=silent
            )
        for one in position.awaited[:1]:
            position = engine.happen(program, position.state, engine_task_id=one.engine_task_id, calls=silent)
    return position


def drive(place: Place, payload: str, script_engine: PythonScriptEngine) -> None:
    """The diagram with everything the library can read, driven as far as it goes."""
    parser = PARSERS[place.dialect]()
    if place.table:
        parser.add_dmn_xml(tree_of(place.decided(payload)))
    parser.add_bpmn_xml(tree_of(place.drawn(payload)))
    spec = parser.get_spec("drawn")
    workflow = BpmnWorkflow(spec, parser.get_subprocess_specs("drawn"), script_engine=script_engine)
    for _ in range(MOST_ROUNDS):
        workflow.do_engine_steps()
        for task in workflow.get_tasks(state=TaskState.READY, manual=True):
            task.data["granted"] = True
            task.run()


@pytest.mark.parametrize("name", PLACES)
def test_the_gate_finds_what_a_place_carries(name: str) -> None:
    assert places()[name].finding in codes(places()[name].drawn(PYTHON))


@pytest.mark.parametrize("name", PLACES)
def test_no_place_runs_anything_in_our_engine_past_the_gate(name: str, canary: list[str]) -> None:
    text = places()[name].drawn(PYTHON)

    with traces().watched() as seen, suppress(EngineError):
        assert answered_in_ours(text).outcome in {"done", "other"}

    assert (canary, seen) == ([], [])


@pytest.mark.parametrize("name", RUNNING)
def test_no_step_of_the_library_runs_anything_with_our_script_engine(name: str, canary: list[str]) -> None:
    with traces().watched() as seen, suppress(*CONFUSED):
        drive(places()[name], PYTHON, Script(silent))

    assert (canary, seen) == ([], [])


@pytest.mark.parametrize("name", RUNNING)
def test_the_librarys_own_script_engine_would_have_run_it(name: str, canary: list[str]) -> None:
    """Else the two tests before this one would say nothing."""
    with traces().watched() as seen, suppress(*CONFUSED):
        drive(places()[name], PYTHON, PythonScriptEngine())

    assert "sung" in canary
    assert seen


@pytest.mark.parametrize("name", SOURCES)
def test_an_escape_is_not_of_the_language(name: str) -> None:
    with pytest.raises(ExpressionError):
        expressions.evaluate(sources()[name], {"granted": True, "days": 3, "x": 1})


@pytest.mark.parametrize("place", ["condition", "deadline"])
@pytest.mark.parametrize("name", SOURCES)
def test_an_escape_is_found_before_it_is_deployed(name: str, place: str) -> None:
    assert codes(places()[place].drawn(sources()[name])) & {places()[place].finding, "invalid_diagram"}


@pytest.mark.parametrize("name", SOURCES)
def test_an_escape_in_a_condition_past_the_gate_ends_in_an_error(name: str, canary: list[str]) -> None:
    with traces().watched() as seen, pytest.raises((EngineError, InvalidDiagram, UnicodeError)):
        answered_in_ours(CONDITION.drawn(sources()[name]))

    assert (canary, seen) == ([], [])


@pytest.mark.parametrize("name", SOURCES)
def test_an_escape_in_a_deadline_past_the_gate_ends_in_an_error(name: str, canary: list[str]) -> None:
    with traces().watched() as seen, pytest.raises(ExpressionError):
        terms.term_of(sources()[name])

    assert (canary, seen) == ([], [])


def test_what_is_of_the_language_is_not_found() -> None:
    assert CONDITION.finding not in codes(CONDITION.drawn("granted == True"))
    assert DEADLINE.finding not in codes(DEADLINE.drawn("plazo_habil(10)"))


def test_there_are_at_least_sixty_escapes_in_at_least_forty_places() -> None:
    assert len(SOURCES) >= 60
    assert len(PLACES) >= 40
