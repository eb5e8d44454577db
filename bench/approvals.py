"""One case at the pages, click for click alike: ours and the hand-written one. Each knows its addresses and its fields."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app.domain.permissions import Profile
from bench.browser import Answer
from bench.cases import CUS, Pair

REASON = "El participante llegó después de la gracia y figura con asistencia completa."
DECIDED = "Se revisaron las marcas del libro de clases."
REFERENCE = "F-1024"


@dataclass(frozen=True)
class Acceptance:
    """Seconds from the click on «Acepto emitir el certificado» to the answer, and to the page with the folio."""

    answered: float
    shown: float


class Browser(Protocol):
    """Somebody at a browser: opens pages, and sends forms and learns where they lead to."""

    def open(self, path: str) -> Answer: ...
    def send(self, path: str, fields: Mapping[str, str]) -> str: ...


class Contestant(Protocol):
    """`case` takes one course from its page to the decision: thirteen requests, five of them forms."""

    name: str

    def sign_in(self, pair: Pair, provider: Browser, director: Browser) -> None: ...
    def case(self, provider: Browser, director: Browser, code: str) -> Acceptance: ...


class Ours:
    name = "ours"

    def sign_in(self, pair: Pair, provider: Browser, director: Browser) -> None:
        people = (
            (provider, pair.provider, Profile.PROVIDER_NATIONAL_ADMIN, str(pair.institution)),
            (director, pair.director, Profile.REGIONAL_DIRECTOR, "0"),
        )
        for browser, rut, profile, institution in people:
            page = browser.open("/CertificadoAsistencia/Login")
            fields = {"RutUsuario": rut.wire, "ClaveSence": CUS, "TipoUsuario": "OTEC"}
            to_profile = browser.send("/CertificadoAsistencia/Login", page.hidden() | fields)
            page = browser.open(to_profile)
            chosen = {"Perfiles": profile.portal_value, "Instituciones": institution, "Destino": "1"}
            browser.send(to_profile, page.hidden() | chosen)

    def case(self, provider: Browser, director: Browser, code: str) -> Acceptance:
        course = f"/acciones/{code}"
        provider.open(course)
        form = provider.open(f"{course}/emitir")
        review = provider.send(f"{course}/emitir", form.hidden() | {"document_reference": REFERENCE})
        form = provider.open(review)
        acceptance = accept(provider, review, form.hidden() | {"accepted": "1"})
        form = provider.open(f"{course}/anulacion")
        provider.open(provider.send(f"{course}/anulacion", form.hidden() | {"reason": REASON}))
        task = found(rb'href="(/bandeja/\d+)"', director.open("/bandeja").body)
        form = director.open(task)
        director.open(director.send(task, form.hidden() | {"reason": DECIDED, "granted": "1"}))
        return acceptance


class HandWritten:
    name = "hand-written"

    def sign_in(self, pair: Pair, provider: Browser, director: Browser) -> None:
        for browser, rut in ((provider, pair.provider), (director, pair.director)):
            page = browser.open("/login")
            browser.send("/login", page.hidden() | {"rut": rut.wire, "cus": CUS})

    def case(self, provider: Browser, director: Browser, code: str) -> Acceptance:
        course = f"/courses/{code}"
        provider.open(course)
        form = provider.open(f"{course}/issue")
        review = provider.send(f"{course}/issue", form.hidden() | {"document_reference": REFERENCE})
        form = provider.open(review)
        acceptance = accept(provider, review, form.hidden())
        form = provider.open(f"{course}/annulment")
        provider.open(provider.send(f"{course}/annulment", form.hidden() | {"reason": REASON}))
        request = found(rb'href="(/requests/\d+)"', director.open("/inbox").body)
        form = director.open(request)
        director.open(director.send(request, form.hidden() | {"reason": DECIDED, "granted": "1"}))
        return acceptance


def accept(browser: Browser, path: str, fields: dict[str, str]) -> Acceptance:
    clicked = time.perf_counter()
    issued = browser.send(path, fields)
    answered = time.perf_counter()
    page = browser.open(issued)
    found(rb'id="folio"[^>]*>([^<]+)<', page.body)
    return Acceptance(answered - clicked, time.perf_counter() - clicked)


def found(pattern: bytes, page: bytes) -> str:
    match = re.search(pattern, page)
    assert match is not None, f"{pattern!r} is not in the page"
    return match[1].decode()
