"""Cases of real diagrams that go on when nobody acts: a term is over, a fact came, a fact begins one."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.errors import AlreadyDecided
from app.domain.permissions import Profile
from app.models import (
    AwaitedStatus,
    Certificate,
    Effect,
    HistoryEvent,
    Incident,
    InstanceStatus,
    TaskStatus,
)
from app.process import runner
from app.services import awaited, effects, incidents, timers
from app.services.history import EventKind
from tests.factories import CertificateFactory, PersonFactory, director_of
from tests.support import stories, waits
from tests.support.awaited import let_pass
from tests.support.database import rewriting
from tests.support.effects import perform_all, run
from tests.support.jobs import somebody
from tests.support.stories import actor_of

Pass = Callable[[str], None]
DECIDED = {"granted": True, "reason": stories.WHY_DECIDED}


@pytest.fixture
def certificate(session: Session) -> Certificate:
    """Its annulment is asked for, and a term has to pass before it is decided."""
    waits.published(session, waits.annulment(), waits.FORMS)
    certificate: Certificate = CertificateFactory(requested=True)
    return certificate


@pytest.fixture
def over(app: Flask, session: Session) -> Pass:
    """The term of an event is over, the clock comes by, and a worker does what is asked."""

    def let(key: str) -> None:
        let_pass(session, waits.awaited(session, key))
        awaited.ask_due(session, now=timers.clock(session))
        perform_all(app, session)

    return let


def decide(session: Session, certificate: Certificate) -> None:
    director = actor_of(PersonFactory(profiles=[director_of(certificate.action.region)]))
    task = waits.task(session, "decide_annulment")
    assert task is not None
    runner.complete_task(session, task_id=task.id, actor=director, answers=DECIDED)


def status(session: Session, key: str) -> TaskStatus | None:
    task = waits.task(session, key)
    return task.status if task else None


def test_nobody_is_asked_before_the_term_is_over(session: Session, certificate: Certificate) -> None:
    case = waits.last_case(session, "annulment")
    (row,) = case.awaited

    assert (row.key, row.status, row.term) == (waits.PAUSE, AwaitedStatus.WAITING, "plazo_habil(5)")
    assert (case.status, runner.waiting_task(case)) == (InstanceStatus.OPEN, None)


def test_when_it_is_the_next_is_asked(session: Session, certificate: Certificate, over: Pass) -> None:
    over(waits.PAUSE)

    row = waits.awaited(session, waits.PAUSE)
    assert row.status is AwaitedStatus.HAPPENED
    assert status(session, "decide_annulment") is TaskStatus.OPEN
    assert {one.key for one in row.instance.awaited if one.is_open} == {waits.SOON, waits.LATE}


def test_an_answer_in_time_leaves_nothing_to_wait_for(session: Session, certificate: Certificate, over: Pass) -> None:
    over(waits.PAUSE)
    decide(session, certificate)

    case = waits.last_case(session, "annulment")
    assert (case.status, case.outcome) == (InstanceStatus.COMPLETED, "annulment_granted")
    assert [one.key for one in case.awaited if one.status is AwaitedStatus.CANCELLED] == [waits.SOON, waits.LATE]


def test_a_term_on_the_edge_of_a_task_takes_it_away(session: Session, certificate: Certificate, over: Pass) -> None:
    over(waits.PAUSE)
    over(waits.LATE)

    case = waits.last_case(session, "annulment")
    assert status(session, "decide_annulment") is TaskStatus.CANCELLED
    assert (case.status, case.outcome) == (InstanceStatus.COMPLETED, "request_expired")
    assert waits.awaited(session, waits.SOON).status is AwaitedStatus.CANCELLED


def test_who_answers_after_it_is_told_that_nothing_waits(
    session: Session, certificate: Certificate, over: Pass
) -> None:
    over(waits.PAUSE)
    over(waits.LATE)

    with pytest.raises(AlreadyDecided, match=r"^Esta tarea ya no está pendiente\. Vuelva a la bandeja"):
        decide(session, certificate)


def test_one_that_does_not_take_it_away_asks_somebody_beside_it(
    session: Session, certificate: Certificate, over: Pass
) -> None:
    over(waits.PAUSE)
    over(waits.SOON)

    assert {status(session, key) for key in ("decide_annulment", waits.CALL)} == {TaskStatus.OPEN}
    assert waits.awaited(session, waits.LATE).status is AwaitedStatus.WAITING

    decide(session, certificate)

    # The main way is over; the case is when the side branch is.
    assert waits.last_case(session, "annulment").status is InstanceStatus.OPEN
    assert status(session, waits.CALL) is TaskStatus.OPEN


def test_nobody_is_named_for_what_time_did(session: Session, certificate: Certificate, over: Pass) -> None:
    before = session.scalars(select(HistoryEvent.id)).all()

    over(waits.PAUSE)

    assert session.scalars(select(HistoryEvent.id)).all() == before


def test_asked_twice_it_happens_once(app: Flask, session: Session, certificate: Certificate, over: Pass) -> None:
    over(waits.PAUSE)
    version = waits.last_case(session, "annulment").version

    again(app, session, awaited.HAPPEN)

    assert waits.last_case(session, "annulment").version == version
    assert session.scalars(select(Effect.done_at).where(Effect.kind == awaited.HAPPEN)).one() is not None


def test_a_fact_wakes_another_case_of_the_certificate(app: Flask, session: Session) -> None:
    waits.published(session, waits.replacement())
    certificate = CertificateFactory(requested=True)
    owner = certificate.issuances[0].issued_by
    runner.start(session, "replacement", certificate_id=certificate.id, actor=actor_of(owner))
    case = waits.last_case(session, "replacement")
    assert runner.waiting_task(case) is None

    decide(session, certificate)
    perform_all(app, session)

    task = runner.waiting_task(waits.last_case(session, "replacement"))
    assert task is not None
    assert task.key == "write_reference"
    assert waits.awaited(session, "is_annulled").status is AwaitedStatus.HAPPENED


def test_a_fact_begins_a_case_in_the_name_of_who_is_behind_it(app: Flask, session: Session) -> None:
    waits.published(session, waits.follow_up())
    certificate = CertificateFactory(issued=True)
    perform_all(app, session)

    case = waits.last_case(session, "follow_up")
    issued = session.scalars(select(HistoryEvent).where(HistoryEvent.kind == EventKind.ISSUED)).one()
    assert (case.certificate_id, case.begun_by_event_id) == (certificate.id, issued.id)
    assert case.started_by_id == certificate.issuances[0].issued_by_id
    assert [one.key for one in case.awaited if one.is_open] == ["wait_a_day"]


def test_told_twice_it_begins_one(app: Flask, session: Session) -> None:
    waits.published(session, waits.follow_up())
    CertificateFactory(issued=True)
    perform_all(app, session)
    for kind in (awaited.DELIVER, awaited.START):
        again(app, session, kind)

    assert len(waits.cases(session, "follow_up")) == 1


def test_where_one_is_open_none_is_begun(app: Flask, session: Session) -> None:
    waits.published(session, waits.follow_up())
    CertificateFactory(steps=("issue", "request", "grant", "issue"))
    perform_all(app, session)

    starts = session.scalars(select(Effect).where(Effect.kind == awaited.START)).all()
    assert [effect.done_at is not None for effect in starts] == [True, True]
    assert len(waits.cases(session, "follow_up")) == 1


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        ("gone", "La operación «gone» no existe."),
        ("certificates/check_may_issue", "las reglas no permiten ahora el paso que sigue."),
    ],
)
def test_a_case_that_cannot_go_on_stands_where_it_was_and_goes_on_when_it_is_mended(
    app: Flask, session: Session, operation: str, reason: str
) -> None:
    waits.published(session, waits.follow_up())
    certificate = CertificateFactory(issued=True)
    perform_all(app, session)
    sound = waits.last_case(session, "follow_up").definition.xml
    rewrite(session, sound.replace("documents/request", operation))
    let_pass(session, waits.awaited(session, "wait_a_day"))
    awaited.ask_due(session, now=timers.clock(session))
    again(app, session, awaited.HAPPEN, times=effects.TRIES)

    incident = session.scalars(select(Incident)).one()
    assert waits.awaited(session, "wait_a_day").status is AwaitedStatus.ASKED
    assert incident.reason.startswith(f"Curso {certificate.action.code}: {reason}")

    rewrite(session, sound)
    incidents.retry(session, incident.id, somebody(Profile.OPERATOR))
    perform_all(app, session)

    assert waits.awaited(session, "wait_a_day").status is AwaitedStatus.HAPPENED
    assert waits.last_case(session, "follow_up").outcome == "followed"


def rewrite(session: Session, xml: str) -> None:
    """The diagram that the case runs on, as nobody could change it."""
    definition = waits.last_case(session, "follow_up").definition
    with rewriting(session):
        definition.xml, definition.content_sha256 = xml, sha256(xml.encode()).hexdigest()
    session.commit()


def again(app: Flask, session: Session, kind: str, *, times: int = 1) -> None:
    """Effects of a kind performed, whether they were before or not."""
    session.execute(update(Effect).where(Effect.kind == kind).values(done_at=None))
    session.commit()
    found = session.scalars(select(Effect.id).where(Effect.kind == kind)).all()
    session.commit()
    run(app, *[*found] * times)
    session.expire_all()
