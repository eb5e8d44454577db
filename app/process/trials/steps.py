"""What a trial is made of: where and when it starts, and what is done in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.deadlines import Place
from app.domain.regions import Region, zone_of

OPENS_AT = time(9)


@dataclass(frozen=True)
class Given:
    """Where and when it starts: at nine of a day. `holidays` are added to the legal ones.

    `facts` say what is so at the beginning, for who reads; nothing checks them.
    """

    starts_on: date
    region: str = Region.METROPOLITANA.value
    holidays: tuple[date, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        return Place(self.region, zone_of(self.region), frozenset(self.holidays))

    @property
    def begins_at(self) -> datetime:
        return datetime.combine(self.starts_on, OPENS_AT, ZoneInfo(self.place.zone)).astimezone(UTC)


@dataclass(frozen=True)
class Answer:
    """The office of the waiting task called `task` answers it. What it leaves open and decides nothing is made up."""

    task: str
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Advance:
    """So many working days go by."""

    days: int


@dataclass(frozen=True)
class Arrive:
    """A fact of the certificate comes, by its name in the catalogue of messages, to all that waits for it."""

    message: str


Step = Answer | Advance | Arrive
