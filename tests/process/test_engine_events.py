"""What a case waits for besides people: it happens when we say so, to one step, once."""

import pytest

from app.process import engine
from app.process.engine import Decisions, EngineError
from tests.process.drawing import TERMINATE, asks, beside, catches, chain, does, event, flow, message, timer
from tests.process.elements import BY_TABLE, IN_TIME, WAITS, fork, package
from tests.process.playing import begun
from tests.process.states import Calling

GONE = "ya no espera eso"


def test_the_message_that_starts_a_case_has_come() -> None:
    assert begun(WAITS).awaited == ["pause"]


def test_a_case_that_waits_for_no_person_is_not_stuck() -> None:
    case = begun(WAITS)

    assert (case.waiting, case.outcome) == ([], None)


def test_what_happens_lets_the_case_go_on_to_its_next_wait() -> None:
    case = begun(WAITS).happen("pause")

    assert (case.awaited, case.happen("told").outcome) == (["told"], "done")


def test_a_stored_case_says_what_it_waits_for_and_does_not_move() -> None:
    case = begun(IN_TIME)
    standing = engine.standing(IN_TIME.program, case.position.state)

    assert (standing.waiting, standing.awaited) == (case.position.waiting, case.position.awaited)


def test_the_same_thing_does_not_happen_twice() -> None:
    before = begun(WAITS)

    with pytest.raises(EngineError, match=GONE):
        before.happen("pause").happen("pause", at=before.position)


def test_what_was_no_longer_waited_for_does_not_happen() -> None:
    before = begun(IN_TIME)

    with pytest.raises(EngineError, match=GONE):
        before.answer("answer").happen("late", at=before.position)


def test_a_term_beside_a_step_takes_the_step_away() -> None:
    before = begun(IN_TIME)
    late = before.happen("late")

    assert (late.waiting, late.awaited, late.outcome) == ([], [], "expired")
    with pytest.raises(EngineError, match="no está pendiente"):
        late.answer("answer", at=before.position)


def test_one_that_does_not_interrupt_leaves_the_step_and_opens_its_branch_once() -> None:
    soon = begun(IN_TIME).happen("soon")

    assert (soon.waiting, soon.awaited) == (["answer", "hurry"], ["late"])


def test_a_person_is_not_an_event_nor_an_event_a_person() -> None:
    case = begun(IN_TIME)
    task, term = case.position.waiting[0].engine_task_id, case.position.awaited[0].engine_task_id

    with pytest.raises(EngineError, match=GONE):
        engine.happen(IN_TIME.program, case.position.state, engine_task_id=task, calls=case.calls)
    with pytest.raises(EngineError, match="no está pendiente"):
        engine.complete(IN_TIME.program, case.position.state, engine_task_id=term, decisions={}, calls=case.calls)


def test_the_case_is_open_until_the_branch_beside_is_over_and_ends_as_the_main_way_did() -> None:
    ended = begun(IN_TIME).happen("soon").answer("answer").happen("pause")

    assert (ended.waiting, ended.outcome) == (["hurry"], None)
    assert ended.answer("hurry").outcome == "done"


def test_a_branch_beside_stays_when_its_step_is_taken_away() -> None:
    late = begun(IN_TIME).happen("soon").happen("late")

    assert (late.waiting, late.answer("hurry").outcome) == (["hurry"], "expired")


def test_an_end_of_all_cuts_the_branch_beside() -> None:
    cutting = package(
        "cutting",
        event("start", "begin"),
        asks("answer"),
        beside("soon", "answer", timer(), interrupting=False),
        asks("hurry"),
        event("end", "side_end"),
        catches("over", TERMINATE, "end"),
        chain("begin", "answer", "over"),
        chain("soon", "hurry", "side_end"),
    )

    assert begun(cutting).happen("soon").answer("answer").outcome == "over"


def test_a_term_and_a_message_of_one_name_are_two_things() -> None:
    twins = package(
        "twins",
        event("start", "begin"),
        fork("both"),
        catches("term", timer()).replace('name="term"', 'name="same"'),
        catches("word", message("annulled")).replace('name="word"', 'name="same"'),
        fork("met"),
        event("end", "done"),
        chain("begin", "both", "term", "met", "done"),
        chain("both", "word", "met"),
    )
    case = begun(twins).happen("term")

    assert (case.awaited, case.happen("word").outcome) == (["word"], "done")


def test_a_step_that_was_cancelled_in_the_same_round_is_not_run() -> None:
    """The library would: it goes through the list of those that were ready when the round began."""
    done: list[str] = []
    stopping = package(
        "stopping",
        event("start", "begin"),
        fork("both"),
        catches("over", TERMINATE, "end"),
        does("work", "annulments/decide"),
        event("end", "done"),
        chain("begin", "both", "over"),
        chain("both", "work", "done"),
    )

    assert begun(stopping, Calling(done.append)).outcome == "over"
    assert done == []


@pytest.mark.parametrize(("granted", "outcome"), [(True, "high"), (False, "low")])
def test_what_a_table_says_of_the_answers_is_read_by_a_gateway(granted: bool, outcome: str) -> None:
    asked: list[tuple[str, Decisions]] = []

    def decide(table: str, data: Decisions) -> Decisions:
        asked.append((table, data))
        return {"high": data["granted"]}

    case = begun(BY_TABLE, Calling(lambda _: None, decide)).answer("answer", granted=granted)

    assert (case.outcome, asked) == (outcome, [("level", {"granted": granted})])


def test_no_word_of_a_term_is_ever_evaluated() -> None:
    strange = package(
        "strange",
        event("start", "begin"),
        catches("pause", timer("().__class__")),
        event("end", "done"),
        flow("f1", "begin", "pause"),
        flow("f2", "pause", "done"),
    )

    assert begun(strange).happen("pause").outcome == "done"
