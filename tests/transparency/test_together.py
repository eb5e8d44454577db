"""Many who issue and many who append, with real commits: each fact gets one place, and nobody waits who need not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.models import Issuance, LogHead, LogLeaf, LogPending
from app.services import transparency
from app.unit_of_work import unit_of_work
from tests.factories import CertificateFactory
from tests.support.effects import eventually
from tests.support.transparency import leaves, log_key, root_over

HOW_MANY = 6


def add_request(session: Session, issuance: Issuance, sequence: int) -> None:
    session.execute(
        text(
            "INSERT INTO annulment_request"
            " (issuance_id, sequence, reason, requested_at, requested_by_id, requested_for_id)"
            " VALUES (:issuance, :sequence, 'motivo', :at, :person, :otec)"
        ),
        {
            "issuance": issuance.id,
            "sequence": sequence,
            "at": datetime.now(UTC),
            "person": issuance.issued_by_id,
            "otec": issuance.issued_for_id,
        },
    )


def seal(live: Flask) -> None:
    with live.app_context(), unit_of_work() as session:
        transparency.seal(session, log_key(live))


def test_facts_and_those_who_append_them_at_once_make_one_log(
    live: Flask, live_session: Session, engine: Engine
) -> None:
    issuances = [CertificateFactory(issued=True).issuances[0] for _ in range(HOW_MANY)]
    live_session.commit()

    def record(number: int) -> None:
        with Session(engine) as session, session.begin():
            add_request(session, session.get_one(Issuance, ids[number % HOW_MANY]), 1 + number // HOW_MANY)

    ids = [issuance.id for issuance in issuances]
    with ThreadPoolExecutor(8) as pool:
        done = [pool.submit(record, number) for number in range(5 * HOW_MANY)]
        done += [pool.submit(seal, live) for _ in range(5 * HOW_MANY)]
        for one in done:
            one.result()
    seal(live)

    found = leaves(live_session)
    assert [leaf.index for leaf in found] == list(range(6 * HOW_MANY))
    for head in live_session.scalars(select(LogHead)):
        assert head.root == root_over(found[: head.size])


def test_whoever_appends_waits_for_the_one_before(live: Flask, live_session: Session, engine: Engine) -> None:
    issuance = CertificateFactory(issued=True).issuances[0]
    live_session.commit()

    with ThreadPoolExecutor(1) as pool, Session(engine) as before:
        transparency.integrate(before)
        add_request(live_session, issuance, 1)
        live_session.commit()
        after = pool.submit(seal, live)
        assert eventually(lambda: _waits_for_the_log(engine))
        before.commit()
        after.result()

    assert [leaf.kind.value for leaf in leaves(live_session)] == ["issuance", "annulment_request"]


def _waits_for_the_log(engine: Engine) -> bool:
    with engine.connect() as connection:
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        return bool(connection.execute(text(waiting)).scalar_one() == 1)


def test_a_fact_under_way_is_not_waited_for_and_comes_in_after_its_commit(
    live: Flask, live_session: Session, engine: Engine
) -> None:
    first, second = (CertificateFactory(issued=True).issuances[0] for _ in range(2))
    live_session.commit()
    seal(live)

    with Session(engine) as slow:
        add_request(slow, slow.get_one(Issuance, first.id), 1)
        slow.flush()
        add_request(live_session, second, 1)
        live_session.commit()
        seal(live)
        before = live_session.scalars(select(LogLeaf.index)).all()
        live_session.rollback()
        slow.commit()
    seal(live)

    assert len(before) == 3
    assert len(leaves(live_session)) == 4
    assert live_session.scalars(select(LogPending)).all() == []


def test_what_is_rolled_back_never_waits_for_the_log(live: Flask, live_session: Session) -> None:
    CertificateFactory(issued=True)
    live_session.rollback()

    seal(live)

    assert leaves(live_session) == []
