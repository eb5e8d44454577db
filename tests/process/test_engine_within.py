"""Processes within a process: what goes in and comes out, which error leaves what, and whose step is whose."""

from dataclasses import replace

import pytest

from app.process import engine
from app.process.engine import Decisions, EngineError
from app.process.package import Package
from app.process.trail import passed, taken
from tests.process.drawing import asks, beside, calls, catches, chain, choice, does, error, event, flow, within
from tests.process.elements import CALLS, CUT, REVIEW, WITHIN, by_answer, decides, fork, package
from tests.process.playing import begun
from tests.process.states import Calling, deciding, silent


def test_what_was_answered_in_a_called_process_comes_back() -> None:
    assert begun(CALLS).answer("review/decide", granted=True).happen("review/pause").outcome == "done"


def test_what_was_answered_comes_back_with_an_error_too() -> None:
    leaving = package(
        "leaving",
        event("start", "begin"),
        calls("review", "review"),
        beside("lost", "review", error("lost_error")),
        by_answer("is_fine", "done", "failed"),
        event("end", "done"),
        event("end", "failed"),
        chain("begin", "review", "done"),
        chain("lost", "is_fine"),
        called=(REVIEW,),
    )

    assert begun(leaving).answer("review/decide", granted=False).outcome == "failed"


def test_what_was_answered_before_is_known_within() -> None:
    knowing = package(
        "knowing",
        event("start", "begin"),
        asks("decide"),
        within("inside", event("start", "in_begin"), by_answer("is_fine", "good", "bad"), event("end", "good"),
               catches("bad", error("lost_error"), "end"), chain("in_begin", "is_fine")),
        beside("lost", "inside", error("lost_error")),
        event("end", "done"),
        event("end", "failed"),
        chain("begin", "decide", "inside", "done"),
        chain("lost", "failed"),
    )  # fmt: skip

    assert [begun(knowing).answer("decide", granted=granted).outcome for granted in (True, False)] == ["done", "failed"]


def test_tasks_and_terms_of_a_called_process_are_told_apart_from_those_of_the_same_name() -> None:
    denied = begun(CALLS).answer("review/decide", granted=False)

    assert (begun(CALLS).waiting, denied.waiting) == (["review/decide"], ["decide"])
    assert {"decide", "review/decide"} <= CALLS.user_tasks.keys()
    assert CALLS.user_tasks["review/decide"].form == "review/annulment_decision"


def test_each_table_is_asked_as_the_one_of_its_process() -> None:
    asked: list[str] = []

    def decide(table: str, _: Decisions) -> Decisions:
        asked.append(table)
        return {"high": True}

    begun(CALLS, Calling(lambda _: None, decide)).answer("review/decide", granted=True).happen("review/pause")

    assert asked == ["review/level"]


def test_the_way_is_that_of_one_diagram_at_a_time() -> None:
    case = begun(CALLS, deciding).answer("review/decide", granted=True).happen("review/pause")
    state = case.position.state

    assert [step.key for step in taken(state)] == ["begin", "review", "is_fine", "done"]
    assert [step.key for step in taken(state, "review")] == ["begin", "decide", "is_fine", "pause", "weigh", "good"]
    assert ("decide", "is_fine") in passed(state, "review") - passed(state)


def test_the_way_within_a_subprocess_is_of_its_diagram_and_no_hidden_step_is() -> None:
    state = begun(WITHIN).answer("decide", granted=False).position.state

    assert [step.key for step in taken(state)] == [
        "begin", "outer_begin", "inner_begin", "decide", "is_fine", "bad", "lost", "failed",
    ]  # fmt: skip
    assert passed(state) == {
        ("begin", "outer"), ("outer_begin", "inner"), ("inner_begin", "decide"), ("decide", "is_fine"), ("is_fine", "bad"),
        ("outer", "lost"), ("lost", "failed"),
    }  # fmt: skip


def test_an_error_leaves_by_the_boundary_of_its_code() -> None:
    assert begun(WITHIN).answer("decide", granted=False).outcome == "failed"


def test_an_error_that_nobody_catches_stops_the_step() -> None:
    alone = replace(REVIEW, diagram=REVIEW.diagram)

    with pytest.raises(EngineError, match="«lost» de «bad» no lo espera nadie"):
        begun(alone).answer("decide", granted=False)


def side_by_side() -> Package:
    one, other = (
        (
            calls(key, "review"),
            beside(f"lost_{key}", key, error("lost_error")),
            asks(f"again_{key}"),
            choice(f"met_{key}"),
            chain("both", key, f"met_{key}", "met"),
            chain(f"lost_{key}", f"again_{key}", f"met_{key}"),
        )
        for key in ("one", "other")
    )
    ends = event("start", "begin"), fork("both"), fork("met"), event("end", "done")
    return package("side_by_side", *ends, *one, *other, chain("begin", "both"), chain("met", "done"), called=(REVIEW,))


@pytest.mark.parametrize(("nth", "again"), enumerate(["again_one", "again_other"]))
def test_an_error_leaves_its_own_step_and_none_that_waits_for_the_same(nth: int, again: str) -> None:
    """The library would let every boundary of that code catch it."""
    case = begun(side_by_side()).answer("review/decide", nth=nth, granted=False)

    assert case.waiting == sorted([again, "review/decide"])
    assert case.answer("review/decide", granted=True).happen("review/pause").answer(again).outcome == "done"


def test_an_error_leaves_at_once() -> None:
    done: list[str] = []
    leaving = package(
        "leaving_at_once",
        event("start", "begin"),
        within("inside", event("start", "in_begin"), fork("fork"), catches("bad", error("lost_error"), "end"),
               does("work", "annulments/decide"), event("end", "worked"), chain("in_begin", "fork", "bad"),
               chain("fork", "work", "worked")),
        beside("lost", "inside", error("lost_error")),
        event("end", "done"),
        event("end", "failed"),
        chain("begin", "inside", "done"),
        chain("lost", "failed"),
    )  # fmt: skip

    assert (begun(leaving, Calling(done.append)).outcome, done) == ("failed", [])


def test_an_end_of_all_within_ends_what_it_is_in_and_no_more() -> None:
    case = begun(CUT).answer("one")

    assert (case.waiting, case.answer("after").outcome) == (["after"], "done")


def test_a_term_beside_a_subprocess_takes_away_all_within() -> None:
    late = begun(WITHIN).happen("soon").happen("late")

    assert (late.waiting, late.awaited, late.outcome) == ([], [], "expired")


def test_a_branch_beside_within_keeps_its_subprocess_open() -> None:
    case = begun(WITHIN).happen("soon").answer("decide", granted=True).happen("pause")

    assert (case.waiting, case.outcome) == (["hurry"], None)
    assert case.answer("hurry").outcome == "done"


def test_subprocesses_of_one_name_in_two_diagrams_are_two() -> None:
    inner = within(
        "part",
        event("start", "p_begin"),
        asks("inner_ask"),
        event("end", "p_end"),
        chain("p_begin", "inner_ask", "p_end"),
    )
    called = package("called", event("start", "begin"), inner, event("end", "done"), chain("begin", "part", "done"))
    own = within(
        "part",
        event("start", "o_begin"),
        calls("call", "called"),
        event("end", "o_end"),
        chain("o_begin", "call", "o_end"),
    )
    twice = package(
        "twice", event("start", "begin"), own, event("end", "over"), chain("begin", "part", "over"), called=(called,)
    )
    case = begun(twice)

    assert (case.waiting, case.answer("called/inner_ask").outcome) == (["called/inner_ask"], "over")


def test_a_called_process_that_the_version_does_not_carry_is_missed_before_it_runs() -> None:
    with pytest.raises(EngineError, match="«review», que el diagrama llama, no está"):
        engine.check(replace(CALLS, called={}).program)


def test_a_loop_without_people_ends_with_an_error_within_too() -> None:
    endless = package(
        "endless",
        event("start", "begin"),
        choice("again"),
        within("inside", event("start", "in_begin"), decides("weigh", "level"), event("end", "in_end"),
               chain("in_begin", "weigh", "in_end")),
        event("end", "never"),
        choice("more", default="f_more"),
        chain("begin", "again", "inside", "more"),
        flow("f_more", "more", "again"),
        flow("f_end", "more", "never", "1 == 2"),
    )  # fmt: skip

    with pytest.raises(EngineError, match=f"Más de {engine.MAX_STEPS} pasos"):
        begun(endless, silent)
