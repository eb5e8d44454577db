"""A stored state says the same in fewer bytes, however long the case's way was."""

import json

import pytest

from app.process import compact, engine
from app.process.compact import grow, shrink
from app.process.engine import Position, Program
from app.process.package import Package
from tests.process import elements, states
from tests.process.drawing import asks, beside, chain, choice, drawn, event, flow, timer, within
from tests.process.elements import package
from tests.process.playing import begun, is_same_again
from tests.process.states import silent

MOST_BYTES = 6_000
PACKAGES = {package.diagram.process_id: package for package in states.current()}
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
    package = PACKAGES["issuance"]
    passed = [engine.start(package.program, calls=silent)]
    for step in range(2 * times + 2):
        decisions = {"accepted": step > 2 * times} if step % 2 else {}
        passed.append(answered(package, passed[-1], decisions))
    return passed


def answered(package: Package, position: Position, decisions: engine.Decisions) -> Position:
    (task,) = position.waiting
    return engine.complete(
        package.program,
        json.loads(json.dumps(position.state)),
        engine_task_id=task.engine_task_id,
        decisions=decisions,
        calls=silent,
    )


@pytest.mark.parametrize("process_id", sorted(PACKAGES.keys() - elements.PACKAGES.keys()))
def test_no_wait_of_our_diagrams_comes_near_6_kb(process_id: str) -> None:
    assert max(size(wait.position) for wait in states.waits(PACKAGES[process_id])) < MOST_BYTES / 4


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


def test_what_the_subset_does_not_have_is_not_lost_in_silence() -> None:
    position = corrected(0)[0]

    with pytest.raises(ValueError, match="not part of the subset"):
        shrink(grow(position.state) | {"correlations": {"key": "value"}})


def test_the_forgetting_begins_where_it_is_said() -> None:
    tasks = [len(position.state["tasks"]) for position in corrected(60)]

    assert max(tasks) == compact.MOST_STEPS + 1


@pytest.mark.parametrize("process_id", PACKAGES)
def test_every_wait_grows_back_as_it_was_stored(process_id: str) -> None:
    assert [wait for wait in states.waits(PACKAGES[process_id]) if not is_same_again(wait.position)] == []


def test_the_second_format_is_read_and_stored_in_todays() -> None:
    (path,) = (states.FOLDER / "annulment/560977698672/3.2.0-2").glob("02-*.json")
    state = json.loads(path.read_text(encoding="utf-8"))["state"]

    assert state["format"] == 2
    assert shrink(grow(state)) == state | {"format": compact.FORMAT}


def reminded(*elements: str) -> Package:
    """A person is asked over and over, with a term and a reminder beside each time."""
    return package(
        "reminded",
        event("start", "begin"),
        choice("again"),
        *elements,
        choice("more", default="f_more"),
        event("end", "done"),
        event("end", "expired"),
        event("end", "side_end"),
        chain("begin", "again", "step", "more"),
        chain("late", "expired"),
        chain("soon", "side_end"),
        flow("f_more", "more", "again"),
        flow("f_done", "more", "done", "granted == True"),
    )


TERMS = beside("late", "step", timer()), beside("soon", "step", timer(), interrupting=False)
ROUNDS = {
    "a task": reminded(asks("step").replace('name="step"', 'name="ask"'), *TERMS),
    "a subprocess": reminded(
        within("step", event("start", "in"), asks("ask"), event("end", "out"), chain("in", "ask", "out")), *TERMS
    ),
}


@pytest.mark.parametrize("rounds", ROUNDS.values(), ids=ROUNDS)
def test_a_hundred_rounds_with_terms_beside_stay_small_and_end(rounds: Package) -> None:
    case = begun(rounds)
    (key,) = case.waiting
    for _ in range(100):
        case = case.answer(key, granted=False)
        assert (case.awaited, is_same_again(case.position)) == (["late", "soon"], True)

    assert len(case.position.state["tasks"]) <= compact.MOST_STEPS + 1
    assert case.happen("soon").answer(key, granted=True).outcome == "done"


def test_a_hundred_rounds_within_a_subprocess_stay_under_6_kb() -> None:
    inside = within(
        "inside",
        event("start", "in"),
        choice("again"),
        asks("ask"),
        choice("more", default="f_more"),
        event("end", "out"),
        chain("in", "again", "ask", "more"),
        flow("f_more", "more", "again"),
        flow("f_out", "more", "out", "granted == True"),
    )
    case = begun(
        package("deep", event("start", "begin"), inside, event("end", "done"), chain("begin", "inside", "done"))
    )
    for _ in range(100):
        case = case.answer("ask", granted=False)

    assert size(case.position) < MOST_BYTES
    assert case.answer("ask", granted=True).outcome == "done"
