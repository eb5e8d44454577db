"""What everybody at the pages has in common: signing in, opening a page, and sending a form until an answer comes."""

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from threading import Event, Thread

from bs4 import BeautifulSoup

from tests.chaos.browser import Answer, Browser, LineBroke
from tests.chaos.ledger import Ledger

LOGIN, PROFILE = "/CertificadoAsistencia/Login", "/CertificadoAsistencia/SeleccionarPerfil"
AGAIN_AFTER_S = 0.3
# How often one presses the button once more after the answer, how often twice at once, and how long one is willing to try.
IMPATIENT, DOUBLE_CLICKS, GIVES_UP_AFTER_S = 0.3, 0.1, 120


class SessionLost(Exception):
    """The page leads to the login: the server forgot who this is."""


class ToldOff(Exception):
    """A page that leads nowhere: somebody was quicker, or there is nothing to do."""


@dataclass(frozen=True)
class Account:
    rut: str
    cus: str
    portal_value: str


class Person(Thread, ABC):
    """Works until `leave`; a form that was begun is sent to its end. Whoever loses patience complains."""

    def __init__(self, name: str, account: Account, site: str, ledger: Ledger, seed: str) -> None:
        super().__init__(name=name, daemon=True)
        self.browser = Browser(site)
        self.ledger = ledger
        self.random = Random(f"{seed}/{name}")
        self._account = account
        self._leaving = Event()

    @abstractmethod
    def do_something(self) -> None:
        """One thing, from opening the page to the answer."""

    def leave(self) -> None:
        self._leaving.set()

    def run(self) -> None:
        try:
            self._work()
        except BaseException as error:
            self.ledger.complain(f"{self.name} met a page that nobody expects: {error!r}")
            raise

    def _work(self) -> None:
        is_in = False
        while not self._leaving.is_set():
            try:
                if not is_in:
                    self.sign_in()
                is_in = True
                self.do_something()
            except SessionLost:
                is_in = False
            except ToldOff:
                pass
            self._leaving.wait(self.random.uniform(0, 0.4))

    def read(self, path: str) -> BeautifulSoup:
        """The page. Raises SessionLost, and ToldOff where it leads elsewhere or is not there."""
        answer = self._known(self._until_answered(path))
        if answer.status != 200:
            raise ToldOff(f"{answer.status} {answer.location}")
        return answer.page

    def send(self, path: str, form: Mapping[str, str]) -> Answer:
        """Press the button; after a broken line once more with the same form, as one does. Raises SessionLost.

        Some press twice, at once or after the answer: they must get the same one.
        """
        how = self.random.random()
        if how < DOUBLE_CLICKS:
            with ThreadPoolExecutor(2) as fingers:
                answers = list(fingers.map(lambda _: self._until_answered(path, form), range(2)))
        else:
            answers = [self._until_answered(path, form)]
            if answers[0].status == 303 and how < DOUBLE_CLICKS + IMPATIENT:
                answers.append(self._until_answered(path, form))
        return self._known(self._the_one_of(path, answers))

    def _the_one_of(self, path: str, answers: Sequence[Answer]) -> Answer:
        """Once it is done, it is done for whoever asks again."""
        told = {(one.status, one.location): one for one in answers if not _leads_to_a_door(one)}
        done = [one for one in told.values() if one.status == 303]
        if done and len(told) > 1:
            self.ledger.complain(f"one form of {path} got two answers: {sorted(told)}")
        return done[0] if done else answers[0]

    def _known(self, answer: Answer) -> Answer:
        if _leads_to_a_door(answer):
            raise SessionLost
        return answer

    def _until_answered(self, path: str, form: Mapping[str, str] | None = None) -> Answer:
        until = time.monotonic() + GIVES_UP_AFTER_S
        while time.monotonic() < until:
            try:
                answer = self.browser.get(path) if form is None else self.browser.post(path, form)
            except LineBroke:
                time.sleep(AGAIN_AFTER_S)
                continue
            if answer.status < 500:
                return answer
            time.sleep(AGAIN_AFTER_S)
        self.ledger.complain(f"no answer from {path} within {GIVES_UP_AFTER_S} s")
        raise ToldOff

    def sign_in(self) -> None:
        self._pass(LOGIN, {"TipoUsuario": "OTEC", "RutUsuario": self._account.rut, "ClaveSence": self._account.cus})
        self._pass(PROFILE, {"Perfiles": self._account.portal_value})

    def _pass(self, path: str, typed: Mapping[str, str]) -> None:
        """Send the form of a door. If the server forgets in between, the next page leads here again."""
        guard = self._until_answered(path).page.select_one("input[name=csrf_token]")
        if guard is not None and self._until_answered(path, {"csrf_token": str(guard["value"]), **typed}).status == 401:
            self.ledger.complain("the right key was refused")


def _leads_to_a_door(answer: Answer) -> bool:
    return answer.status in (302, 303) and answer.location in (LOGIN, PROFILE)
