"""The state machine: what people do, try and send late, in any order. What must be so after every step is the play's to say."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, RuleBasedStateMachine, initialize, invariant, multiple, rule

from app.domain.terms import ActionStatus
from tests.model.handbook import TABLE, Event
from tests.model.people import EVERYBODY, TEAMS, Verb, Who, usual
from tests.model.play import REFERENCES, Play, PlayThroughFaults
from tests.model.world import WAY_TO, Course, Paper

ISSUE, REQUEST, GRANT, DENY, VOID = Event
SPANS = (timedelta(hours=13), timedelta(days=1), timedelta(days=4), timedelta(days=9))
# How many events, drawn by lot: the few examples of a run would hardly ever come so far by their steps.
LONGEST_PASTS = (12, 12, 1)
STATUSES = (ActionStatus.AUTHORISED, ActionStatus.LIQUIDATED, ActionStatus.CANCELLED)
Opened = Callable[[], AbstractContextManager[Play]]

a_course, a_choice = st.integers(0, 3), st.integers(0, 5)
a_team, a_verb, a_reference = (st.sampled_from(list(what)) for what in (TEAMS, Verb, REFERENCES))


def next_event(course: Course, choice: int) -> Event:
    """One of those that lead on from the state of the course."""
    possible = [event for event in Event if (course.state, event) in TABLE]
    return possible[choice % len(possible)]


class Machine(RuleBasedStateMachine):
    papers: Bundle[Paper] = Bundle("papers")

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.play = self._stack.enter_context(opened())
        self.courses = self.play.world.courses

    def teardown(self) -> None:
        with self._stack:
            if sys.exc_info()[0] is None:
                self.play.audit()

    @initialize(chance=st.randoms(use_true_random=True))
    def begin_in_the_middle(self, chance: Random) -> None:
        """Two courses have a long past, one has hardly any, and the fourth has not ended yet."""
        with self.play.by_services():
            for course, most in zip(self.courses, LONGEST_PASTS, strict=False):
                for _ in range(chance.randint(most // 2, most)):
                    self.play.have(next_event(course, chance.randrange(6)), course, chance.choice(list(TEAMS)))

    @rule(number=a_course, choice=a_choice, team=a_team, reference=a_reference)
    def go_on(self, number: int, choice: int, team: str, reference: str) -> None:
        course = self.courses[number]
        self.play.have(next_event(course, choice), course, team, reference)

    @rule(target=papers, number=a_course, verb=a_verb, team=a_team, reference=a_reference)
    def take_a_form(self, number: int, verb: Verb, team: str, reference: str) -> Paper | MultipleResults[Paper]:
        course = self.courses[number]
        return self.play.read(usual(verb, course.region, team), verb, course, reference) or multiple()

    @rule(paper=papers)
    def send_a_form_that_may_be_old(self, paper: Paper) -> None:
        self.play.send(paper)

    @rule(number=a_course, event=st.sampled_from(Event))
    def try_what_is_not_allowed(self, number: int, event: Event) -> None:
        self.play.try_if_not_allowed(event, self.courses[number])

    @rule(number=a_course, who=st.sampled_from(EVERYBODY), verb=a_verb)
    def somebody_tries_who_may_not(self, number: int, who: Who, verb: Verb) -> None:
        self.play.try_if_not_ones_own(who, verb, self.courses[number])

    @rule(number=a_course, status=st.sampled_from(STATUSES))
    def the_course_becomes(self, number: int, status: ActionStatus) -> None:
        self.play.becomes(self.courses[number], status)

    @rule(span=st.sampled_from(SPANS))
    def time_passes(self, span: timedelta) -> None:
        self.play.pass_time(span)

    @invariant()
    def the_product_says_what_the_model_says(self) -> None:
        self.play.check()


class MachineThroughFaults(Machine):
    play: PlayThroughFaults

    @rule(number=a_course, choices=st.tuples(a_choice, a_choice), teams=st.tuples(a_team, a_team), is_one=st.booleans())
    def two_act_at_once(self, number: int, choices: tuple[int, int], teams: tuple[str, str], is_one: bool) -> None:
        """With forms read before, of whatever may happen next; or both with the same one."""
        course = self.courses[number]
        verbs = [verb for event, way in WAY_TO.items() if (course.state, event) in TABLE for verb in way]
        papers = [
            self.play.read(usual(verb, course.region, team), verb, course)
            for verb, team in zip((verbs[choice % len(verbs)] for choice in choices), teams, strict=True)
        ]
        first, second = papers[0], papers[0 if is_one else 1]
        if first is not None and second is not None:
            self.play.race(first, second)
