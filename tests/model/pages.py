"""The middle height: the site over HTTP. Everybody has a session, reads pages and presses buttons by their words."""

from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from app.web.access import AUTHENTICATED_BY, ORGANISATION, PERSON, PROFILE
from app.web.actions import FIELD
from tests.model.driver import Answer, Form, Kind, Shown
from tests.model.looking import Looking
from tests.model.people import Verb, Who
from tests.model.services import REASON
from tests.model.stage import Stage
from tests.model.world import TASKS
from tests.web.course_page import buttons
from tests.web.visitor import Visitor, page_of, words

BUTTONS = {
    Verb.ENTER: "Emitir Certificado",
    Verb.ACCEPT: "Acepto emitir el certificado",
    Verb.REQUEST: "Enviar Solicitud",
    Verb.GRANT: "Aprobar",
    Verb.DENY: "Rechazar",
}
PRESSED = {
    Verb.ACCEPT: {"accepted": "1"},
    Verb.GRANT: {"granted": "1"},
    Verb.DENY: {"granted": "0"},
}
# Where each verb leads once done, and what is said there.
LEADS_TO = {
    Verb.ENTER: ("/emitir/revision", ""),
    Verb.ACCEPT: ("/emitido", ""),
    Verb.REQUEST: ("", "Su solicitud quedó enviada"),
    Verb.GRANT: ("/bandeja", "La anulación quedó aprobada."),
    Verb.DENY: ("/bandeja", "La anulación quedó rechazada."),
}
SEARCH = "/CertificadoAsistencia/BusquedaAccion"
MESSAGES = "main .govuk-notification-banner__content, main .govuk-error-summary__list"


@dataclass(frozen=True)
class Sheet:
    """A form as a browser holds it."""

    address: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Landed:
    """Where a request led, redirects followed."""

    response: TestResponse
    page: BeautifulSoup

    @property
    def path(self) -> str:
        return self.response.request.path

    @property
    def messages(self) -> str:
        return " ".join(" ".join(found.text.split()) for found in self.page.select(MESSAGES))

    def judged(self) -> Answer:
        """What the page says to somebody whose act was not done."""
        status = self.response.status_code
        if status >= 500:
            return Answer(Kind.FAILED, words(self.page))
        if status in (403, 404):
            return Answer(Kind.DENIED)
        return Answer(Kind.REFUSED, words(self.page) if status >= 400 else self.messages)


class Pages:
    def __init__(self, app: Flask, rows: Looking, stage: Stage) -> None:
        self._app, self._rows, self._stage = app, rows, stage
        self._visitors: dict[Who, Visitor] = {}
        self._guards: dict[Who, str] = {}
        self._numbers = count(1)

    def read(self, who: Who, verb: Verb, code: str, reference: str) -> tuple[Answer, Form | None]:
        address, visitor = self._address(verb, code), self._visitor(who)
        landed = _follow(visitor, visitor.client.get(address))
        if BUTTONS[verb] in [button.text.strip() for button in landed.page.select("main form button")]:
            fields = visitor.fill(landed.page, BUTTONS[verb], **_typed(verb, reference))
            return Answer(Kind.DONE), Form(who, verb, code, Sheet(address, fields))
        is_first_step = landed.response.status_code == 200 and landed.path.endswith("/emitir") and not landed.messages
        return Answer(Kind.NOT_YET) if is_first_step else landed.judged(), None

    def by_hand(self, who: Who, verb: Verb, code: str, reference: str) -> Form:
        """With the tokens of another page of the same session, as a client that knows the addresses would."""
        if who not in self._guards:
            self._guards[who] = _csrf_token(self._visitor(who).read(SEARCH))
        fields = {"csrf_token": self._guards[who], FIELD: f"{self._stage.people[who.name]}.{next(self._numbers)}"}
        fields |= _typed(verb, reference) | PRESSED.get(verb, {})
        if verb is Verb.ACCEPT:
            fields |= {"task_id": str(self._rows.last_task(code, TASKS[verb])), "content_sha256": ""}
        return Form(who, verb, code, Sheet(self._address(verb, code), fields))

    def send(self, form: Form) -> Answer:
        return press(self._visitor(form.who), form)

    def course(self, who: Who, code: str) -> Shown | None:
        response = self._visitor(who).client.get(f"/acciones/{code}")
        if response.status_code == 404:
            return None
        page = page_of(response)
        return Shown(page.select("main p > .app-state")[0].text.strip(), tuple(buttons(page)))

    def _address(self, verb: Verb, code: str) -> str:
        match verb:
            case Verb.ENTER:
                return f"/acciones/{code}/emitir"
            case Verb.ACCEPT:
                return f"/acciones/{code}/emitir/revision"
            case Verb.REQUEST:
                return f"/acciones/{code}/anulacion"
        return f"/bandeja/{self._rows.last_task(code, TASKS[verb])}"

    def _visitor(self, who: Who) -> Visitor:
        """Signed in with the profile, in a session that lasts."""
        if who not in self._visitors:
            self._visitors[who] = visitor = Visitor(self._app.test_client())
            with visitor.client.session_transaction() as session:
                session[PERSON], session[AUTHENTICATED_BY] = self._stage.people[who.name], "cus"
                session[PROFILE], session[ORGANISATION] = who.profile.value, self._stage.places[who.place]
        return self._visitors[who]


def press(visitor: Visitor, form: Form) -> Answer:
    """Send the form and go where it leads."""
    response = visitor.client.post(form.content.address, data=form.content.fields)
    went_to = urlsplit(response.headers.get("Location", "")).path
    landed = _follow(visitor, response)
    end, said = LEADS_TO[form.verb]
    if response.status_code == 303 and went_to.endswith(end or f"/acciones/{form.code}") and said in landed.messages:
        assert landed.response.status_code == 200
        return Answer(Kind.DONE, landed.messages)
    return landed.judged()


def _follow(visitor: Visitor, response: TestResponse) -> Landed:
    while response.status_code in (302, 303):
        response = visitor.client.get(urlsplit(response.headers["Location"])._replace(fragment="").geturl())
    return Landed(response, BeautifulSoup(response.text, "lxml"))


def _csrf_token(page: BeautifulSoup) -> str:
    return str(page.select("main input[name=csrf_token]")[0]["value"])


def _typed(verb: Verb, reference: str) -> dict[str, str]:
    match verb:
        case Verb.ENTER:
            return {"document_reference": reference}
        case Verb.REQUEST | Verb.GRANT | Verb.DENY:
            return {"reason": REASON}
    return {}
