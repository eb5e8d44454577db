"""A made-up country of courses: when its classes were held and which marks were taken, the same for the same seed."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# 5 January 2026, 00:00 in Chile, in microseconds since the year 2000, as PostgreSQL counts.
FIRST_DAY = 9501 * DAY + 3 * HOUR
STILL_OPEN = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Country:
    """Its size. Actions, participants and classes are numbered from `first_id`, each kind by itself."""

    courses: int
    participants: int = 20
    classes: int = 20
    seed: int = 20260610
    first_id: int = 1
    block: int = 500

    @property
    def action_ids(self) -> range:
        return range(self.first_id, self.first_id + self.courses)

    def blocks(self) -> Iterator["Block"]:
        """The courses in order of their first day, so many at a time."""
        for first in range(0, self.courses, self.block):
            yield Block(self, first, min(self.block, self.courses - first))


@dataclass(frozen=True)
class Held:
    """One facilitator's time in one class a row; `ended` is STILL_OPEN while the class is."""

    class_id: Ints
    facilitator: Ints
    started: Ints
    ended: Ints


@dataclass(frozen=True)
class MarksTaken:
    """One mark a row. `kind` is 0 for an entry, 1 for an exit; `validation` 0 valid, 1 pending, 2 rejected."""

    participant_id: Ints
    class_id: Ints
    instant: Ints
    kind: Ints
    validation: Ints

    def rows(self, which: Bools | Ints) -> "MarksTaken":
        return MarksTaken(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    @staticmethod
    def joined(parts: list["MarksTaken"]) -> "MarksTaken":
        return MarksTaken(
            *(np.concatenate([getattr(part, name) for part in parts]) for name in MarksTaken.__dataclass_fields__)
        )


class Block:
    """Some courses of a country; each block draws from a seed of its own."""

    def __init__(self, country: Country, first: int, courses: int) -> None:
        self.country = country
        self.first = first
        self.courses = courses
        self._random = np.random.default_rng([country.seed, first])
        self.start, self.end = self._hours()

    @property
    def first_instant(self) -> int:
        return int(self.start.min())

    def ids(self, each: int) -> Ints:
        """Ids of what every course has `each` of."""
        return np.arange(self.courses * each) + self.country.first_id + self.first * each

    def _hours(self) -> tuple[Ints, Ints]:
        """Start and end of each class as planned (course, class): by day, by night, some over each other."""
        random, classes = self._random, self.country.classes
        number = np.arange(self.first, self.first + self.courses)
        first_day = FIRST_DAY + number * 300 // self.country.courses * DAY
        by_night = random.random(self.courses) < 0.03
        hour = np.where(by_night, 22, random.integers(8, 19, self.courses)) * HOUR
        start = (first_day + hour)[:, None] + np.arange(classes) * DAY
        start += random.integers(0, 600, start.shape) * SECOND
        end = start + random.integers(180, 241, start.shape) * MINUTE

        overlapping = (random.random(self.courses) < 0.02)[:, None] & (np.arange(1, classes) % 2 == 1)
        start[:, 1:] = np.where(overlapping, end[:, :-1] - HOUR, start[:, 1:])
        end[:, 1:] = np.where(overlapping, start[:, 1:] + 3 * HOUR, end[:, 1:])
        return start, end

    def held(self) -> Held:
        """Who held each class and when: mostly one person; some two together, some two with a pause, some not closed."""
        random = self._random
        class_id, start, end = self.ids(self.country.classes), self.start.ravel(), self.end.ravel()
        shared = np.repeat(random.random(self.courses) < 0.03, self.country.classes)
        paused = shared & (random.random(class_id.size) < 0.4)
        middle = (start + end) // 2
        is_open = np.zeros((self.courses, self.country.classes), dtype=np.bool_)
        is_open[:, -1] = random.random(self.courses) < 0.005

        first_end = np.where(paused, middle - 10 * MINUTE, end)
        second_start = np.where(paused, middle + 10 * MINUTE, start + 30 * MINUTE)
        ended = np.where(is_open.ravel(), STILL_OPEN, first_end)
        second_end = np.where(paused, end, end + 5 * MINUTE)[shared]
        return Held(
            class_id=np.concatenate([class_id, class_id[shared]]),
            facilitator=np.concatenate([np.zeros_like(class_id), np.ones_like(class_id[shared])]),
            started=np.concatenate([start, second_start[shared]]),
            ended=np.concatenate([ended, second_end]),
        )
