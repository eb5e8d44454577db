"""The days demo courses are held on, counted back from today, and the nights on which the clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

CAPITAL = "America/Santiago"
_SUNDAY = 6


def today_in_chile() -> date:
    return datetime.now(ZoneInfo(CAPITAL)).date()


def class_days(ends_on: date, count: int) -> tuple[date, ...]:
    """`count` days, the last one `ends_on`, the earlier ones never a Sunday; in order."""
    days = [ends_on]
    while len(days) < count:
        day = days[-1] - timedelta(days=1)
        days.append(day if day.weekday() != _SUNDAY else day - timedelta(days=1))
    return tuple(reversed(days))


def last_change_of_hour(before: date, *, to_summer: bool) -> date:
    """The last Sunday before `before` on which the capital's clocks had changed, in spring or in autumn."""
    zone = ZoneInfo(CAPITAL)
    for ago in range(1, 400):
        day = before - timedelta(days=ago)
        noon, eve = (datetime(d.year, d.month, d.day, 12, tzinfo=zone) for d in (day, day - timedelta(days=1)))
        turned = (noon.utcoffset() or timedelta()) - (eve.utcoffset() or timedelta())
        if turned and (turned > timedelta()) is to_summer:
            return day
    raise LookupError("the capital's clocks did not change for a year: the demo has to learn the new law")


def new_year_before(today: date) -> date:
    """The last 1 January that leaves at least forty days behind it, so that a course after it has ended."""
    this_year = date(today.year, 1, 1)
    return this_year if today - this_year >= timedelta(days=40) else date(today.year - 1, 1, 1)


def utc(day: date, minute: int, zone: str) -> datetime:
    """The instant at which the wall clock of `zone` shows `minute` minutes after the midnight that opens `day`."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - the zone comes next
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
