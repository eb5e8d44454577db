"""Who works while the house is on fire: providers, directors, an operator, and a device that sends marks."""

import json
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

from bs4 import BeautifulSoup

from tests.chaos.browser import Answer, Browser, LineBroke
from tests.chaos.ledger import Deed, Kind, Ledger, Told
from tests.chaos.person import AGAIN_AFTER_S, GIVES_UP_AFTER_S, Account, Person, ToldOff
from tests.web.machine import ADDRESS
from tests.web.visitor import filled

WANTS_ANNULMENT, GRANTS = 0.9, 0.85
# The demo's offices have other tasks too.
ABOUT_CERTIFICATES = "anulación"


class Provider(Person):
    """Issues the certificates of its courses, asks for the annulment of some, and issues them again."""

    def __init__(
        self, name: str, account: Account, site: str, ledger: Ledger, seed: str, *, courses: Sequence[str]
    ) -> None:
        super().__init__(name, account, site, ledger, seed)
        self._courses = courses

    def do_something(self) -> None:
        course = self.random.choice(self._courses)
        page = self.read(f"/acciones/{course}")
        if _offers(page, "Generar Certificado"):
            self._issue(course)
        elif _offers(page, "Solicitud de anulación certificado") and self.random.random() < WANTS_ANNULMENT:
            self._ask_for_annulment(course)

    def _issue(self, course: str) -> None:
        first, second = f"/acciones/{course}/emitir", f"/acciones/{course}/emitir/revision"
        mark = self.ledger.new_mark(self.name)
        entered = self.send(first, filled(self.read(first), "Emitir Certificado", document_reference=mark))
        if entered.location != second:
            raise ToldOff(f"{entered.status} {entered.location}")
        form = filled(self.read(second), "Acepto emitir el certificado")

        deed = self.ledger.begin(Kind.ISSUE, mark, course=course)
        answer = _note_refusal(self.ledger, deed, self.send(second, form))
        sequence = answer.location.removesuffix("/emitido").rpartition("/")[2]
        self.ledger.tell(deed, Told.DONE)
        folio = self.read(answer.location).select_one("#folio")
        if folio is None:
            self.ledger.complain(f"{answer.location} shows no folio")
        else:
            self.ledger.tell(deed, Told.DONE, f"{sequence} {folio.text}")

    def _ask_for_annulment(self, course: str) -> None:
        path = f"/acciones/{course}/anulacion"
        mark = self.ledger.new_mark(self.name)
        form = filled(self.read(path), "Enviar Solicitud", reason=mark)

        deed = self.ledger.begin(Kind.REQUEST, mark, course=course)
        _note_refusal(self.ledger, deed, self.send(path, form))
        self.ledger.tell(deed, Told.DONE)


class Director(Person):
    """Decides what waits in the inbox; another director may be quicker."""

    def do_something(self) -> None:
        links = [link for link in self.read("/bandeja").select("#bandeja a[href]") if ABOUT_CERTIFICATES in link.text]
        if not links:
            return
        path = str(self.random.choice(links)["href"])
        mark = self.ledger.new_mark(self.name)
        is_granted = self.random.random() < GRANTS
        form = filled(self.read(path), "Aprobar" if is_granted else "Rechazar", reason=mark)

        deed = self.ledger.begin(Kind.DECISION, mark)
        _note_refusal(self.ledger, deed, self.send(path, form))
        self.ledger.tell(deed, Told.DONE, str(is_granted))


class Operator(Person):
    """Has attendance computed again, course by course, and at the end tries every incident again."""

    def __init__(
        self, name: str, account: Account, site: str, ledger: Ledger, seed: str, *, courses: Sequence[str]
    ) -> None:
        super().__init__(name, account, site, ledger, seed)
        self._courses = courses

    def do_something(self) -> None:
        page = self.read("/recalculos")
        form = filled(page, "Recalcular", reach="action", action_code=self.random.choice(self._courses))
        deed = self.ledger.begin(Kind.JOB, self.ledger.new_mark(self.name))
        answer = _note_refusal(self.ledger, deed, self.send("/recalculos", form))
        self.ledger.tell(deed, Told.DONE, mark=answer.location.rpartition("/")[2])

    def retry_all_incidents(self) -> None:
        """As on the page of incidents: one button a kind."""
        self.sign_in()
        for form in self.read("/incidentes").select("#tipos form"):
            fields = {str(tag["name"]): str(tag["value"]) for tag in form.select("input")}
            self.send(str(form["action"]), fields)


@dataclass(frozen=True)
class Place:
    """Where the device stands: a class and who takes part in it."""

    course: str
    class_id: str
    began_at: datetime
    ruts: Sequence[str]


class Device(Thread):
    """Sends batches of marks, each under its key until an answer comes."""

    def __init__(self, token: str, site: str, ledger: Ledger, place: Place) -> None:
        super().__init__(name="device", daemon=True)
        self._token, self._ledger, self._place = token, ledger, place
        self._browser, self._site = Browser(site), site
        self._leaving = Event()

    def leave(self) -> None:
        self._leaving.set()

    def run(self) -> None:
        while not self._leaving.wait(1):
            self._send_batch()

    def _send_batch(self) -> None:
        deeds = [self._ledger.begin(Kind.MARK, self._ledger.new_mark(self.name)) for _ in self._place.ruts]
        answer = self._until_answered(deeds[0].mark, json.dumps({"marks": self._records(deeds)}).encode())
        records = json.loads(answer.text).get("records", []) if answer and answer.status == 200 else []
        for deed, record in zip(deeds, records, strict=False):
            is_done = record["outcome"] == "accepted"
            self._ledger.tell(deed, Told.DONE if is_done else Told.REFUSED, record.get("message", record["outcome"]))

    def _records(self, deeds: Sequence[Deed]) -> list[dict[str, str]]:
        place = self._place
        return [
            {
                "mark_id": deed.mark,
                "action_code": place.course,
                "class_id": place.class_id,
                "rut": rut,
                "kind": "in",
                "marked_at": (place.began_at + timedelta(seconds=int(deed.mark.rpartition("-")[2]))).isoformat(),
                "validation": "valid",
                "device_id": "chaos",
            }
            for deed, rut in zip(deeds, place.ruts, strict=True)
        ]

    def _until_answered(self, key: str, body: bytes) -> Answer | None:
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key, "Content-Type": "application/json"}
        until = time.monotonic() + GIVES_UP_AFTER_S
        while time.monotonic() < until:
            try:
                answer = self._browser.ask(urllib.request.Request(self._site + ADDRESS, body, headers))
            except LineBroke:
                answer = None
            if answer is not None and answer.status < 500 and answer.status != 429:
                return answer
            time.sleep(AGAIN_AFTER_S)
        self._ledger.complain(f"no answer to the device within {GIVES_UP_AFTER_S} s")
        return None


def _offers(page: BeautifulSoup, button: str) -> bool:
    return any(link.text.strip() == button for link in page.select("main a.govuk-button"))


def _note_refusal(ledger: Ledger, deed: Deed, answer: Answer) -> Answer:
    """The answer, if the deed was done. Raises ToldOff otherwise."""
    if answer.status == 303:
        return answer
    ledger.tell(deed, Told.REFUSED, f"{answer.status}")
    raise ToldOff(f"{answer.status}")
