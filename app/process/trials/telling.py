"""Scenarios in the words of who reads them: Dado, Cuando, Entonces."""

from collections.abc import Iterator

from app.domain import form_answers
from app.domain.offices import Office
from app.domain.regions import Region
from app.process.operations import OPERATIONS
from app.process.package import Package
from app.process.trials.scenarios import Awaited, Pending, Scenario
from app.process.trials.steps import Advance, Answer, Given
from app.process.trials.trial import Deadline, Told, days_in_words, message_said

LONGEST_SAID = 60


class Words:
    """How people call what a scenario names by its id; an id that a version does not know stays as it is."""

    def __init__(self, package: Package) -> None:
        self._package, self._diagram = package, package.diagram

    def end(self, key: str) -> str:
        return f"«{self._diagram.ends.get(key, key)}»"

    def task(self, key: str) -> str:
        task = self._package.user_tasks.get(key)
        return f"«{task.name if task else key}»"

    def event(self, key: str) -> str:
        event = self._package.events.get(key)
        return f"«{event.name if event else key}»"

    def office(self, key: str) -> str:
        return Office(key).label if key in list(Office) else key

    def operation(self, name: str) -> str:
        found = OPERATIONS.get(name)
        return f"«{found.description.rstrip('.')}»" if found else f"«{name}»"

    def awaited(self, one: Awaited) -> str:
        return f"{self.task(one.task)} ({self.office(one.office)})"

    def pending(self, one: Pending) -> str:
        """A term with its last day, or a message."""
        event = self._package.events.get(one.event)
        if event is not None and event.message:
            return f"{self.event(one.event)} (aviso {message_said(event.message)})"
        return self.event(one.event) + (f" hasta el {one.until:%d/%m/%Y}" if one.until else "")

    def deadline(self, one: Deadline) -> str:
        return f"{self.task(one.task)} hasta el {one.on:%d/%m/%Y}"

    def told(self, one: Told) -> str:
        return f"«{one.what.label}» de {self.task(one.task)}, el {one.on:%d/%m/%Y}"

    def given(self, given: Given) -> Iterator[str]:
        yield f"Empieza el {given.starts_on:%d/%m/%Y}, región {Region(given.region).label}"
        if given.holidays:
            yield f"Feriados agregados: {', '.join(f'{day:%d/%m/%Y}' for day in given.holidays)}"
        yield from given.facts

    def when(self, scenario: Scenario) -> Iterator[str]:
        for step in scenario.when:
            if isinstance(step, Answer):
                yield self.answer(step)
            elif isinstance(step, Advance):
                yield f"Pasan {days_in_words(step.days)}"
            else:
                yield f"Llega el aviso {message_said(step.message)}"

    def then(self, scenario: Scenario) -> Iterator[str]:
        then = scenario.then
        if then.outcome is not None:
            yield f"Termina en {self.end(then.outcome)}"
        yield from (f"Queda pendiente {self.awaited(one)}" for one in then.waiting or ())
        yield from (f"Sigue en curso {self.pending(one)}" for one in then.awaiting or ())
        yield from (f"Se haría {self.operation(name)}" for name in then.operations or ())
        yield from (f"{self.task(one.task)} vence el {one.on:%d/%m/%Y}" for one in then.deadlines or ())
        yield from (self.told(one) for one in then.told or ())
        if then.told == ():
            yield "No sale ningún aviso"

    def answer(self, step: Answer) -> str:
        """Who answers what: `Dirección Regional aprobó la anulación`."""
        task = self._package.user_tasks.get(step.task)
        who = self.office(task.office) if task else "Alguien"
        form = self._package.all_forms.get(task.form) if task else None
        if form is None:
            return f"{who} responde «{step.task}»"
        decision, said = form.definition.decision, []
        for field in form.definition.fields:
            if field.name in step.answers:
                told = form_answers.told(field, step.answers[field.name])
                said.append(f"{field.label}: {told[:LONGEST_SAID]}{'…' if len(told) > LONGEST_SAID else ''}")
        has_decided = decision is not None and isinstance(step.answers.get(decision.name), bool)
        did = (
            decision.way(step.answers[decision.name]).outcome
            if decision and has_decided
            else f"completa {self.task(step.task)}"
        )
        return f"{who} {did}" + (f" ({'; '.join(said)})" if said else "")
