"""What came of a trial: what happened and when by its clock, what would have been done, whom it waits for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.deadlines import local_date
from app.domain.faces import Face
from app.models import TimerKind
from app.process import dmn
from app.process.dmn import Decided, DecisionTable
from app.process.expressions import Value
from app.process.messages import MESSAGES
from app.process.trials.steps import Given


class Kind(Face):
    """What sort of thing happened; the label heads it in a list."""

    STARTED = "started", "Empieza"
    OPENED = "opened", "Queda pendiente"
    ANSWERED = "answered", "Responde"
    AWAITED = "awaited", "Se espera"
    TIMER = "timer", "Se cumple"
    MESSAGE = "message", "Llega"
    ERROR = "error", "Sale por"
    DECIDED = "decided", "Se decide"
    OPERATION = "operation", "Se haría"
    LETTER = "letter", "Se enviaría"
    TOLD = "told", "Se avisaría"
    CLOSED = "closed", "Ya no se espera"
    ADVANCED = "advanced", "Pasa el tiempo"
    ENDED = "ended", "Termina"


@dataclass(frozen=True)
class Event:
    """One thing that happened at an hour of the trial's clock. `about` is a step's id, or the name of an operation or a table.

    `rules` are the numbers of the rows by which a table decided.
    """

    at: datetime
    kind: Kind
    about: str
    sentence: str
    rules: tuple[int, ...] = ()


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
class Awaiting:
    """A term or a message that is awaited: a term is over at `due_at`; what hangs on a step has that one as `host`."""

    key: str
    name: str
    message: str
    host: str
    opened_at: datetime
    due_at: datetime | None


@dataclass(frozen=True)
class Trial:
    """`taken` steps could be taken; `stopped` says why the next could not. `flows` and `steps` are ids of the diagram.

    It `stands` at the steps where it waits, and at those of the diagram within which something goes on. `has_events` says whether
    its diagram ever awaits anything.
    """

    given: Given
    now: datetime
    taken: int
    events: tuple[Event, ...]
    waiting: tuple[Waiting, ...]
    awaiting: tuple[Awaiting, ...]
    has_events: bool
    flows: frozenset[str]
    steps: frozenset[str]
    stands: frozenset[str]
    told: tuple[Told, ...]
    deadlines: tuple[Deadline, ...]
    outcome: str | None
    stopped: str = ""

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that would have been done, in their order."""
        return tuple(event.about for event in self.events if event.kind is Kind.OPERATION)

    @property
    def rules(self) -> frozenset[tuple[str, int]]:
        """The rows by which tables decided, each by its table's name and its number."""
        return frozenset((event.about, number) for event in self.events for number in event.rules)

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


def message_said(name: str) -> str:
    """A message as people call it; one that the catalogue does not know by its name."""
    return f"«{MESSAGES[name].title if name in MESSAGES else name}»"


def decided_said(table: DecisionTable, decided: Decided) -> str:
    """By which rows, and what they give: `«Nivel de revisión», fila 2. Nivel: nacional.`"""
    rules = ", ".join(map(str, decided.rules))
    by = "ninguna fila" if not rules else f"{'fila' if len(decided.rules) == 1 else 'filas'} {rules}"
    given = "; ".join(f"{dmn.said(one)}: {value_said(decided.outputs[one.name])}" for one in table.outputs)
    return f"«{table.title}», {by}. {given}."


def value_said(value: Value) -> str:
    """A value of a case's data in words."""
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(value_said, value)) or "nada"
    return f"«{value}»" if isinstance(value, str) else str(value)


def listed(names: Iterable[str]) -> str:
    """`«a», «b»`, or that there is nothing."""
    return ", ".join(f"«{name}»" for name in names) or "nada"
