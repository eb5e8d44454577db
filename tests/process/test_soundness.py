"""The token game of the gate, held against the same game played the long way."""

from hypothesis import HealthCheck, assume, given, settings

from app.process.gate import soundness
from tests.process import token_games
from tests.process.token_games import Plan, broken, structured

MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much], derandomize=True)


@given(plan=structured())
@MANY
def test_what_is_made_of_blocks_is_sound(plan: Plan) -> None:
    assert soundness.explore(plan.graph()).troubles == ()


@given(plan=broken())
@MANY
def test_the_short_game_comes_to_the_same_as_the_long_one(plan: Plan) -> None:
    graph = plan.graph()
    assume(token_games.is_playable(graph))

    explored = soundness.explore(graph)

    assert explored.is_decided
    assert (explored.troubles == ()) == token_games.is_sound(graph)
