"""Requests over real HTTP, several of them at the same moment if need be."""

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from app.web.sessions import COOKIE
from tests.web.visitor import Visitor

Sender = TypeVar("Sender")
Answer = tuple[int, str]


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def send(url: str, cookie: str, fields: Mapping[str, str] | None = None) -> Answer:
    """Status and body of one request of a browser; a redirect is not followed."""
    data = urllib.parse.urlencode(fields).encode() if fields is not None else None
    return ask(urllib.request.Request(url, data, {"Cookie": f"{COOKIE}={cookie}"}))


def ask(request: urllib.request.Request) -> Answer:
    try:
        with urllib.request.build_opener(Stay).open(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode()


def at_once(senders: Sequence[Sender], act: Callable[[Sender], Answer]) -> list[Answer]:
    """The answers of all, begun together."""
    together = Barrier(len(senders))

    def begin(sender: Sender) -> Answer:
        together.wait()
        return act(sender)

    with ThreadPoolExecutor(len(senders)) as pool:
        return list(pool.map(begin, senders))


def cookie_of(visitor: Visitor) -> str:
    cookie = visitor.client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value
