"""One trial under way: the engine's position, what is open by the trial's clock, and all that was told. Nothing is done."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.errors import Refusal
from app.domain.offices import named
from app.models import TimerKind
from app.process import arrows, decision_tables, engine
from app.process.diagrams import Event as Described
from app.process.engine import Decisions, EngineError, Position
from app.process.operations import OPERATIONS
from app.process.package import Package
from app.process.terms import term_of
from app.process.trail import passed, taken
from app.process.trials.steps import Given
from app.process.trials.trial import (
    Awaiting,
    Deadline,
    Event,
    Kind,
    Told,
    Trial,
    Waiting,
    decided_said,
    last_day,
    message_said,
)
from app.services import timers

MOST_HAPPENINGS = 200


@dataclass
class Open:
    """A waiting task and what still falls due about it."""

    task: Waiting
    falls_due: list[tuple[datetime, TimerKind]]


@dataclass
class Playing:
    """What the steps of a trial move. `awaited` and `open` are by the engine's ids."""

    package: Package
    given: Given
    position: Position | None = None
    open: dict[str, Open] = field(default_factory=dict)
    awaited: dict[str, Awaiting] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    ways: set[tuple[str, str]] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    happened: int = 0

    def __post_init__(self) -> None:
        self.now, self.place = self.given.begins_at, self.given.place

    def start(self) -> None:
        """With the message that begins the process, if one does."""
        diagram = self.package.diagram
        wanted = f"Llega {message_said(diagram.begins_with)}. " if diagram.begins_with else ""
        self.say(Kind.STARTED, diagram.process_id, f"{wanted}{diagram.name}.")
        self._settle(engine.start(self.package.program, calls=self))

    def answer(self, engine_task_id: str, answers: Decisions) -> None:
        """The office of an open task answers it: `answers` are whole. Raises EngineError, with nothing of it told."""
        task = self.open[engine_task_id].task
        form = self.package.all_forms[task.form]
        decision = form.definition.decision
        did = decision.way(bool(answers[decision.name])).outcome if decision else f"completó «{task.name}»"
        given = {key: answers[key] for key in form.decisions}

        said = len(self.events)
        self.say(Kind.ANSWERED, task.key, f"{self.office(task)} {did}.")
        self._go_on(
            said,
            engine_task_id,
            lambda state: engine.complete(
                self.package.program, state, engine_task_id=engine_task_id, decisions=given, calls=self
            ),
        )

    def happen(self, engine_task_id: str) -> None:
        """What is awaited comes. Raises EngineError as `answer`, and Refusal for a trial in which too much has come."""
        one = self.awaited[engine_task_id]
        self.happened += 1
        if self.happened > MOST_HAPPENINGS:
            raise Refusal(f"En un ensayo se cumplen hasta {MOST_HAPPENINGS} plazos y avisos. Avance menos días.")

        said = len(self.events)
        if one.due_at is None:
            self.say(Kind.MESSAGE, one.key, f"{message_said(one.message)}, que espera «{one.name}».")
        else:
            self.say(Kind.TIMER, one.key, f"«{one.name}».")
        self._go_on(
            said,
            engine_task_id,
            lambda state: engine.happen(self.package.program, state, engine_task_id=engine_task_id, calls=self),
        )

    def _go_on(self, said: int, engine_task_id: str, move: Callable[[engine.State], Position]) -> None:
        assert self.position is not None
        try:
            position = move(self.position.state)
        except EngineError:
            # As in a real case, nothing of a step that fails stays.
            del self.events[said:]
            raise
        self.open.pop(engine_task_id, None)
        self.awaited.pop(engine_task_id, None)
        self._settle(position)

    def perform(self, name: str) -> Decisions | None:
        """As the engine asks it of a case: what would be done is told."""
        if name not in OPERATIONS:
            raise EngineError(f"La operación «{name}» no existe.")
        operation = OPERATIONS[name]
        self.say(Kind.OPERATION, name, operation.description)
        for letter in operation.letters:
            self.say(Kind.LETTER, name, letter)
        return None

    def decide(self, name: str, data: Decisions) -> Decisions:
        """What a decision table says, told with the rows that apply. Raises EngineError for one that decides nothing."""
        decided = decision_tables.decided(self.package.all_tables, name, data)
        table = self.package.all_tables[name]
        self.events.append(Event(self.now, Kind.DECIDED, name, decided_said(table, decided), decided.rules))
        return decided.outputs

    def say(self, kind: Kind, about: str, sentence: str, *, at: datetime | None = None) -> None:
        """Now, unless it was `at` another moment on the way to now."""
        self.events.append(Event(at or self.now, kind, about, sentence))

    def office(self, task: Waiting) -> str:
        return named(task.office, self.given.region)

    def _settle(self, position: Position) -> None:
        self.position = position
        self.ways |= passed(position.state)
        self._tell_errors(position.state)
        waiting = {task.engine_task_id: task.key for task in position.waiting}
        awaited = {event.engine_task_id: event.key for event in position.awaited}
        self._close(waiting.keys() | awaited.keys())
        for engine_task_id, key in waiting.items():
            if engine_task_id not in self.open:
                self.open[engine_task_id] = self._opened(key)
        for engine_task_id, key in awaited.items():
            if engine_task_id not in self.awaited:
                self.awaited[engine_task_id] = self._awaiting(self.package.events[key])
        if position.outcome is not None:
            self.say(Kind.ENDED, position.outcome, f"{self.package.diagram.ends[position.outcome]}.")

    def _tell_errors(self, state: engine.State) -> None:
        """An error that was caught shows in the way that was taken alone."""
        done = {step.key for step in taken(state) if step.is_done}
        done |= {
            f"{name}/{step.key}" for name in self.package.all_called for step in taken(state, name) if step.is_done
        }
        for key in sorted(done - self.steps):
            if key in self.package.events and self.package.events[key].kind == "error":
                self.say(Kind.ERROR, key, f"«{self.package.events[key].name}».")
        self.steps |= done

    def _close(self, standing: Collection[str]) -> None:
        for gone in [key for key in self.open if key not in standing]:
            task = self.open.pop(gone).task
            self.say(Kind.CLOSED, task.key, f"«{task.name}».")
        for gone in [key for key in self.awaited if key not in standing]:
            one = self.awaited.pop(gone)
            # What hangs on a step is over with it, which is told already.
            if not one.host:
                self.say(Kind.CLOSED, one.key, f"«{one.name}».")

    def _opened(self, key: str) -> Open:
        described = self.package.user_tasks[key]
        term, limit = term_of(described.deadline), term_of(described.escalation)
        task = Waiting(key, described.name, described.form, described.office, self.now, None)
        if term is None:
            self.say(Kind.OPENED, key, f"«{task.name}», {self.office(task)}. Sin plazo.")
            return Open(task, [])
        task = replace(task, due_at=term.ends_at(self.now, self.place))
        day = last_day(term.ends_at(self.now, self.place), self.place.zone)
        self.deadlines.append(Deadline(key, day))
        self.say(Kind.OPENED, key, f"«{task.name}», {self.office(task)}. Vence el {day:%d/%m/%Y}.")
        due = timers.falls_due(term, limit, self.now, self.place)
        return Open(task, [(due[kind], kind) for kind in timers.ORDER])

    def _awaiting(self, described: Described) -> Awaiting:
        term = term_of(described.term)
        due_at = term.ends_at(self.now, self.place) if term else None
        one = Awaiting(described.key, described.name, described.message, described.host, self.now, due_at)
        what = f"hasta el {last_day(due_at, self.place.zone):%d/%m/%Y}" if due_at else message_said(one.message)
        self.say(Kind.AWAITED, one.key, f"«{one.name}», {what}.")
        return one

    def trial(self, taken: int, *, stopped: str = "") -> Trial:
        """What came of it so far."""
        flows = arrows.of(self.package.diagram.xml)
        return Trial(
            given=self.given,
            now=self.now,
            taken=taken,
            events=tuple(self.events),
            waiting=tuple(one.task for one in self.open.values()),
            awaiting=tuple(self.awaited.values()),
            has_events=bool(self.package.events),
            flows=frozenset(flow.key for flow in flows if (flow.source, flow.target) in self.ways),
            steps=frozenset(self.steps),
            stands=self._stands(),
            told=tuple(self.told),
            deadlines=tuple(self.deadlines),
            outcome=self.position.outcome if self.position else None,
            stopped=stopped,
        )

    def _stands(self) -> frozenset[str]:
        """In the diagram itself: of what is done within a subprocess or another process, the step that holds it too."""
        if self.position is None:
            return frozenset()
        done_within = (step.key for step in taken(self.position.state) if not step.is_done)
        return frozenset([*done_within, *(one.key for one in self.awaited.values() if not one.host)])
