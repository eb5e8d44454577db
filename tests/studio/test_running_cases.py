"""What is published changes new cases and no running one: terms, steps and the way to the end."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.deadlines import add_working_days, local_date
from app.models import Certificate, HumanTask, InstanceStatus, ProcessDefinition
from app.process import definitions
from app.process.studio import drafts, proposals, steps
from app.process.studio.steps import NewStep
from app.web.filters import last_day
from tests.factories import CertificateFactory
from tests.studio.analysts import FIFTEEN_DAYS, TEN_DAYS, actor_of, analyst, begun
from tests.support.database import rewriting
from tests.web.offices import director, task_address, waiting

REVIEW = NewStep(
    "decided", "userTask", "second_review", "Revisar la resolución", "regional_direction", "annulment_decision"
)


def published(session: Session, starts_at: datetime | None = None) -> ProcessDefinition:
    """Fifteen days instead of ten, and a second step of the regional direction after the first."""
    author = analyst()
    draft, actor = begun(session, author), actor_of(author)
    xml = steps.with_step(draft.xml.replace(TEN_DAYS, FIFTEEN_DAYS), REVIEW)
    drafts.save(session, draft.id, xml=xml, version=1, actor=actor)
    proposals.propose(session, draft.id, version=2, note="Resolución 12", starts_at=starts_at, actor=actor)
    return proposals.approve(session, draft.id, version=3, against=1, actor=actor_of(analyst()))


def days_of(session: Session, certificate: Certificate, days: int) -> tuple[str, str]:
    """The last day of the task that waits, and that of so many working days from its beginning."""
    task = waiting(session, certificate)
    assert task.due_at is not None
    zone = certificate.action.time_zone
    last = add_working_days(local_date(task.opened_at, zone), days, certificate.action.region)
    return last_day(task.due_at, zone), f"{last:%d/%m/%Y}"


@pytest.fixture
def running(session: Session) -> Certificate:
    certificate: Certificate = CertificateFactory(requested=True)
    return certificate


def test_the_next_request_follows_the_new_version_and_the_running_one_does_not(
    session: Session, running: Certificate
) -> None:
    published(session)

    later = CertificateFactory(requested=True)

    kept, ten = days_of(session, running, 10)
    given, fifteen = days_of(session, later, 15)
    assert (kept, given) == (ten, fifteen)
    assert waiting(session, running).instance.definition.version == 1
    assert waiting(session, later).instance.definition.version == 2


def test_the_running_one_ends_without_the_step_that_the_new_version_adds(
    client: FlaskClient, session: Session, running: Certificate
) -> None:
    published(session)
    later = CertificateFactory(requested=True)

    for certificate in (running, later):
        director(client).send(task_address(session, certificate), "Aprobar", reason="Se revisó.")

    session.expire_all()
    tasks = {one.instance.certificate_id: one for one in session.query(HumanTask).filter_by(key="decide_annulment")}
    assert tasks[running.id].instance.status is InstanceStatus.COMPLETED
    assert waiting(session, later).key == "second_review"


def test_until_it_starts_new_cases_follow_the_version_before(session: Session) -> None:
    version = published(session, datetime.now(UTC) + timedelta(hours=1))
    before = CertificateFactory(requested=True)
    with rewriting(session):
        session.execute(text("UPDATE process_definition SET published_at = starts_at - interval '2 hours'"))
        session.execute(text("UPDATE process_definition SET starts_at = published_at"))
    session.expire_all()

    after = CertificateFactory(requested=True)

    assert waiting(session, before).instance.definition.version == 1
    assert waiting(session, after).instance.definition.version == version.version
    assert definitions.current(session, "annulment").version == version.version
