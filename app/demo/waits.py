"""Requests of the demo that have waited for long: the clock has told of them, and the inbox says how late they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.domain.deadlines import local_date, working_days_between
from app.models import HistoryEvent, ProcessInstance, RetroactiveRequest, TaskStatus, TrainingAction
from app.process import deadlines, definitions

# Past the outer limit of twenty, and on the last day but one of a term of ten.
PAST_THE_LIMIT, NEARLY_DUE = 23, 9


def ago(action: TrainingAction, working_days: int) -> timedelta:
    """How long ago so many working days began to run, where the course is."""
    today = local_date(datetime.now(UTC), action.time_zone)
    return today - _working_day_ago(today, working_days, action.region)


@contextmanager
def written(session: Session, by: timedelta) -> Iterator[None]:
    """The requests and events that are written in here were so long ago: later nobody may date them anew."""

    def date_back(session: Session, *_: object) -> None:
        for row in session.new:
            if isinstance(row, RetroactiveRequest):
                row.requested_at -= by
            elif isinstance(row, HistoryEvent):
                row.at -= by

    event.listen(session, "before_flush", date_back)
    try:
        yield
        session.flush()
    finally:
        event.remove(session, "before_flush", date_back)


def make_earlier(session: Session, case: ProcessInstance, by: timedelta) -> None:
    """Have the case wait since then, with the terms that follow."""
    case.started_at -= by
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
