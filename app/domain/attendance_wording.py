"""How instants, durations and lists are written in Spanish, in the hours of the place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.attendance_records import Mark, MarkKind
from app.domain.intervals import Interval

KINDS = {MarkKind.IN: "entrada", MarkKind.OUT: "salida"}


@dataclass(frozen=True)
class WallClock:
    """Writes instants as the wall clock of `zone` shows them to somebody whose class began at `began_at`."""

    zone: str
    began_at: datetime

    def at(self, instant: datetime) -> str:
        """`09:14`; with seconds, date or offset only where the hour alone would mislead."""
        local = instant.astimezone(ZoneInfo(self.zone))
        text = local.strftime("%H:%M:%S" if local.second else "%H:%M")
        if _happens_twice(local):
            text += f" (UTC{local.strftime('%z')[:3]})"
        if local.date() != self._first_day:
            text += local.strftime(" del %d/%m")
        return text

    def the(self, instant: datetime) -> str:
        """`las 09:14`, `la 01:00`."""
        text = self.at(instant)
        return f"la {text}" if text.startswith("01:") else f"las {text}"

    def span(self, interval: Interval) -> str:
        return f"{self.at(interval.start)}–{self.at(interval.end)}"

    def names(self, marks: Iterable[Mark]) -> str:
        """`entrada de las 09:00 y salida de las 13:00`."""
        return join(f"{KINDS[mark.kind]} de {self.the(mark.marked_at)}" for mark in marks)

    @property
    def _first_day(self) -> date:
        return self.began_at.astimezone(ZoneInfo(self.zone)).date()


def _happens_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def duration_text(seconds: int) -> str:
    """A duration in words, without the units that are zero: `3 h 15 min`."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [f"{amount} {unit}" for amount, unit in ((hours, "h"), (minutes, "min"), (left, "s")) if amount]
    return " ".join(parts) or "0 min"


def grace_text(grace: timedelta) -> str:
    """`los 20 minutos de gracia`, with its article, to follow a verb."""
    seconds = grace // timedelta(seconds=1)
    if seconds == 60:
        return "el minuto de gracia"
    if seconds % 60 == 0:
        return f"los {seconds // 60} minutos de gracia"
    return f"la gracia de {duration_text(seconds)}"


def join(items: Iterable[str]) -> str:
    """`a, b y c`."""
    *head, last = items
    return f"{', '.join(head)} y {last}" if head else last
