"""A stored state says the same in fewer bytes, however long the case's way was."""

import json

import pytest

from app.process import compact, engine
from app.process.compact import grow, shrink
from app.process.diagrams import Diagram
from app.process.engine import Position, Program
from app.process.package import Package
from tests.process import states
from tests.process.drawing import asks, drawn, event, flow
from tests.process.states import silent

MOST_BYTES = 6_000
DIAGRAMS = {diagram.process_id: diagram for diagram in states.current_diagrams()}
IN_PARALLEL = drawn(
    event("start", "begin"),
    '<parallelGateway id="split" />',
    asks("one"),
    asks("other"),
    '<parallelGateway id="join" />',
    event("end", "done"),
    flow("f1", "begin", "split"),
    flow("f2", "split", "one"),
    flow("f3", "split", "other"),
    flow("f4", "one", "join"),
    flow("f5", "other", "join"),
    flow("f6", "join", "done"),
)


def size(position: Position) -> int:
    return len(json.dumps(position.state))


def corrected(times: int) -> list[Position]:
    """An issuance that is sent back that often before it is accepted, wait by wait."""
    diagram = DIAGRAMS["issuance"]
    passed = [engine.start(Package(diagram).program, calls=silent)]
    for step in range(2 * times + 2):
        decisions = {"accepted": step > 2 * times} if step % 2 else {}
        passed.append(answered(diagram, passed[-1], decisions))
    return passed


def answered(diagram: Diagram, position: Position, decisions: engine.Decisions) -> Position:
    (task,) = position.waiting
    return engine.complete(
        Package(diagram).program,
        json.loads(json.dumps(position.state)),
        engine_task_id=task.engine_task_id,
        decisions=decisions,
        calls=silent,
    )


@pytest.mark.parametrize("process_id", DIAGRAMS)
def test_no_wait_of_our_diagrams_comes_near_6_kb(process_id: str) -> None:
    assert max(size(wait.position) for wait in states.waits(DIAGRAMS[process_id])) < MOST_BYTES / 4


def test_a_case_sent_back_a_hundred_times_stays_under_6_kb_and_ends() -> None:
    passed = corrected(100)

    assert max(map(size, passed)) < MOST_BYTES
    assert passed[-1].outcome == "certificate_issued"


def test_no_two_waits_of_a_case_share_an_id() -> None:
    ids = [task.engine_task_id for position in corrected(60) for task in position.waiting]

    assert len(set(ids)) == len(ids)


def test_what_grows_back_is_what_was_stored() -> None:
    for position in corrected(40):
        assert shrink(grow(position.state)) == position.state


def test_the_first_format_is_read_as_it_is() -> None:
    (path,) = (states.FOLDER / "annulment/560977698672/3.2.0").glob("02-*.json")
    state = json.loads(path.read_text(encoding="utf-8"))["state"]

    assert grow(state) is state
    assert len(json.dumps(shrink(state))) * 5 < len(json.dumps(state))


@pytest.mark.parametrize("first", ["one", "other"])
def test_branches_that_wait_for_each_other_meet_again(first: str) -> None:
    begun = engine.start(Program("drawn", IN_PARALLEL), calls=silent)
    (task,) = (task for task in begun.waiting if task.key == first)
    half = engine.complete(
        Program("drawn", IN_PARALLEL),
        begun.state,
        engine_task_id=task.engine_task_id,
        decisions={"granted": True},
        calls=silent,
    )

    (last,) = half.waiting
    whole = engine.complete(
        Program("drawn", IN_PARALLEL),
        half.state,
        engine_task_id=last.engine_task_id,
        decisions={"granted": True},
        calls=silent,
    )

    assert (half.outcome, whole.outcome) == (None, "done")


@pytest.mark.parametrize("part", ["subprocesses", "correlations"])
def test_what_the_subset_does_not_have_is_not_lost_in_silence(part: str) -> None:
    position = corrected(0)[0]

    with pytest.raises(ValueError, match="not part of the subset"):
        shrink(grow(position.state) | {part: {"key": "value"}})


def test_the_forgetting_begins_where_it_is_said() -> None:
    tasks = [len(position.state["tasks"]) for position in corrected(60)]

    assert max(tasks) == compact.MOST_STEPS + 1
