"""Being in two courses at once: the time that one person's classes of different actions share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from app.domain.intervals import Interval, cut, unite

IN_WORDS = "coincide con otra acción"


@dataclass(frozen=True, order=True)
class Conflict:
    """A stretch of time that two actions credit to the same person; never counted away, only shown to a reviewer."""

    shared: Interval
    actions: tuple[str, str]


def conflicts(credited: Mapping[str, Iterable[Interval]]) -> tuple[Conflict, ...]:
    """Every stretch that two actions share, in order of time; `credited` is one person's time by action code.

    Intervals that only touch do not conflict, nor does one action with itself. Source: domain handbook §4.
    """
    time = {code: unite(intervals) for code, intervals in sorted(credited.items())}
    return tuple(
        sorted(
            Conflict(shared, (one, other))
            for one, other in combinations(time, 2)
            for interval in time[one]
            for shared in cut(interval, to=time[other])
        )
    )
