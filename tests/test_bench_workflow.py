"""The approval written by hand, which ours is measured beside: it keeps the promises that a good one would."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, Table, func, select, text
from sqlalchemy.orm import Session

from bench import approvals, cases
from bench.approvals import Contestant, HandWritten, Ours
from bench.cases import pair
from bench.counting import CountingBrowser, queries_per_action
from bench.handwritten import factory, models

REQUESTS = 13


@pytest.fixture
def by_hand(live: Flask, owner: Engine, live_session: Session) -> Iterator[Flask]:
    """The hand-written application beside ours, with two courses of one client."""
    cases.load(live_session, [2])
    live_session.commit()
    app = factory.create_app(live.extensions["settings"])
    factory.create_tables(live.extensions["settings"])
    yield app
    app.extensions["engine"].dispose()
    # What the test looked at would keep its table.
    live_session.rollback()
    with owner.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {models.SCHEMA} CASCADE"))


def signed_in(app: Flask, contestant: Contestant) -> tuple[CountingBrowser, CountingBrowser]:
    both = CountingBrowser(app), CountingBrowser(app)
    contestant.sign_in(pair(0), *both)
    return both


def rows(session: Session, table: Table) -> int:
    return session.scalars(select(func.count()).select_from(table)).one()


def test_a_case_by_hand_leaves_folio_history_tokens_and_what_is_to_be_done(
    by_hand: Flask, live_session: Session
) -> None:
    HandWritten().case(*signed_in(by_hand, HandWritten()), *pair(0).courses([0]))

    certificate = live_session.scalars(select(models.Certificate)).one()
    request = live_session.scalars(select(models.Request)).one()
    counts = {name: rows(live_session, table) for name, table in models.Base.metadata.tables.items()}
    assert certificate.folio_number == 1
    assert len(certificate.snapshot["participants"]) == cases.PARTICIPANTS
    assert request.granted is True
    assert request.requested_by_id != request.decided_by_id
    assert [counts[f"handwritten.{name}"] for name in ("event", "used_token", "outbox")] == [3, 4, 4]


def test_by_hand_too_the_same_form_sent_twice_acts_once(by_hand: Flask, live_session: Session) -> None:
    provider, _ = signed_in(by_hand, HandWritten())
    (code,) = pair(0).courses([0])
    form = provider.open(f"/courses/{code}/issue").hidden() | {"document_reference": approvals.REFERENCE}
    review = provider.send(f"/courses/{code}/issue", form)
    accepted = provider.open(review).hidden()

    assert provider.send(review, accepted) == provider.send(review, accepted)
    assert rows(live_session, models.Base.metadata.tables["handwritten.certificate"]) == 1


def test_both_take_as_many_requests(by_hand: Flask, live: Flask) -> None:
    for contestant, app in ((HandWritten(), by_hand), (Ours(), live)):
        *_, total, _ = queries_per_action(contestant, app, 1)

        assert total.reference == f"{REQUESTS} requests"
