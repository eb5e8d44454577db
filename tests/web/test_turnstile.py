"""The turnstile: so many requests at once, who acts before who looks, nobody for ever outside, a turn always given back."""

import io
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app.web.turnstile import MOST_BYTES, Turns, Turnstile

PATIENCE_S = 0.2
LONG_S = 10.0


class Inside:
    """An application that notes who came in and keeps everybody until they may go."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.entered = threading.Semaphore(0)
        self.may_go = threading.Semaphore(0)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.came.append(environ["PATH_INFO"])
        self.entered.release()
        assert self.may_go.acquire(timeout=LONG_S)
        start_response("200 OK", [])
        return [environ["wsgi.input"].read()]


def ask(app: Any, path: str, method: str = "GET", **options: Any) -> bytes:
    body, _, _ = run_wsgi_app(app, EnvironBuilder(path, method=method, **options).get_environ(), buffered=True)
    return b"".join(body)


@contextmanager
def people() -> Iterator[Callable[..., "Future[bytes]"]]:
    with ThreadPoolExecutor(8) as pool:
        yield lambda *args, **options: pool.submit(ask, *args, **options)


def until_outside(turnstile: Turnstile, many: int) -> None:
    until = time.monotonic() + LONG_S
    while len(turnstile._turns._acting) + len(turnstile._turns._looking) < many:
        assert time.monotonic() < until
        time.sleep(0.001)


def test_no_more_than_the_turns_are_inside() -> None:
    inside = Inside()
    turnstile = Turnstile(inside, free=frozenset(), turns=2, patience_s=LONG_S)

    with people() as person:
        for number in range(3):
            person(turnstile, f"/{number}")
        until_outside(turnstile, 1)
        came = len(inside.came)
        inside.may_go.release(3)

    assert came == 2
    assert len(inside.came) == 3


def test_who_acts_goes_before_those_who_came_earlier_to_look() -> None:
    inside = Inside()
    turnstile = Turnstile(inside, free=frozenset(), turns=1, patience_s=LONG_S)

    with people() as person:
        person(turnstile, "/first")
        assert inside.entered.acquire(timeout=LONG_S)
        person(turnstile, "/look")
        until_outside(turnstile, 1)
        person(turnstile, "/act", "POST", data={"granted": "1"})
        until_outside(turnstile, 2)
        inside.may_go.release(3)

    assert inside.came == ["/first", "/act", "/look"]


def test_who_looks_is_let_in_at_last_whoever_acts() -> None:
    inside = Inside()
    turnstile = Turnstile(inside, free=frozenset(), turns=1, patience_s=PATIENCE_S)

    with people() as person:
        person(turnstile, "/first", "POST", data={"granted": "1"})
        assert inside.entered.acquire(timeout=LONG_S)
        person(turnstile, "/look")
        # Nobody leaves, so it is patience that lets it in.
        let_in = inside.entered.acquire(timeout=LONG_S)
        inside.may_go.release(2)

    assert let_in
    assert inside.came == ["/first", "/look"]


def test_who_went_in_out_of_turn_makes_the_next_wait_for_two_to_leave() -> None:
    inside = Inside()
    turnstile = Turnstile(inside, free=frozenset(), turns=1, patience_s=PATIENCE_S)

    with people() as person:
        for path in ("/first", "/impatient"):
            person(turnstile, path)
            assert inside.entered.acquire(timeout=LONG_S)
        turnstile._turns._patience_s = LONG_S
        person(turnstile, "/third")
        until_outside(turnstile, 1)
        inside.may_go.release()
        stays_outside = not inside.entered.acquire(timeout=PATIENCE_S)
        inside.may_go.release(2)

    assert stays_outside
    assert inside.came == ["/first", "/impatient", "/third"]


def test_what_fails_gives_its_turn_back() -> None:
    def fails(_environ: Any, _start_response: Any) -> Iterable[bytes]:
        raise RuntimeError("on purpose")

    turnstile = Turnstile(fails, free=frozenset(), turns=1, patience_s=LONG_S)

    for _ in range(2):
        with pytest.raises(RuntimeError, match="on purpose"):
            ask(turnstile, "/")

    assert turnstile._turns._free == 1


def test_an_answer_that_is_still_being_sent_holds_no_turn() -> None:
    def streams(_environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return (piece for piece in (b"one", b"two"))

    turnstile = Turnstile(streams, free=frozenset(), turns=1, patience_s=LONG_S)

    body = turnstile(EnvironBuilder("/").get_environ(), lambda *_: lambda _: None)

    assert next(iter(body)) == b"one"
    assert turnstile._turns._free == 1


@pytest.mark.parametrize(
    ("path", "options"), [("/salud", {}), ("/", {"method": "POST", "data": b"x" * (MOST_BYTES + 1)})]
)
def test_health_and_what_is_long_to_send_wait_for_nobody(
    path: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(turns: Turns, *, acts: bool) -> None:
        raise AssertionError(f"a turn was asked for, acts={acts}")

    monkeypatch.setattr(Turns, "take", asked)
    inside = Inside()
    turnstile = Turnstile(inside, free=frozenset({"/salud"}), turns=0, patience_s=LONG_S)
    inside.may_go.release()

    ask(turnstile, path, **options)

    assert inside.came == [path]


def test_a_form_is_read_before_its_turn() -> None:
    """Whoever sends it slowly must not keep others out."""
    free_while_read = []

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            free_while_read.append(turnstile._turns._free)
            return super().read(size)

    inside = Inside()
    inside.may_go.release()
    turnstile = Turnstile(inside, free=frozenset(), turns=1, patience_s=LONG_S)

    body = ask(turnstile, "/", "POST", input_stream=Slow(b"reason=because"), content_length=14)

    assert body == b"reason=because"
    assert free_while_read == [1]


def test_the_site_stands_behind_it(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []
    take = Turns.take

    def noted(turns: Turns, *, acts: bool) -> None:
        taken.append(acts)
        take(turns, acts=acts)

    monkeypatch.setattr(Turns, "take", noted)
    client.get("/salud")
    client.get("/CertificadoAsistencia/Login")

    assert taken == [False]
