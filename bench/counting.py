"""Queries of each action, counted in this process: the same case through the applications without a web server."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from bench.approvals import Contestant
from bench.browser import Answer, Unexpected
from bench.cases import pair
from bench.figures import Figure

MOST_QUERIES = 25


class CountingBrowser:
    """A browser that needs no server and notes how often each request asks the database."""

    def __init__(self, app: Flask) -> None:
        self.counted: list[tuple[str, int]] = []
        self._client = app.test_client()

    def open(self, path: str) -> Answer:
        return self._ask("GET", path, 200)

    def send(self, path: str, fields: Mapping[str, str]) -> str:
        return self._ask("POST", path, 303, data=fields).location

    def _ask(self, method: str, path: str, expected: int, **options: Any) -> Answer:
        with _queries() as sent:
            response = self._client.open(path, method=method, **options)
        if response.status_code != expected:
            raise Unexpected(f"{path}: {response.status_code}\n{response.text}")
        self.counted.append((f"{method} {re.sub('[0-9]+', '…', path)}", len(sent)))
        return Answer(response.status_code, response.headers.get("Location", ""), response.data)


def queries_per_action(contestant: Contestant, app: Flask, index: int) -> list[Figure]:
    """One case more, of the course with this number."""
    provider, director = CountingBrowser(app), CountingBrowser(app)
    contestant.sign_in(pair(0), provider, director)
    signing_in = len(provider.counted), len(director.counted)
    (code,) = pair(0).courses([index])
    contestant.case(provider, director, code)

    counted = [*provider.counted[signing_in[0] :], *director.counted[signing_in[1] :]]
    rows = [Figure(f"{contestant.name}: {action}", many, "queries") for action, many in counted]
    name, most = max(counted, key=lambda one: one[1])
    return [
        *rows,
        Figure(f"{contestant.name}: queries", sum(many for _, many in counted), "a case", f"{len(counted)} requests"),
        Figure(f"{contestant.name}: most queries of one action", most, "queries", f"{name}; at most {MOST_QUERIES}"),
    ]


@contextmanager
def _queries() -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
