"""A browser with its cookies: it asks, follows nothing by itself, and says when the line broke before the answer was whole."""

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from http.cookiejar import CookieJar

from bs4 import BeautifulSoup

from tests.support.wire import Stay

TIMEOUT_S = 30


class LineBroke(Exception):
    """No whole answer came; whether anything was done nobody knows."""


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "lxml")


class Browser:
    def __init__(self, site: str) -> None:
        self._site = site
        self._opener = urllib.request.build_opener(Stay, urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Answer:
        """Raises LineBroke."""
        return self.ask(urllib.request.Request(self._site + path))

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Raises LineBroke."""
        return self.ask(urllib.request.Request(self._site + path, urllib.parse.urlencode(fields).encode()))

    def ask(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                return Answer(answer.status, answer.headers.get("Location", ""), answer.read().decode())
        except urllib.error.HTTPError as answer:
            return self._other(answer)
        except (OSError, HTTPException) as broken:
            raise LineBroke(str(broken)) from broken

    def _other(self, answer: urllib.error.HTTPError) -> Answer:
        """Anything but a success, a redirect among them."""
        try:
            return Answer(answer.code, answer.headers.get("Location", ""), answer.read().decode())
        except (OSError, HTTPException) as broken:
            raise LineBroke(str(broken)) from broken
