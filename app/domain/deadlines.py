"""The terms of the handbook (§6): calendar and working days, and the instants at which local days begin and end.

A term is counted in local dates and kept as an instant in UTC: the one at which its last day is over.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from app.domain.intervals import as_utc
from app.domain.regions import Region

ORDINARY_WINDOW_DAYS = 60
OTIC_DOCUMENTS_DAYS = 40
DECISION_SLA_WORKING_DAYS = 10
DECISION_LIMIT_WORKING_DAYS = 20
RECONSIDERATION_WORKING_DAYS = 5


def local_date(instant: datetime, zone: str) -> date:
    """The date the wall calendar of `zone` shows at `instant`."""
    return as_utc(instant).astimezone(ZoneInfo(zone)).date()


def start_of_local_day(day: date, zone: str) -> datetime:
    """The first instant of `day` in `zone`, in UTC, also on days whose midnight does not exist."""
    # With fold=0 a midnight that is skipped maps to the very instant of the jump, where that day begins.
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def end_of_local_day(day: date, zone: str) -> datetime:
    """The instant at which `day` is over in `zone`, in UTC: until just before it, the term still runs."""
    return start_of_local_day(day + timedelta(days=1), zone)


def earliest_issue_at(ends_on: date, zone: str) -> datetime:
    """The instant from which a course that ends on `ends_on` may be certified: the start of the local day after."""
    return end_of_local_day(ends_on, zone)


def ordinary_window_ends_on(ends_on: date) -> date:
    """The last day of the ordinary window of issue, which is also the day of liquidation."""
    return ends_on + timedelta(days=ORDINARY_WINDOW_DAYS)


def otic_documents_due_on(ends_on: date) -> date:
    """The last day for the OTIC to receive the documents of a course."""
    return ends_on + timedelta(days=OTIC_DOCUMENTS_DAYS)


def is_working_day(day: date, region: str, extra_holidays: Collection[date] = ()) -> bool:
    """Whether `day` is neither Saturday, Sunday, a Chilean holiday, one of the region's own, nor an extra one.

    Raises ValueError for a code that is no region.
    """
    return day not in extra_holidays and _calendar(Region(region)).is_working_day(day)


def add_working_days(start: date, days: int, region: str, extra_holidays: Collection[date] = ()) -> date:
    """The last day of a term of working days, the first of which is the one after `start` (Ley 19.880, art. 25).

    Raises ValueError for less than one day: a term of none is a mistake of who asks.
    """
    if days < 1:
        raise ValueError(f"A term has at least one working day: {days}")
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day, region, extra_holidays)
    return day


@cache
def _calendar(region: Region) -> holidays.HolidayBase:
    return holidays.country_holidays("CL", subdiv=region.holiday_code)
