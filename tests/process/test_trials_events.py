"""What a trial awaits besides people: terms that happen in their order, facts that come; errors, tables, what is called."""

from dataclasses import replace
from datetime import date

import pytest

from app.process import dmn
from app.process.dmn import Column, Sheet
from app.process.package import Package
from app.process.studio.drawn import of_coverage as drawn_coverage
from app.process.trials import playing
from app.process.trials.coverage import report
from app.process.trials.judging import expected_of
from app.process.trials.replaying import replay
from app.process.trials.scenarios import Scenario
from app.process.trials.steps import Advance, Answer, Arrive, Step
from app.process.trials.trial import Kind, Trial
from tests.process.drawing import asks, beside, chain, event, timer
from tests.process.elements import BY_TABLE, CALLS, IN_TIME, REVIEW, WAITS, WITHIN
from tests.process.elements import package as drawn
from tests.process.tables import row
from tests.process.test_trials import MONDAY

YES, NO = {"granted": True}, {"granted": False}
ANNULLED = Arrive("certificates/annulled")


def staffed(package: Package) -> Package:
    """Every task is the regional direction's, in the called processes too."""
    diagram = package.diagram
    tasks = {key: replace(task, office="regional_direction") for key, task in diagram.user_tasks.items()}
    called = {name: staffed(one) for name, one in package.called.items()}
    return replace(package, diagram=replace(diagram, user_tasks=tasks), called=called)


def level() -> Sheet:
    rows = (row("true", "true"), row("false", "false"))
    return Sheet(
        "level",
        "Qué tan alto",
        "UNIQUE",
        "",
        (Column("granted", "¿Se aprueba?", "boolean"),),
        (Column("high", "Es alto", "boolean"),),
        rows,
    )


def tried(package: Package, *steps: Step) -> Trial:
    tables = {"level": dmn.table_of(level())}
    called = {name: replace(one, decision_tables=tables) for name, one in package.called.items()}
    return replay(staffed(replace(package, decision_tables=tables, called=called)), steps, given=MONDAY)


def happened(trial: Trial, *kinds: Kind) -> list[tuple[str, str]]:
    wanted = kinds or (Kind.TIMER, Kind.MESSAGE, Kind.OPENED, Kind.CLOSED, Kind.ENDED, Kind.TOLD, Kind.ERROR)
    return [(one.kind.value, one.about) for one in trial.events if one.kind in wanted]


def test_terms_happen_in_their_order_while_the_days_go_by() -> None:
    trial = tried(IN_TIME, Advance(16))

    assert happened(trial) == [
        ("opened", "answer"),
        ("timer", "soon"),
        ("opened", "hurry"),
        ("timer", "late"),
        ("closed", "answer"),
    ]
    assert [trial.day_of(one.at) for one in trial.events if one.kind is Kind.TIMER] == [
        date(2026, 3, 17),
        date(2026, 3, 24),
    ]
    assert [task.key for task in trial.waiting] == ["hurry"]
    assert trial.awaiting == ()


def test_a_side_branch_ends_after_the_main_way_which_says_how_it_ended() -> None:
    trial = tried(IN_TIME, Advance(16), Answer("hurry", YES))

    assert trial.outcome == "expired"
    assert {"soon__hurry", "hurry__side_end", "late__expired"} <= trial.flows
    assert "answer__pause" not in trial.flows


def test_the_days_go_by_the_same_in_one_step_or_in_many() -> None:
    at_once, day_by_day = tried(IN_TIME, Advance(16)), tried(IN_TIME, *[Advance(1)] * 16)

    assert happened(at_once) == happened(day_by_day)
    assert at_once.now == day_by_day.now


def test_a_term_that_was_not_awaited_any_more_never_happens() -> None:
    trial = tried(IN_TIME, Answer("answer", YES), Advance(4))

    assert [(one.key, one.due_at is not None) for one in trial.awaiting] == [("pause", True)]
    assert happened(trial, Kind.TIMER) == []
    assert tried(IN_TIME, Answer("answer", YES), Advance(6)).outcome == "done"


def test_letters_and_terms_are_told_in_the_order_of_the_clock() -> None:
    package = drawn(
        "mixed",
        event("start", "begin"),
        asks("answer").replace("/>", 'constancia:deadline="plazo_habil(6)" />'),
        beside("soon", "answer", timer("plazo_habil(3)"), interrupting=False),
        asks("hurry"),
        event("end", "side_end"),
        event("end", "done"),
        chain("begin", "answer", "done"),
        chain("soon", "hurry", "side_end"),
    )
    trial = tried(package, Advance(6))

    order = [(one.kind, trial.day_of(one.at)) for one in trial.events if one.kind in (Kind.TOLD, Kind.TIMER)]
    # Half of six days and three days are over at the same moment; the letter goes first, as with the worker.
    assert order[:2] == [(Kind.TOLD, date(2026, 3, 6)), (Kind.TIMER, date(2026, 3, 6))]
    assert [day for _, day in order] == sorted(day for _, day in order)
    # What the term opened has the clock of that moment.
    assert [trial.day_of(task.opened_at) for task in trial.waiting] == [date(2026, 3, 2), date(2026, 3, 6)]


def test_a_fact_comes_to_what_awaits_it_and_the_trial_begins_with_one() -> None:
    begun = tried(WAITS)
    waits = tried(WAITS, Advance(6))

    assert begun.events[0].sentence.startswith("Llega «Certificado anulado».")
    assert [(one.key, one.message) for one in waits.awaiting] == [("told", "certificates/annulled")]
    assert waits.waiting == ()
    ended = tried(WAITS, Advance(6), ANNULLED)
    assert ended.outcome == "done"
    assert ("message", "told") in happened(ended)


def test_a_fact_that_nothing_awaits_is_no_step() -> None:
    trial = tried(WAITS, ANNULLED)

    assert trial.stopped == "Paso 1: Nada espera «Certificado anulado». Avisos que se esperan: ninguno."


def test_a_table_is_told_with_the_rows_that_decided() -> None:
    trial = tried(BY_TABLE, Answer("answer", NO))

    assert [one.sentence for one in trial.events if one.kind is Kind.DECIDED] == [
        "«Qué tan alto», fila 2. Es alto: no."
    ]
    assert (set(trial.rules), trial.outcome) == ({("level", 2)}, "low")


def test_the_rows_that_no_scenario_uses_are_told_and_not_asked_for() -> None:
    package = staffed(replace(BY_TABLE, decision_tables={"level": dmn.table_of(level())}))
    when = (Answer("answer", NO),)
    scenario = Scenario("low", "Bajo", MONDAY, when, expected_of(replay(package, when, given=MONDAY)))
    told = report(package, [scenario])

    (unused,) = told.coverage.unused
    assert (unused.table, unused.numbers, unused.said) == ("level", (1,), "la fila 1 de «Qué tan alto»")
    assert told.problems(50) == []
    assert "No usan la fila 1 de «Qué tan alto»." in drawn_coverage(package.diagram.xml, told.coverage).drawing.text


def test_a_table_that_is_not_there_stops_the_trial() -> None:
    package = staffed(replace(BY_TABLE, decision_tables={}))
    trial = replay(package, [Answer("answer", YES)], given=MONDAY)

    assert trial.stopped.startswith("Paso 1: La tabla «level» no existe.")
    assert [task.key for task in trial.waiting] == ["answer"]


def test_an_error_leaves_a_subprocess_where_it_is_caught() -> None:
    trial = tried(WITHIN, Answer("decide", NO))

    assert trial.outcome == "failed"
    assert happened(trial, Kind.ERROR) == [("error", "lost")]
    assert {"is_fine_no", "lost__failed", "begin__outer", "inner_begin__decide"} <= trial.flows
    assert "outer__done" not in trial.flows


def test_what_is_within_stands_where_its_subprocess_is_drawn() -> None:
    assert tried(WITHIN).stands >= {"outer", "inner", "decide"}
    assert tried(CALLS).stands == {"review"}


def test_a_called_process_asks_its_own_forms_and_tables() -> None:
    begun = tried(CALLS)
    assert [(task.key, task.form) for task in begun.waiting] == [("review/decide", "review/annulment_decision")]

    lost = tried(CALLS, Answer("review/decide", NO))
    assert ("error", "lost") in happened(lost)
    assert [task.key for task in lost.waiting] == ["decide"]

    done = tried(CALLS, Answer("review/decide", YES), Advance(6))
    assert done.rules == {("review/level", 1)}
    assert done.outcome == "done"


def test_terms_that_never_stop_coming_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "MOST_HAPPENINGS", 1)

    assert "se cumplen hasta 1 plazos y avisos" in tried(IN_TIME, Advance(16)).stopped


def test_what_is_called_is_played_as_by_itself() -> None:
    alone = tried(REVIEW, Answer("decide", YES), Advance(6))

    assert (alone.outcome, set(alone.rules)) == ("good", {("level", 1)})
