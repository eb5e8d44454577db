"""A walk over the whole table, so that every state, every transition and every refusal is met whatever Hypothesis thinks of."""

from app.domain.states import CertificateState as State
from app.domain.terms import ActionStatus
from tests.model.handbook import Event
from tests.model.machine import DENY, GRANT, ISSUE, REQUEST, SPANS, VOID
from tests.model.people import ASKS, DIRECTOR, ELSEWHERE, JUDGES, NATIONAL, REGIONAL, Verb, Who
from tests.model.play import REFERENCES, Play, PlayThroughFaults
from tests.model.world import Course, Paper

ROUND = (ISSUE, VOID, ISSUE, REQUEST, GRANT, ISSUE, REQUEST, DENY, VOID, ISSUE, REQUEST, DENY, REQUEST, DENY)


def all_states(play: Play) -> set[tuple[State, Event]]:
    """One course through all of the table; in each state all that is not allowed is tried first. Returns the transitions."""
    course, walked, seen = play.world.courses[0], set(), set()
    for event in ROUND:
        if course.state not in seen:
            seen.add(course.state)
            play.try_all_that_is_not_allowed(course)
            play.those_try_who_may_not(course)
        walked.add((course.state, event))
        play.have(event, course, "national")
        play.check()
    assert seen == set(State)
    # Reconsidered once already.
    play.try_all_that_is_not_allowed(course)
    return walked


def all_refusals(play: Play) -> None:
    """What the state alone does not forbid: the day, the status, the term, an old review, one's own request, being late."""
    _, elsewhere, course, running = play.world.courses
    play.try_all_that_is_not_allowed(running)
    play.becomes(elsewhere, ActionStatus.CANCELLED)
    play.try_all_that_is_not_allowed(elsewhere)

    play.do(NATIONAL, Verb.ENTER, course)
    old = in_hand(play, NATIONAL, Verb.ACCEPT, course)
    play.rename(course)
    play.send(old)
    overtaken = in_hand(play, NATIONAL, Verb.ACCEPT, course)
    play.do(REGIONAL, Verb.ENTER, course, REFERENCES[1])
    play.send(overtaken)
    play.have(ISSUE, course, "regional", REFERENCES[1])
    play.do(ASKS, Verb.REQUEST, course)
    late = in_hand(play, DIRECTOR, Verb.GRANT, course)
    play.do(JUDGES, Verb.DENY, course)
    play.do(DIRECTOR, Verb.DENY, course)
    play.send(late)
    play.try_all_that_is_not_allowed(course)
    play.check()

    play.pass_time(SPANS[-1])
    play.try_all_that_is_not_allowed(course)
    play.becomes(course, ActionStatus.LIQUIDATED)
    play.try_all_that_is_not_allowed(course)
    play.check()


def all_races(play: PlayThroughFaults) -> None:
    """Two people at once, one person with the same form twice, and two decisions against each other."""
    course = play.world.courses[1]
    play.becomes(course, ActionStatus.AUTHORISED)
    beginning = in_hand(play, NATIONAL, Verb.ENTER, course)
    play.race(beginning, in_hand(play, ASKS, Verb.ENTER, course))
    accepting = in_hand(play, NATIONAL, Verb.ACCEPT, course)
    play.race(accepting, in_hand(play, ASKS, Verb.ACCEPT, course))
    asking = in_hand(play, NATIONAL, Verb.REQUEST, course)
    play.race(asking, asking)
    granting = in_hand(play, ELSEWHERE, Verb.GRANT, course)
    play.race(granting, in_hand(play, ELSEWHERE, Verb.DENY, course))
    assert course.state in (State.APPROVED_FOR_REISSUE, State.REJECTED)


def in_hand(play: Play, who: Who, verb: Verb, course: Course) -> Paper:
    paper = play.read(who, verb, course)
    assert paper is not None
    return paper
