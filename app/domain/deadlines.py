"""The terms of the handbook (§6): calendar and working days, and the instants at which local days begin and end.

A term is counted in local dates and kept as an instant in UTC: the one at which its last day is over.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import holidays

from app.domain.intervals import as_utc
from app.domain.regions import Region

ORDINARY_WINDOW_DAYS = 60
OTIC_DOCUMENTS_DAYS = 40
DECISION_SLA_WORKING_DAYS = 10
DECISION_LIMIT_WORKING_DAYS = 20
RECONSIDERATION_WORKING_DAYS = 5
WHOLE = Fraction(1)
SATURDAY = 5


@dataclass(frozen=True)
class Place:
    """Where a term runs: the region's holidays, those an administrator added to them, and the zone of time."""

    region: str
    zone: str
    extra_holidays: Collection[date] = ()


@dataclass(frozen=True)
class Term:
    """So many days, of which the first is the one after that on which it begins: working days, or days of all kinds."""

    days: int
    working: bool = True

    def ends_at(self, begun_at: datetime, place: Place) -> datetime:
        """The instant at which its last day is over."""
        return end_of_local_day(self._day(self.days, begun_at, place), place.zone)

    def passed_at(self, begun_at: datetime, place: Place, share: Fraction = WHOLE) -> datetime:
        """The first instant of a day that counts at which `share` of the term has passed, so never before it has.

        Only days that count take time: half of five working days has passed at noon of the third, and all of them when
        the next working day begins, not in the night to a Saturday on which nobody would read of it.
        """
        whole, part = divmod(share * self.days, 1)
        day = self._day(int(whole) + 1, begun_at, place)
        begins, ends = start_of_local_day(day, place.zone), end_of_local_day(day, place.zone)
        return begins + (ends - begins) * part.numerator / part.denominator

    def _day(self, number: int, begun_at: datetime, place: Place) -> date:
        """The day that counts as `number` from 1."""
        begun_on = local_date(begun_at, place.zone)
        if self.working:
            return add_working_days(begun_on, number, place.region, place.extra_holidays)
        return begun_on + timedelta(days=number)


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
    return day not in extra_holidays and _is_working_day_by_law(day, Region(region))


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


def working_days_between(after: date, until: date, region: str, extra_holidays: Collection[date] = ()) -> int:
    """How many working days come after `after`, up to and with `until`."""
    days = (after + timedelta(days=number) for number in range(1, (until - after).days + 1))
    return sum(is_working_day(day, region, extra_holidays) for day in days)


@dataclass(frozen=True)
class LegalHoliday:
    """A holiday that the law knows; `regions` is empty where it is everybody's."""

    day: date
    name: str
    regions: tuple[Region, ...] = ()


@cache
def legal_holidays(year: int) -> tuple[LegalHoliday, ...]:
    """Those of `year` that fall on a day of the week that counts otherwise, in order."""
    known: dict[tuple[date, str], list[Region]] = {}
    for region in Region:
        for day, name in holidays.country_holidays("CL", subdiv=region.holiday_code, years=year, language="es").items():
            if day.weekday() < SATURDAY:
                known.setdefault((day, name), []).append(region)
    return tuple(
        LegalHoliday(day, name, () if len(regions) == len(Region) else tuple(regions))
        for (day, name), regions in sorted(known.items())
    )


# Counting a term of twenty days asks about thirty days, and the library looks each one up anew: 25 µs.
@lru_cache(maxsize=50_000)
def _is_working_day_by_law(day: date, region: Region) -> bool:
    return bool(_calendar(region).is_working_day(day))


@cache
def _calendar(region: Region) -> holidays.HolidayBase:
    return holidays.country_holidays("CL", subdiv=region.holiday_code)
