"""The token game of the gate, held against the same game played the long way."""

from hypothesis import HealthCheck, assume, given, settings

from app.process.gate import soundness, together, tokens
from app.process.gate.scopes import Scopes, ways_of
from app.process.gate.soundness import Exploration, Kind
from app.process.graph import BOUNDARY, END, USER
from tests.process import token_games
from tests.process.token_games import Plan, broken, structured

MANY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much], derandomize=True)
FEW = settings(MANY, max_examples=30)


@given(plan=structured())
@MANY
def test_what_is_made_of_blocks_is_sound(plan: Plan) -> None:
    assert token_games.troubles_of(plan.graph()) == []


@given(plan=broken())
@MANY
def test_the_short_game_comes_to_the_same_as_the_long_one(plan: Plan) -> None:
    graph = plan.graph()
    assume(token_games.is_playable(graph))

    assert (token_games.troubles_of(graph) == []) == token_games.is_sound(graph)


@given(plan=broken())
@FEW
def test_the_way_into_a_deadlock_is_the_shortest(plan: Plan) -> None:
    graph = plan.graph()
    assume(token_games.is_playable(graph))
    troubles = soundness.explore(ways_of(graph)[0].graph).troubles
    # With tokens that multiply the long game has no end.
    assume(troubles and all(trouble.kind is Kind.DEADLOCK for trouble in troubles))

    # Onto a border and away from there is one move.
    steps = {key for key, node in graph.nodes.items() if node.kind != BOUNDARY}
    moves = {trouble.element: sum(key in steps for key in trouble.path) - 2 for trouble in troubles}

    assert moves.items() <= token_games.moves_into_a_deadlock(graph).items()


@given(plan=structured())
@MANY
def test_tasks_that_wait_at_once_are_those_of_some_marking(plan: Plan) -> None:
    graph = plan.graph()
    assume(token_games.is_playable(graph) and not any(end.ends_all for end in graph.of_kind(END)))
    people = {node.key for node in graph.of_kind(USER)}

    told = {pair for pair in together.at_once(graph) if pair <= people}

    assert told == token_games.waiting_at_once(graph)


def test_beyond_the_bound_nothing_is_called_sound() -> None:
    plan = Plan()
    before = plan.step("startEvent")
    for _ in range(5):
        after = plan.step(USER)
        plan.arrow(before, after)
        before = after
    plan.arrow(before, plan.step(END))

    (finding,) = tokens.findings(Scopes({"many": plan.graph()}), bound=3)

    assert soundness.explore(plan.graph(), bound=3) == Exploration((), 4, is_decided=False)
    assert (finding.code, finding.element) == ("not_decided", "many")
    assert "No se sabe" in finding.sentence
