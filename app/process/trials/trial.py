"""What came of a trial: what happened and when by its clock, what would have been done, whom it waits for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.deadlines import local_date
from app.domain.faces import Face
from app.models import TimerKind
from app.process.trials.steps import Given


class Kind(Face):
    """What sort of thing happened; the label heads it in a list."""

    STARTED = "started", "Empieza"
    OPENED = "opened", "Queda pendiente"
    ANSWERED = "answered", "Responde"
    OPERATION = "operation", "Se haría"
    LETTER = "letter", "Se enviaría"
    TOLD = "told", "Se avisaría"
    CLOSED = "closed", "Ya no se espera"
    ADVANCED = "advanced", "Pasa el tiempo"
    ENDED = "ended", "Termina"


@dataclass(frozen=True)
class Event:
    """One thing that happened at an hour of the trial's clock. `about` is a step's id, or an operation's name."""

    at: datetime
    kind: Kind
    about: str
    sentence: str


@dataclass(frozen=True)
class Told:
    """That the holders of a task's office, or the national level, would get a letter."""

    task: str
    what: TimerKind
    on: date


@dataclass(frozen=True)
class Deadline:
    """The last day of a task's term."""

    task: str
    on: date


@dataclass(frozen=True)
class Waiting:
    """A task that waits for its office."""

    key: str
    name: str
    form: str
    office: str
    opened_at: datetime
    due_at: datetime | None


@dataclass(frozen=True)
class Trial:
    """`taken` steps could be taken; `stopped` says why the next could not. `flows` and `steps` are ids of the diagram."""

    given: Given
    now: datetime
    taken: int
    events: tuple[Event, ...]
    waiting: tuple[Waiting, ...]
    flows: frozenset[str]
    steps: frozenset[str]
    told: tuple[Told, ...]
    deadlines: tuple[Deadline, ...]
    outcome: str | None
    stopped: str = ""

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that would have been done, in their order."""
        return tuple(event.about for event in self.events if event.kind is Kind.OPERATION)

    @property
    def today(self) -> date:
        return self.day_of(self.now)

    def day_of(self, instant: datetime) -> date:
        """The date of the place."""
        return local_date(instant, self.given.place.zone)


def last_day(due_at: datetime, zone: str) -> date:
    """A term is kept as the instant at which its last day is over."""
    return local_date(due_at - timedelta(microseconds=1), zone)


def days_in_words(days: int) -> str:
    return "1 día hábil" if days == 1 else f"{days} días hábiles"


def listed(names: Iterable[str]) -> str:
    """`«a», «b»`, or that there is nothing."""
    return ", ".join(f"«{name}»" for name in names) or "nada"
