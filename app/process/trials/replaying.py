"""Plays the steps of a trial again with the real engine. An operation is told and not called; no database is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.domain.deadlines import add_working_days, local_date
from app.domain.errors import Refusal
from app.domain.offices import named
from app.models import TimerKind
from app.process import arrows, engine
from app.process.engine import Decisions, EngineError
from app.process.expressions import ExpressionError
from app.process.operations import OPERATIONS
from app.process.package import Package
from app.process.terms import term_of
from app.process.trail import passed, taken
from app.process.trials.answers import whole
from app.process.trials.steps import Advance, Answer, Given, Step
from app.process.trials.trial import Deadline, Event, Kind, Told, Trial, Waiting, days_in_words, last_day, listed
from app.services import timers

MOST_STEPS, MOST_DAYS = 60, 260


def replay(package: Package, steps: Sequence[Step], *, given: Given) -> Trial:
    """What comes of `steps`. One that cannot be taken ends the trial there, with a sentence; the diagram passed the gate."""
    playing = _Playing(package, given)
    for number, act in enumerate((None, *steps[:MOST_STEPS])):
        try:
            playing.take(act)
        except (Refusal, EngineError, ExpressionError) as error:
            where = f"Paso {number}: " if number else ""
            return playing.trial(max(number - 1, 0), stopped=f"{where}{error}")
    if len(steps) > MOST_STEPS:
        return playing.trial(MOST_STEPS, stopped=f"Un ensayo tiene hasta {MOST_STEPS} pasos. Quite los que sobran.")
    return playing.trial(len(steps))


@dataclass
class _Open:
    """A waiting task and what still falls due about it."""

    task: Waiting
    falls_due: list[tuple[datetime, TimerKind]]


@dataclass
class _Playing:
    package: Package
    given: Given
    position: engine.Position | None = None
    open: dict[str, _Open] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    ways: set[tuple[str, str]] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.now, self.place = self.given.begins_at, self.given.place

    def take(self, step: Step | None) -> None:
        """The next step; None is the start."""
        if step is None:
            self._start()
        elif isinstance(step, Advance):
            self._advance(step.days)
        else:
            self._answer(step)

    def _start(self) -> None:
        diagram = self.package.diagram
        self._say(Kind.STARTED, diagram.process_id, f"{diagram.name}.")
        self._settle(engine.start(self.package.program, calls=self))

    def _answer(self, step: Answer) -> None:
        found = next(((key, one.task) for key, one in self.open.items() if one.task.key == step.task), None)
        if found is None or self.position is None:
            waiting = listed(one.task.key for one in self.open.values())
            raise Refusal(f"«{step.task}» no está pendiente. Lo pendiente: {waiting}.")
        engine_task_id, task = found
        form = self.package.forms[task.form]
        answers = whole(form, step.answers)

        decision = form.definition.decision
        did = decision.way(answers[decision.name]).outcome if decision else f"completó «{task.name}»"
        said = len(self.events)
        self._say(Kind.ANSWERED, task.key, f"{self._office(task)} {did}.")
        given = {key: answers[key] for key in form.decisions}
        try:
            position = engine.complete(
                self.package.program,
                self.position.state,
                engine_task_id=engine_task_id,
                decisions=given,
                calls=self,
            )
        except EngineError:
            # As in a real case, nothing of a step that fails stays.
            del self.events[said:]
            raise
        del self.open[engine_task_id]
        self._settle(position)

    def _advance(self, days: int) -> None:
        if not 1 <= days <= MOST_DAYS:
            raise Refusal(f"Avance de 1 a {MOST_DAYS} días hábiles.")
        zone = ZoneInfo(self.place.zone)
        day = add_working_days(local_date(self.now, zone.key), days, self.place.region, self.place.extra_holidays)
        at = self.now.astimezone(zone).time()
        self.now = datetime.combine(day, at, zone).astimezone(UTC)
        self._tell_what_fell_due()
        self._say(Kind.ADVANCED, "", f"{days_in_words(days)}, hasta el {day:%d/%m/%Y}.")

    def _tell_what_fell_due(self) -> None:
        fallen = [(at, kind, one.task) for one in self.open.values() for at, kind in one.falls_due if at <= self.now]
        for one in self.open.values():
            one.falls_due = [due for due in one.falls_due if due[0] > self.now]
        # What falls due at one moment is told once, by its last, as the worker does.
        last = {(at, task.key): (kind, task) for at, kind, task in fallen}
        for (at, _), (kind, task) in sorted(last.items(), key=lambda item: item[0]):
            self.told.append(Told(task.key, kind, local_date(at, self.place.zone)))
            whom = "" if kind is TimerKind.ESCALATION else f", a {self._office(task)}"
            self.events.append(Event(at, Kind.TOLD, task.key, f"{kind.label}: «{task.name}»{whom}."))

    def perform(self, name: str) -> Decisions | None:
        """As the engine asks it of a case: what would be done is told."""
        if name not in OPERATIONS:
            raise EngineError(f"La operación «{name}» no existe.")
        operation = OPERATIONS[name]
        self._say(Kind.OPERATION, name, operation.description)
        for letter in operation.letters:
            self._say(Kind.LETTER, name, letter)
        return None

    def decide(self, table: str, data: Decisions) -> Decisions:  # noqa: ARG002
        """What a decision table says. Raises EngineError for one that the version does not carry."""
        raise EngineError(f"La tabla de decisión «{table}» no está en esta versión.")

    def _settle(self, position: engine.Position) -> None:
        self.position = position
        self.ways |= passed(position.state)
        self.steps |= {step.key for step in taken(position.state) if step.is_done}
        waiting = {task.engine_task_id: task.key for task in position.waiting}
        for gone in self.open.keys() - waiting.keys():
            self._say(Kind.CLOSED, self.open[gone].task.key, f"«{self.open[gone].task.name}».")
            del self.open[gone]
        for engine_task_id, key in waiting.items():
            if engine_task_id not in self.open:
                self.open[engine_task_id] = self._opened(key)
        if position.outcome is not None:
            self._say(Kind.ENDED, position.outcome, f"{self.package.diagram.ends[position.outcome]}.")

    def _opened(self, key: str) -> _Open:
        described = self.package.diagram.user_tasks[key]
        term, limit = term_of(described.deadline), term_of(described.escalation)
        task = Waiting(key, described.name, described.form, described.office, self.now, None)
        if term is None:
            self._say(Kind.OPENED, key, f"«{task.name}», {self._office(task)}. Sin plazo.")
            return _Open(task, [])
        task = replace(task, due_at=term.ends_at(self.now, self.place))
        day = last_day(term.ends_at(self.now, self.place), self.place.zone)
        self.deadlines.append(Deadline(key, day))
        self._say(Kind.OPENED, key, f"«{task.name}», {self._office(task)}. Vence el {day:%d/%m/%Y}.")
        due = timers.falls_due(term, limit, self.now, self.place)
        return _Open(task, [(due[kind], kind) for kind in timers.ORDER])

    def _office(self, task: Waiting) -> str:
        return named(task.office, self.given.region)

    def _say(self, kind: Kind, about: str, sentence: str) -> None:
        self.events.append(Event(self.now, kind, about, sentence))

    def trial(self, taken: int, *, stopped: str = "") -> Trial:
        flows = arrows.of(self.package.diagram.xml)
        return Trial(
            given=self.given,
            now=self.now,
            taken=taken,
            events=tuple(self.events),
            waiting=tuple(one.task for one in self.open.values()),
            flows=frozenset(flow.key for flow in flows if (flow.source, flow.target) in self.ways),
            steps=frozenset(self.steps),
            told=tuple(self.told),
            deadlines=tuple(self.deadlines),
            outcome=self.position.outcome if self.position else None,
            stopped=stopped,
        )
