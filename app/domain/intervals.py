"""Stretches of real time: how they are cut, united and added up. No rule of attendance lives here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter


def as_utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for one without offset, which names no instant."""
    if instant.tzinfo is UTC:
        return instant
    # Two datetimes of one zone subtract by the wall clock, which is wrong across a change of hour; UTC never is.
    if instant.utcoffset() is None:
        raise ValueError(f"An instant needs its offset: {instant.isoformat()}")
    return instant.astimezone(UTC)


@dataclass(frozen=True, order=True)
class Interval:
    """From `start` until just before `end`, both kept in UTC. Raises ValueError if it ends before it starts."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            object.__setattr__(self, "start", as_utc(self.start))
            object.__setattr__(self, "end", as_utc(self.end))
        if self.end < self.start:
            raise ValueError(f"An interval cannot end before it starts: {self.start} > {self.end}")

    @property
    def length(self) -> timedelta:
        return self.end - self.start


# Compared as plain instants: whole intervals compare many times slower, and a country has millions of them.
_start = attrgetter("start")


def meet(one: Interval, other: Interval) -> Interval | None:
    """What two intervals share, or None where they share no time at all."""
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Interval(start, end) if start < end else None


def cut(interval: Interval, to: Iterable[Interval]) -> tuple[Interval, ...]:
    """The parts of `interval` that lie inside any of `to`."""
    return tuple(part for other in to if (part := meet(interval, other)) is not None)


def subtract(intervals: Iterable[Interval], minus: Iterable[Interval]) -> tuple[Interval, ...]:
    """The time of `intervals` that no interval of `minus` covers, in order and every instant once."""
    left = unite(intervals)
    for taken in unite(minus):
        left = tuple(part for interval in left for part in _without(interval, taken))
    return left


def _without(interval: Interval, taken: Interval) -> Iterator[Interval]:
    if meet(interval, taken) is None:
        yield interval
        return
    if interval.start < taken.start:
        yield Interval(interval.start, taken.start)
    if taken.end < interval.end:
        yield Interval(taken.end, interval.end)


def unite(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same time in order, every instant once; intervals that touch become one."""
    united: list[Interval] = []
    for interval in sorted(intervals, key=_start):
        if united and interval.start <= united[-1].end:
            united[-1] = Interval(united[-1].start, max(united[-1].end, interval.end))
        else:
            united.append(interval)
    return tuple(united)


def total(intervals: Iterable[Interval]) -> timedelta:
    """Real time covered, overlaps counted once."""
    return sum((interval.end - interval.start for interval in unite(intervals)), timedelta())
