"""The rows of what a case waits for: counted from when it begins to wait where its course is, and moved with the holidays."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from time_machine import travel

from app.models import AwaitedEvent, AwaitedStatus, Effect
from app.process import awaited
from app.services import effects, holidays
from tests.support.awaited import FIVE_DAYS, waiting
from tests.support.jobs import national_admin

# A Monday without holidays in the weeks after it; the place's days begin at three.
MONDAY = datetime(2026, 10, 19, 15, tzinfo=UTC)
FIVE_LATER, ONE_MORE = datetime(2026, 10, 27, 3, tzinfo=UTC), datetime(2026, 10, 28, 3, tzinfo=UTC)
THURSDAY = date(2026, 10, 22)


@pytest.fixture
def row(session: Session) -> AwaitedEvent:
    with travel(MONDAY, tick=False):
        return waiting(session, FIVE_DAYS)


def add(session: Session, region: str | None = None) -> int:
    with travel(MONDAY, tick=False):
        return holidays.add(session, day=THURSDAY, region=region, name="Por decreto", actor=national_admin()).id


def reschedule(session: Session) -> None:
    """What the worker does with what was asked."""
    wanted = select(Effect).where(Effect.kind == holidays.RESCHEDULE_AWAITED, effects.waits()).order_by(Effect.id)
    while found := session.scalars(wanted).first():
        awaited.reschedule(session, found.payload)
        effects.record_done(found)
        session.flush()
    session.expire_all()


def test_the_term_ends_when_its_last_day_is_over_where_the_course_is(row: AwaitedEvent) -> None:
    # Tuesday to Friday of that week and the next Monday.
    assert row.due_at == FIVE_LATER


@pytest.mark.parametrize(("region", "ends_at"), [(None, ONE_MORE), ("13", ONE_MORE), ("05", FIVE_LATER)])
def test_a_holiday_moves_the_end_where_it_is_one(
    session: Session, row: AwaitedEvent, region: str | None, ends_at: datetime
) -> None:
    add(session, region)
    reschedule(session)

    assert row.due_at == ends_at


def test_a_holiday_withdrawn_moves_it_back(session: Session, row: AwaitedEvent) -> None:
    holiday_id = add(session)
    reschedule(session)
    holidays.withdraw(session, holiday_id, actor=national_admin())
    reschedule(session)

    assert row.due_at == FIVE_LATER


def test_what_is_asked_for_already_is_not_moved(session: Session, row: AwaitedEvent) -> None:
    row.status = AwaitedStatus.ASKED
    add(session)
    reschedule(session)

    assert row.due_at == FIVE_LATER


def test_a_holiday_is_known_to_what_opens_after_it(session: Session) -> None:
    add(session)
    with travel(MONDAY, tick=False):
        row = waiting(session, FIVE_DAYS)

    assert row.due_at == ONE_MORE


def test_many_are_moved_a_chunk_at_a_time(session: Session, row: AwaitedEvent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(awaited, "CHUNK", 2)
    with travel(MONDAY, tick=False):
        rows = [row, *(waiting(session, FIVE_DAYS, row.instance.certificate) for _ in range(3))]

    add(session)
    reschedule(session)

    assert {one.due_at for one in rows} == {ONE_MORE}
