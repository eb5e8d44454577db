"""A server of ours is away for a moment: people read one sentence and lose nothing, and what needs no session goes on."""

import pytest
from flask import Flask
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis import Redis
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.adapters.embedded.network import free_port
from app.models import Certificate
from app.services import annulments, tokens
from app.services.intake import api_marks
from app.web.protection import limiter
from app.web.sessions import COOKIE
from tests.factories import CertificateFactory, TrainingActionFactory
from tests.support.database import ArrangedClient
from tests.support.tables import all_rows
from tests.web import machine
from tests.web.offices import provider
from tests.web.visitor import page_of, words

AWAY = "El servicio está detenido por un momento"
TYPED = "El participante llegó después de la gracia."


@pytest.fixture
def valkey_away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens where sessions and counters are."""
    address = f"redis://127.0.0.1:{free_port()}"
    monkeypatch.setattr(app.session_interface, "client", Redis.from_url(address))
    dead = storage_from_string(address)
    monkeypatch.setattr(limiter, "_storage", dead)
    monkeypatch.setattr(limiter, "_limiter", FixedWindowRateLimiter(dead))
    monkeypatch.setattr(limiter, "_storage_dead", False)


def test_a_page_without_its_session_says_so_in_one_sentence(client: ArrangedClient, valkey_away: None) -> None:
    client.set_cookie(COOKIE, "anybody")

    assert AWAY in words(page_of(client.get("/bandeja"), 503))


def test_an_answer_is_told_even_if_the_session_cannot_be_kept(
    app: Flask, session: Session, client: ArrangedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = CertificateFactory(issued=True)
    visitor = provider(client, certificate)
    form = visitor.fill(visitor.read(address(certificate)), "Enviar Solicitud", reason=TYPED)
    nobody = Redis.from_url(f"redis://127.0.0.1:{free_port()}")
    monkeypatch.setattr(app.session_interface, "_upsert_session", lambda *_: nobody.set("a", "b"))

    sent = client.post(address(certificate), data=form)

    assert (sent.status_code, sent.headers["Location"]) == (303, f"/acciones/{certificate.action.code}")
    session.expire_all()
    assert len(annulments.requests_of(session, certificate.action_id)) == 1


def test_who_needs_no_session_goes_on(session: Session, client: ArrangedClient, valkey_away: None) -> None:
    action = TrainingActionFactory(participants=1, classes=1)
    token = tokens.create(session, rut=action.otec.rut, label="Lector 1")

    sent = machine.send(client, token, machine.mark(session, action))

    assert machine.outcomes(sent) == [("accepted",)]
    assert client.get("/salud").status_code == 200


def test_nobody_is_let_in_more_often_while_the_counters_are_away(client: ArrangedClient, valkey_away: None) -> None:
    limit = 120

    statuses = [machine.send(client, "constancia_nobody").status_code for _ in range(limit + 1)]

    assert statuses == [401] * limit + [429]


def let_go(session: Session, *_: object, **__: object) -> None:
    session.execute(text("SET LOCAL statement_timeout = '50ms'"))
    session.execute(text("SELECT pg_sleep(5)"))


@pytest.fixture
def slow_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL lets go of the statement that records a request."""

    monkeypatch.setattr(annulments, "request", let_go)


def test_where_the_database_lets_go_nothing_is_done_and_what_was_typed_stays(
    session: Session, client: ArrangedClient, slow_database: None
) -> None:
    certificate = CertificateFactory(issued=True)
    visitor = provider(client, certificate)
    form = visitor.fill(visitor.read(address(certificate)), "Enviar Solicitud", reason=TYPED)
    session.commit()
    before = all_rows(session)

    page = page_of(client.post(address(certificate), data=form), 503)

    assert AWAY in words(page)
    assert all_rows(session) == before
    (way_back,) = page.select(f"main a[href='{address(certificate)}']")
    assert visitor.read(str(way_back["href"])).select_one("textarea").text.strip() == TYPED  # type: ignore[union-attr]


def test_a_device_is_told_to_send_the_same_again(
    session: Session, client: ArrangedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = TrainingActionFactory(participants=1, classes=1)
    token = tokens.create(session, rut=action.otec.rut, label="Lector 1")
    with monkeypatch.context() as away:
        away.setattr(api_marks, "take_in", let_go)
        assert machine.problem(machine.send(client, token, machine.mark(session, action))) == (503, "unavailable")

    again = machine.send(client, token, machine.mark(session, action))

    assert machine.outcomes(again) == [("accepted",)]


def address(certificate: Certificate) -> str:
    return f"/acciones/{certificate.action.code}/anulacion"
