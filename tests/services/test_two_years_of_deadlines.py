"""Twenty-four simulated months of deadlines in four zones, across both changes of hour, with the clock out at times."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.deadlines import is_working_day, local_date
from app.models import HistoryEvent, Holiday, HumanTask, TaskTimer, TimerKind
from app.services import timers
from app.services.history import EventKind
from tests.factories import PersonFactory
from tests.support.letters import certificate_at, waiting_task
from tests.support.timers import another, letters_about_timers

PLACES = (
    ("13", "America/Santiago"),
    ("05", "Pacific/Easter"),
    ("12", "America/Punta_Arenas"),
    ("11", "America/Coyhaique"),
)
BEGIN, END = datetime(2026, 1, 5, tzinfo=UTC), datetime(2028, 1, 5, tzinfo=UTC)
# Long enough after the last task for its outer limit, holidays included.
LAST_BEAT = END + timedelta(days=50)
CHANGES = [datetime(y, m, d, 3, 30, tzinfo=UTC) for y, m, d in ((2026, 4, 5), (2026, 9, 6), (2027, 4, 4), (2027, 9, 5))]
# The clock is out so long from just before a first reminder falls due after that: once right after a change of hour.
OUTAGES = {
    CHANGES[3]: timedelta(hours=1),
    datetime(2026, 11, 17, tzinfo=UTC): timedelta(days=1),
    datetime(2027, 5, 3, tzinfo=UTC): timedelta(days=31),
}
TASKS = 25
ADDED = [(date(2026, 9, 7), None), (date(2027, 2, 10), "12"), (date(2027, 6, 1), None)]


Outages = Sequence[tuple[datetime, timedelta]]


def outages_of(due: Sequence[datetime]) -> Outages:
    firsts = {after: min(at for at in due if at > after) for after in OUTAGES}
    return [(first - timedelta(minutes=30), OUTAGES[after]) for after, first in firsts.items()]


def beats(outages: Outages) -> Iterator[datetime]:
    """Every seventeen hours; every half hour in the days around a change of hour."""
    now = BEGIN
    while now < LAST_BEAT:
        if not any(begin <= now < begin + length for begin, length in outages):
            yield now
        near = any(abs(now - change) < timedelta(hours=30) for change in CHANGES)
        now += timedelta(minutes=30) if near else timedelta(hours=17)


def open_tasks(session: Session) -> list[HumanTask]:
    """In each place one a month, at all hours of the day."""
    added_by = PersonFactory().id
    session.add_all(
        Holiday(day=day, region=region, name="Por decreto", added_at=BEGIN, added_by_id=added_by)
        for day, region in ADDED
    )
    opened: list[HumanTask] = []
    for region, zone in PLACES:
        certificate_at("issue", "request", region=region, time_zone=zone)
        first = waiting_task(session)
        moments = [BEGIN + number * timedelta(days=29, hours=5) for number in range(TASKS)]
        opened += [another(session, first, opened_at=at) for at in moments]
        # The one that the story left is of today, not of these two years.
        timers.cancel(session, first)
    session.flush()
    return opened


@pytest.fixture
def ticked(session: Session) -> list[datetime]:
    """Two years have passed; the beats there were."""
    halves = [timer.due_at for task in open_tasks(session) for timer in task.timers if timer.kind == "reminder_50"]
    passed = list(beats(outages_of(halves)))
    for now in passed:
        while timers.fire_due(session, now=now):
            pass
    session.expire_all()
    return passed


def test_in_two_years_nothing_fires_early_or_late_or_is_told_twice(session: Session, ticked: list[datetime]) -> None:
    every = session.scalars(select(TaskTimer).where(TaskTimer.cancelled_at.is_(None))).all()
    told = defaultdict(list)
    for timer in every:
        told[timer.task_id, timer.fired_at].append(timer.kind)

    assert len(every) == len(PLACES) * TASKS * len(TimerKind)
    assert [t for t in every if t.fired_at != ticked[bisect_left(ticked, t.due_at)]] == []
    assert len(letters_about_timers(session)) == len(told)
    assert history(session) == len(PLACES) * TASKS
    # After a month without a clock some had fallen due altogether, and were told once.
    assert max(len(kinds) for kinds in told.values()) == len(TimerKind)
    assert_that_it_was_all_seen(every)


def assert_that_it_was_all_seen(every: Sequence[TaskTimer]) -> None:
    """That the two years held what they are there for."""
    zones = {region: ZoneInfo(zone) for region, zone in PLACES}
    offsets = {
        region: {t.due_at.astimezone(zone).utcoffset() for t in every if t.task.region == region}
        for region, zone in zones.items()
    }
    assert [len(offsets[region]) for region, _ in PLACES] == [2, 2, 1, 1]
    added = {region: {day for day, where in ADDED if where in (None, region)} for region in zones}
    for timer in every:
        region = str(timer.task.region)
        assert is_working_day(local_date(timer.due_at, zones[region].key), region, added[region])


def history(session: Session) -> int:
    escalated = HistoryEvent.kind == EventKind.ESCALATED
    return session.scalar(select(func.count()).select_from(HistoryEvent).where(escalated)) or 0
