"""What we rely on of the engine, measured again at every run so that an upgrade tells what it changed."""

import json
from importlib.metadata import version

import pytest

from app.domain.errors import Refusal
from app.process import engine
from app.process.engine import Calls, Decisions, EngineError, OtherEngine, Position, Program
from tests.process.drawing import asks, choice, does, drawn, event, flow
from tests.process.states import Calling, silent

ONE_QUESTION = drawn(
    event("start", "begin"),
    asks("decide"),
    does("record", "annulments/decide"),
    choice("is_granted"),
    event("end", "granted_end"),
    event("end", "denied_end"),
    flow("f1", "begin", "decide"),
    flow("f2", "decide", "record"),
    flow("f3", "record", "is_granted"),
    flow("f4", "is_granted", "granted_end", "granted == True"),
    flow("f5", "is_granted", "denied_end", "granted == False"),
)


def begin(xml: str = ONE_QUESTION) -> Position:
    return engine.start(Program("drawn", xml), calls=silent)


def answer(position: Position, decisions: Decisions, calls: Calls = silent) -> Position:
    (task,) = position.waiting
    return engine.complete(
        Program("drawn", ONE_QUESTION),
        position.state,
        engine_task_id=task.engine_task_id,
        decisions=decisions,
        calls=calls,
    )


def test_the_pinned_version_is_the_one_installed() -> None:
    assert version("SpiffWorkflow") == engine.LIBRARY
    assert engine.VERSION.startswith(engine.LIBRARY)


def test_a_case_waits_for_its_user_task_by_the_name_of_the_diagram() -> None:
    position = begin()

    assert [task.key for task in position.waiting] == ["decide"]
    assert position.outcome is None


@pytest.mark.parametrize(("granted", "outcome"), [(True, "granted_end"), (False, "denied_end")])
def test_the_decision_chooses_the_end(granted: bool, outcome: str) -> None:
    assert answer(begin(), {"granted": granted}).outcome == outcome


def test_a_completed_task_is_not_completed_twice() -> None:
    before = begin()
    after = answer(before, {"granted": True})

    with pytest.raises(EngineError, match="no está pendiente"):
        engine.complete(
            Program("drawn", ONE_QUESTION),
            after.state,
            engine_task_id=before.waiting[0].engine_task_id,
            decisions={"granted": False},
            calls=silent,
        )


def test_a_gateway_without_a_way_out_is_an_error_and_not_silence() -> None:
    with pytest.raises(EngineError, match="is_granted"):
        answer(begin(), {"granted": "maybe"})


def test_the_name_of_the_operation_reaches_us_once() -> None:
    called: list[str] = []

    answer(begin(), {"granted": True}, calls=Calling(called.append))

    assert called == ["annulments/decide"]


def test_what_an_operation_decides_can_be_read_by_a_gateway() -> None:
    assert answer(begin(), {"granted": True}, calls=Calling(lambda _: {"granted": False})).outcome == "denied_end"


def test_a_refusal_inside_an_operation_comes_out_as_it_was() -> None:
    def refuse(_: str) -> None:
        raise Refusal("Faltan 3 sesiones por cerrar.")

    with pytest.raises(Refusal, match="Faltan 3 sesiones"):
        answer(begin(), {"granted": True}, calls=Calling(refuse))


def test_the_stored_state_is_json_without_the_diagram() -> None:
    state = json.loads(json.dumps(begin().state))

    assert "spec" not in state
    assert "subprocess_specs" not in state
    assert "annulments/decide" not in json.dumps(state)


def test_a_stored_state_goes_on_where_it_was() -> None:
    before = begin()
    stored = Position(json.loads(json.dumps(before.state)), before.waiting, None)

    assert answer(stored, {"granted": True}).outcome == "granted_end"


def test_a_loop_without_people_ends_with_an_error() -> None:
    endless = drawn(
        event("start", "begin"),
        does("again", "documents/request"),
        choice("more", default="f4"),
        event("end", "done"),
        flow("f1", "begin", "again"),
        flow("f2", "again", "more"),
        flow("f3", "more", "done", "1 == 2"),
        flow("f4", "more", "again"),
    )

    with pytest.raises(EngineError, match=f"Más de {engine.MAX_STEPS} pasos"):
        begin(endless)


def test_a_script_in_a_diagram_is_not_even_read() -> None:
    scripted = drawn(
        event("start", "begin"),
        '<scriptTask id="code" name="code"><script>granted = True</script></scriptTask>',
        asks("decide"),
        flow("f1", "begin", "code"),
        flow("f2", "code", "decide"),
    )

    with pytest.raises(EngineError, match="no ejecuta «scriptTask»"):
        begin(scripted)


def test_python_in_a_condition_never_runs() -> None:
    escaping = ONE_QUESTION.replace("granted == True", "().__class__.__base__.__subclasses__()")
    position = begin(escaping)

    with pytest.raises(EngineError, match="«is_granted» no puede seguir"):
        engine.complete(
            Program("drawn", escaping),
            position.state,
            engine_task_id=position.waiting[0].engine_task_id,
            decisions={"granted": True},
            calls=silent,
        )


def test_a_state_of_an_engine_we_do_not_read_is_refused_with_what_to_do() -> None:
    engine.require_readable(engine.VERSION)

    with pytest.raises(OtherEngine, match=r"versión 3\.1\.2 del motor.*Migre"):
        engine.require_readable("3.1.2")
