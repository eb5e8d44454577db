"""The highest height: the same pages while actions fail or die on their way, are sent again, and two people act at once."""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from time import sleep

from flask import Flask

from app import faults
from app.db import db
from app.web.sessions import COOKIE
from tests.model.driver import Answer, Form, Kind
from tests.model.looking import Looking
from tests.model.pages import Pages, press
from tests.model.people import Verb, Who
from tests.model.stage import Stage
from tests.support.wire import cookie_of
from tests.web.visitor import Visitor

AFTER_COMMIT = "commit.after"
# Where an action of a person may come by, and what may happen to it there.
POINTS = (
    "request.claimed",
    "task.locked",
    "engine.ran",
    "issue.before_folio",
    "issue.after_folio",
    "annulment.requested",
    "annulment.decided",
    "commit.before",
    AFTER_COMMIT,
)
# Those that lie on the way of each of them.
COMMON_POINTS = ("request.claimed", "engine.ran", "commit.before", AFTER_COMMIT)
FAULTS = [f"{point}:{action}" for action in ("error", "kill") for point in POINTS]
SLOW, SLOW_S, LOOK_EVERY_S = "commit.before:slow", 0.3, 0.01


class Killed(BaseException):
    """This process is no more; nothing in it may stop that."""


def die(pid: int, signal: int) -> None:
    """What is left of a killed process: its connection breaks, and whatever was open on it is gone."""
    assert pid == os.getpid()
    db.session().invalidate()
    raise Killed


def _told_once(answers: tuple[Answer, Answer]) -> tuple[Answer, Answer]:
    """Two windows of one session: that it is done is said in whichever asks first. A refusal always says why."""
    one, other = (Answer(Kind.DONE) if answer == Answer(Kind.REFUSED) else answer for answer in answers)
    return one, other


class FaultyPages(Pages):
    """Acts that meet faults on their way, each kind of act each fault once, and are then done again with the same form.

    An act meets `at_a_time` of them at most.
    """

    def __init__(self, app: Flask, rows: Looking, stage: Stage, *, folder: Path, at_a_time: int) -> None:
        super().__init__(app, rows, stage)
        self._folder, self._at_a_time, self._sendings = folder, at_a_time, count()
        self.struck: set[tuple[Verb, str]] = set()

    def send(self, form: Form) -> Answer:
        """Before its commit nothing is left of an act that failed; after it, all of it is there and is not done again."""
        self._arm(self._ahead(form.verb))
        known, before, answer = self._markers(), self._rows.fingerprint(), self._sent(form)
        while answer.kind is Kind.FAILED:
            (fault,) = self._markers() - known
            assert self._rows.fingerprint() == before or fault.startswith(AFTER_COMMIT), fault
            self.struck.add((form.verb, fault))
            known, before, answer = self._markers(), self._rows.fingerprint(), self._sent(form)
        self._arm([])
        return answer

    def at_once(self, first: Form, second: Form) -> tuple[Answer, Answer]:
        """The second is sent while the first stands before its commit, if it comes so far."""
        self._arm([SLOW])
        with ThreadPoolExecutor(1) as pool:
            one = pool.submit(press, self._beside(first.who), first)
            while not (one.done() or self._markers()):
                sleep(LOOK_EVERY_S)
            other = super().send(second)
            self._arm([])
            answers = one.result(), other
            return _told_once(answers) if first.who == second.who else answers

    def _ahead(self, verb: Verb) -> list[str]:
        left = [fault for fault in FAULTS if (verb, fault) not in self.struck]
        first = next(self._sendings) % len(left)
        return (left[first:] + left[:first])[: self._at_a_time]

    def _sent(self, form: Form) -> Answer:
        try:
            return super().send(form)
        except Killed:
            return Answer(Kind.FAILED)

    def _arm(self, wanted: Iterable[str]) -> None:
        for marker in self._folder.iterdir():
            marker.unlink()
        faults.arm(",".join(f"{fault}:once" for fault in wanted), self._folder)

    def _markers(self) -> set[str]:
        return {marker.name for marker in self._folder.iterdir()}

    def _beside(self, who: Who) -> Visitor:
        """The same session in another window: one client is not made for two threads."""
        window = Visitor(self._app.test_client())
        window.client.set_cookie(COOKIE, cookie_of(self._visitor(who)))
        return window
