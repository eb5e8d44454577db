"""Requests of the demo that have waited for long: the clock has told of them, and the inbox says how late they are."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import local_date, working_days_between
from app.models import HistoryEvent, ProcessInstance, RetroactiveRequest, TaskStatus
from app.process import deadlines, definitions
from app.services.retroactive import Subject

# Past the outer limit of twenty, and on the last day but one of a term of ten.
PAST_THE_LIMIT, NEARLY_DUE = 23, 9


def make_earlier(session: Session, case: ProcessInstance, *, working_days: int) -> None:
    """Have a request for retroactive attendance been sent so many working days ago, with all that goes with it."""
    action = case.certificate.action
    today = local_date(datetime.now(UTC), action.time_zone)
    by = today - _working_day_ago(today, working_days, action.region)

    case.started_at -= by
    _request(session, case).requested_at -= by
    _last_event(session, case).at -= by
    described = definitions.diagram_of(case.definition).user_tasks
    for task in case.tasks:
        task.opened_at -= by
        if task.closed_at is not None:
            task.closed_at -= by
        if task.status is TaskStatus.OPEN:
            deadlines.set_for(session, task, described[task.key])
    session.flush()


def _working_day_ago(today: date, working_days: int, region: str) -> date:
    day = today
    while working_days_between(day, today, region) < working_days:
        day -= timedelta(days=1)
    return day


def _request(session: Session, case: ProcessInstance) -> RetroactiveRequest:
    subject = Subject.parse(case.subject)
    return session.scalars(
        select(RetroactiveRequest).where(
            RetroactiveRequest.participant_id == subject.participant_id,
            RetroactiveRequest.class_held_id == subject.class_held_id,
        )
    ).one()


def _last_event(session: Session, case: ProcessInstance) -> HistoryEvent:
    of_course = select(HistoryEvent).where(HistoryEvent.certificate_id == case.certificate_id)
    return session.scalars(of_course.order_by(HistoryEvent.id.desc()).limit(1)).one()
