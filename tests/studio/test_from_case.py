"""A finished case that awaited terms and facts goes the same way again, by the days that really passed."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.models import AwaitedEvent, AwaitedStatus, HumanTask, ProcessInstance, TaskStatus
from app.process import packages, runner
from app.process.studio import from_case
from app.process.trials.replaying import replay
from app.process.trials.steps import Advance, Answer, Arrive, Step
from app.process.trials.trial import Kind, Trial
from app.services import awaited, timers
from tests.factories import CertificateFactory
from tests.process.test_happening import decide
from tests.support import waits
from tests.support.awaited import let_pass
from tests.support.database import rewriting
from tests.support.effects import perform_all
from tests.support.stories import actor_of

ASKED_ON = datetime(2026, 3, 2, 15, tzinfo=UTC)
# The days of the place begin at three: five working days were over with Monday the ninth, thirty more with 22 April.
PAUSE_OVER, LATE_OVER = datetime(2026, 3, 10, 3, tzinfo=UTC), datetime(2026, 4, 23, 4, tzinfo=UTC)
DECIDED_ON = datetime(2026, 3, 12, 18, tzinfo=UTC)


def over(app: Flask, session: Session, key: str) -> None:
    let_pass(session, waits.awaited(session, key))
    awaited.ask_due(session, now=timers.clock(session))
    perform_all(app, session)


def happened_at(session: Session, case: ProcessInstance, times: dict[str, datetime]) -> None:
    """As if each thing had been when it should have."""
    with rewriting(session):
        case.started_at = ASKED_ON
        case.ended_at = max(times.values())
        both: list[HumanTask | AwaitedEvent] = [*case.tasks, *case.awaited]
        for one in both:
            if one.key in times and one.closed_at is not None:
                one.opened_at = ASKED_ON
                one.closed_at = times[one.key]
        for row in case.awaited:
            if row.key in times and row.due_at is not None:
                row.due_at = times[row.key]
    session.expire_all()


def again(session: Session, case: ProcessInstance) -> tuple[tuple[Step, ...], Trial]:
    given, steps = from_case.steps_of(session, case.process_id, case.id)
    return steps, replay(packages.of(case.definition), steps, given=given)


@pytest.fixture
def case(app: Flask, session: Session) -> ProcessInstance:
    """An annulment was asked for, and the days before anybody is asked are over."""
    waits.published(session, waits.annulment(), waits.FORMS)
    CertificateFactory(requested=True)
    over(app, session, waits.PAUSE)
    return waits.last_case(session, "annulment")


def test_enough_days_go_by_for_a_term_to_be_over(session: Session, case: ProcessInstance) -> None:
    decide(session, case.certificate)
    times = {"request_annulment": ASKED_ON, waits.PAUSE: PAUSE_OVER, "decide_annulment": DECIDED_ON}
    happened_at(session, waits.last_case(session, "annulment"), times)

    steps, trial = again(session, waits.last_case(session, "annulment"))

    assert steps == (
        Answer("request_annulment", {}),
        Advance(6),
        Advance(2),
        Answer("decide_annulment", {"granted": True}),
    )
    assert (trial.stopped, trial.outcome, trial.today) == ("", "annulment_granted", date(2026, 3, 12))


def test_a_case_that_a_term_took_away_goes_that_way_again(app: Flask, session: Session, case: ProcessInstance) -> None:
    over(app, session, waits.LATE)
    times = {"request_annulment": ASKED_ON, waits.PAUSE: PAUSE_OVER, waits.LATE: LATE_OVER}
    happened_at(session, waits.last_case(session, "annulment"), times)

    steps, trial = again(session, waits.last_case(session, "annulment"))

    assert isinstance(steps[-1], Advance)
    # On the way the term in the middle was over too, and asks for a call that nobody made.
    assert (trial.stopped, [task.key for task in trial.waiting]) == ("", [waits.CALL])
    assert waits.LATE in {one.about for one in trial.events if one.kind is Kind.TIMER}


def test_a_fact_comes_again_where_it_came(app: Flask, session: Session) -> None:
    waits.published(session, waits.replacement())
    certificate = CertificateFactory(requested=True)
    owner = actor_of(certificate.issuances[0].issued_by)
    runner.start(session, "replacement", certificate_id=certificate.id, actor=owner)
    decide(session, certificate)
    perform_all(app, session)
    case = waits.last_case(session, "replacement")
    assert {row.status for row in case.awaited} == {AwaitedStatus.HAPPENED}
    (task,) = case.tasks
    runner.complete_task(session, task_id=task.id, actor=owner, answers={"document_reference": "4521"})
    assert task.status is TaskStatus.COMPLETED

    steps, trial = again(session, case)

    assert [type(step) for step in steps] == [Arrive, Answer]
    assert (trial.stopped, trial.outcome) == ("", "replaced")
