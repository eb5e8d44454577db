"""When what cases wait for has come: asked for once, by the clock or by a fact, and by nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AwaitedStatus, Certificate, Effect, HistoryEvent, ProcessDefinition
from app.process.messages import MESSAGES
from app.services import awaited, history, timers
from app.services.history import EventKind
from tests.factories import CertificateFactory, PersonFactory, director_of
from tests.support import stories
from tests.support.awaited import ANNULLED, FIVE_DAYS, STEPS, asked, let_pass, waiting


@pytest.fixture
def certificate(session: Session) -> Certificate:
    """Its annulment is asked for and not decided, nor is a request about attendance."""
    certificate: Certificate = CertificateFactory(steps=STEPS)
    return certificate


def grant(certificate: Certificate) -> None:
    director = PersonFactory(profiles=[director_of(certificate.action.region)])
    stories.tell(certificate, ["grant"], issuer=PersonFactory(profiles=[director_of("05")]), director=director)


def beat(session: Session) -> int:
    found = awaited.ask_due(session, now=timers.clock(session))
    session.expire_all()
    return found


def begins_with(session: Session, message: str, **columns: object) -> ProcessDefinition:
    """A version that a fact begins, published an hour ago."""
    published_at = datetime.now(UTC) - timedelta(hours=1)
    definition = ProcessDefinition(
        process_id="follow_up",
        version=1,
        content_sha256="",
        xml="",
        begins_with=message,
        author="repositorio",
        approver="instalación",
        published_at=published_at,
        **{"starts_at": published_at, **columns},
    )
    session.add(definition)
    session.flush()
    return definition


def test_a_term_that_is_over_is_asked_for_once(session: Session, certificate: Certificate) -> None:
    row = waiting(session, FIVE_DAYS, certificate)
    let_pass(session, row)

    assert [beat(session), beat(session)] == [1, 0]
    (effect,) = asked(session, awaited.HAPPEN)
    assert (effect.identity, effect.payload) == (f"awaited:{row.id}", {"awaited_id": row.id})
    assert row.status is AwaitedStatus.ASKED


def test_a_term_that_runs_is_not(session: Session, certificate: Certificate) -> None:
    row = waiting(session, FIVE_DAYS, certificate)

    assert beat(session) == 0
    assert (row.status, list(asked(session, awaited.HAPPEN))) == (AwaitedStatus.WAITING, [])


def test_after_a_long_time_without_a_clock_it_is_some_at_a_time(
    session: Session, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(awaited, "CHUNK", 2)
    for _ in range(3):
        let_pass(session, waiting(session, FIVE_DAYS, certificate))

    assert [beat(session), beat(session), beat(session)] == [2, 1, 0]


def test_a_fact_that_nobody_waits_for_is_told_to_nobody(session: Session, certificate: Certificate) -> None:
    grant(certificate)

    assert list(asked(session, awaited.DELIVER)) == []


def test_a_fact_is_told_to_the_case_that_waits_for_it(session: Session, certificate: Certificate) -> None:
    row = waiting(session, ANNULLED, certificate)

    grant(certificate)
    (telling,) = asked(session, awaited.DELIVER)
    awaited.deliver(session, telling.payload)
    awaited.deliver(session, telling.payload)
    session.expire_all()

    assert row.status is AwaitedStatus.ASKED
    assert [effect.payload for effect in asked(session, awaited.HAPPEN)] == [{"awaited_id": row.id}]


def test_nor_to_one_that_waits_for_another_fact_or_about_another_certificate(
    session: Session, certificate: Certificate
) -> None:
    others = [waiting(session, ANNULLED), waiting(session, ANNULLED, certificate)]
    others[1].message = "annulments/denied"
    waiting(session, ANNULLED, certificate)

    grant(certificate)
    (telling,) = asked(session, awaited.DELIVER)
    awaited.deliver(session, telling.payload)
    session.expire_all()

    assert {row.status for row in others} == {AwaitedStatus.WAITING}


def test_one_that_began_to_wait_after_the_fact_waits_for_the_next(session: Session, certificate: Certificate) -> None:
    before = waiting(session, ANNULLED, certificate)
    grant(certificate)
    after = waiting(session, ANNULLED, certificate)

    (telling,) = asked(session, awaited.DELIVER)
    awaited.deliver(session, telling.payload)
    session.expire_all()

    assert (before.status, after.status) == (AwaitedStatus.ASKED, AwaitedStatus.WAITING)


def test_a_fact_begins_the_process_whose_current_version_begins_with_it(
    session: Session, certificate: Certificate
) -> None:
    begins_with(session, "certificates/annulled")

    grant(certificate)
    (telling,) = asked(session, awaited.DELIVER)
    awaited.deliver(session, telling.payload)
    awaited.deliver(session, telling.payload)

    (start,) = asked(session, awaited.START)
    event = session.scalars(select(HistoryEvent).where(HistoryEvent.kind == EventKind.ANNULMENT_GRANTED)).one()
    assert start.payload == {"event_id": event.id, "certificate_id": certificate.id, "process_id": "follow_up"}


@pytest.mark.parametrize("why_not", ["another fact", "not begun yet", "retired"])
def test_a_version_that_does_not_begin_with_it_now_is_not_begun(
    session: Session, certificate: Certificate, why_not: str
) -> None:
    now = datetime.now(UTC)
    columns = {"not begun yet": {"starts_at": now + timedelta(days=1)}, "retired": {"retired_at": now}}
    message = "certificates/issued" if why_not == "another fact" else "certificates/annulled"
    begins_with(session, message, **columns.get(why_not, {}))

    grant(certificate)

    assert list(asked(session, awaited.DELIVER)) == []


def test_what_is_asked_for_is_rung(session: Session, certificate: Certificate) -> None:
    waiting(session, ANNULLED, certificate)

    history.record(session, certificate.id, EventKind.ANNULMENT_GRANTED, actor_id=None)

    effect: Effect = asked(session, awaited.DELIVER)[0]
    assert effect.queue in session.info["queues_to_ring"]


def test_the_catalogue_describes_every_fact_that_is_told(session: Session) -> None:
    assert {fact.kind for fact in MESSAGES.values()} == set(history.MESSAGES)
    assert all(history.MESSAGES[fact.kind] == name for name, fact in MESSAGES.items())
    assert all(fact.title and fact.description.endswith(".") for fact in MESSAGES.values())
