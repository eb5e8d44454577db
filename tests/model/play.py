"""What is done at every height: each step is foretold by the world, tried by the driver, and compared with what came of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from itertools import product
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.domain.terms import ActionStatus
from tests.model import facts, stage
from tests.model.driver import Answer, Driver, Kind, Shown
from tests.model.faulty_pages import FaultyPages
from tests.model.handbook import Event, Why
from tests.model.looking import Looking
from tests.model.pages import Pages
from tests.model.people import EVERYBODY, NATIONAL, Verb, Who, usual
from tests.model.services import Services, told
from tests.model.stage import Stage, Work
from tests.model.world import DONE, WAY_TO, Course, Expected, Paper, World, unless
from tests.support import effects

REFERENCES = ("4521", "OC 7/26")
DriverOf = Callable[[Flask, Looking, Stage], Driver]


class Play:
    """One world acted out on one stage. `clock` follows the world's; `refusals` are those met so far."""

    def __init__(
        self, app: Flask, session: Session, stage: Stage, driver: DriverOf, clock: time_machine.Traveller
    ) -> None:
        self.app, self.stage, self._clock = app, stage, clock
        self.rows = Looking(session, stage.names(), stage.codes)
        self.world = World(stage.courses())
        self.driver = driver(app, self.rows, stage)
        self.refusals: set[Why] = set()
        self.moved()

    @contextmanager
    def by_services(self) -> Iterator[None]:
        """The quickest way to somewhere."""
        driver, self.driver = self.driver, Services(self.app, self.rows, self.stage)
        yield
        self.driver = driver

    def check(self) -> None:
        """The database says what the model says."""
        assert self.rows.facts() == facts.foretold(self.world)

    def have(self, event: Event, course: Course, team: str, reference: str = REFERENCES[0]) -> None:
        """Whatever leads to `event`, tried by those who usually do it; the world knows whether they may now."""
        if event is Event.VOID:
            self.void(course)
        for verb in WAY_TO.get(event, ()):
            self.do(usual(verb, course.region, team), verb, course, reference)

    def do(self, who: Who, verb: Verb, course: Course, reference: str = REFERENCES[0]) -> None:
        """Read and send, twice; where there is nothing to read, send it all the same."""
        paper = self.read(who, verb, course, reference) or self.made_up(who, verb, course)
        self.send(paper)
        self.send(paper)

    def read(self, who: Who, verb: Verb, course: Course, reference: str = REFERENCES[0]) -> Paper | None:
        self.pass_time(timedelta(minutes=1))
        answer, form = self.driver.read(who, verb, course.code, reference)
        self._compare(answer, self.world.reading(who, verb, course))
        self.unchanged()
        return self.world.paper(course, reference, form) if form else None

    def made_up(self, who: Who, verb: Verb, course: Course) -> Paper:
        self.pass_time(timedelta(minutes=1))
        form = self.driver.by_hand(who, verb, course.code, REFERENCES[0])
        return self.world.paper(course, REFERENCES[0], form)

    def send(self, paper: Paper) -> None:
        """What is acknowledged is there, as `check` sees; what is refused, or was done before, leaves no trace."""
        expected, was_done = self.world.sending(paper), paper.is_done
        self._compare(self.driver.send(paper.form), expected)
        if expected == DONE and not was_done:
            self.world.happens(paper)
            self.moved()
        else:
            self.unchanged()

    def try_all_that_is_not_allowed(self, course: Course) -> None:
        for event in Event:
            self.try_if_not_allowed(event, course)

    def try_if_not_allowed(self, event: Event, course: Course) -> None:
        """With forms made up by hand, since no page offers any."""
        if self.world.why_not(event, course) is None:
            return
        if event is Event.VOID:
            self.void(course)
        for verb in WAY_TO.get(event, ()):
            self.send(self.made_up(usual(verb, course.region, "national"), verb, course))

    def those_try_who_may_not(self, course: Course) -> None:
        for who, verb in product(EVERYBODY, Verb):
            self.try_if_not_ones_own(who, verb, course)

    def try_if_not_ones_own(self, who: Who, verb: Verb, course: Course) -> None:
        if not who.may(verb, course.region):
            self.send(self.made_up(who, verb, course))

    def void(self, course: Course) -> None:
        """By SENCE, who has no page for it."""
        expected = unless(course.why_not_void())
        self._compare(told(self.app, stage.void(course.code, self.stage)), expected)
        if expected == DONE:
            self.world.voided(course)
            self.moved()
        else:
            self.unchanged()

    def becomes(self, course: Course, status: ActionStatus) -> None:
        course.status = status
        self._arrange(stage.change(course.code, status=status))

    def rename(self, course: Course) -> None:
        course.renamed += 1
        self._arrange(stage.change(course.code, name=f"Curso corregido {course.renamed}"))

    def pass_time(self, span: timedelta) -> None:
        self.world.pass_time(span)
        self._clock.move_to(self.world.now)

    def settle(self) -> None:
        """All effects are performed, each once; then every issue has its PDF."""
        for effect_id in self.rows.waiting_effects():
            self.pass_time(timedelta(seconds=1))
            effects.run(self.app, effect_id)
        self.moved()
        assert self.rows.waiting_effects() == []
        issues, stored, told = self.rows.documents()
        assert issues == stored
        assert told == len(issues)
        self.check()
        self.audit()

    def audit(self) -> None:
        """The product's own audit finds nothing."""
        assert stage.offenders(self.app, self.rows.session) == []

    def moved(self) -> None:
        """Something was to change; from here on nothing is, until the next thing that is."""
        self._print = self.rows.fingerprint()

    def unchanged(self) -> None:
        assert self.rows.fingerprint() == self._print

    def _arrange(self, work: Work) -> None:
        """What happens outside the processes."""
        assert told(self.app, work).kind is Kind.DONE
        self.moved()

    def _compare(self, answer: Answer, expected: Expected) -> None:
        assert answer.kind is expected.kind, (answer, expected)
        assert all(word in answer.sentence for word in expected.words), (answer, expected)
        if expected.why:
            self.refusals.add(expected.why)


class PlayOnPages(Play):
    """Every check reads the pages too: the courses of which they should say something new, and one as somebody else sees it."""

    driver: Pages
    looks = 0

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._shown: dict[str, Shown | None] = {}

    def check(self) -> None:
        super().check()
        for course in self.world.courses:
            shown = facts.shown(self.world, course, NATIONAL)
            if shown != self._shown.get(course.code):
                self._shown[course.code] = shown
                assert self.driver.course(NATIONAL, course.code) == shown
        self.looks += 1
        who = EVERYBODY[self.looks % len(EVERYBODY)]
        course = self.world.courses[self.looks // 3 % len(self.world.courses)]
        assert self.driver.course(who, course.code) == facts.shown(self.world, course, who)


class PlayThroughFaults(PlayOnPages):
    """Two can act at once, too."""

    driver: FaultyPages

    def race(self, first: Paper, second: Paper) -> None:
        """Whoever was first, each is told what follows from that."""
        told = list(zip((first, second), self.driver.at_once(first.form, second.form), strict=True))
        possible = [order for order in (told, told[::-1]) if self._could_be(order)]
        assert possible, told
        for paper, answer in possible[0]:
            if answer.kind is Kind.DONE:
                self.world.happens(paper)
        self.moved()
        self.check()

    def _could_be(self, order: list[tuple[Paper, Answer]]) -> bool:
        world, copied = deepcopy((self.world, order))
        begin_both = all(paper.verb is Verb.ENTER and not paper.course.waiting(Verb.ACCEPT) for paper, _ in copied)
        for paper, answer in copied:
            expected = world.sending(paper)
            if begin_both and paper.course.waiting(Verb.ACCEPT) and Why.CASE_IS_OPEN in answer.sentence:
                # A moment later it would have corrected what the other entered; now it was to begin a case of its own.
                continue
            if answer.kind is not expected.kind:
                return False
            if expected == DONE:
                world.happens(paper)
        return True
