"""Runs scenarios: what each says would happen, beside what happens, told in words where they differ."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.process.package import Package
from app.process.trials.replaying import replay
from app.process.trials.scenarios import Awaited, Expected, Pending, Scenario
from app.process.trials.telling import Words
from app.process.trials.trial import Trial, last_day

T = TypeVar("T")


@dataclass(frozen=True)
class Verdict:
    """A scenario, what came of it, and in sentences what differs from what it expects."""

    scenario: Scenario
    trial: Trial
    differences: tuple[str, ...]

    @property
    def has_passed(self) -> bool:
        return not self.differences


def run(package: Package, scenario: Scenario) -> Verdict:
    """Play it again with the version and compare."""
    trial = replay(package, scenario.when, given=scenario.given)
    return Verdict(scenario, trial, tuple(_differences(Words(package), scenario.then, trial)))


def expected_of(trial: Trial) -> Expected:
    """Everything that came of a trial, as the expectation of a scenario."""
    return Expected(
        outcome=trial.outcome,
        waiting=None if trial.outcome else _awaited(trial),
        awaiting=_pending(trial) if trial.has_events and not trial.outcome else None,
        operations=trial.operations,
        deadlines=trial.deadlines,
        told=trial.told,
    )


def _awaited(trial: Trial) -> tuple[Awaited, ...]:
    return tuple(sorted((Awaited(one.key, one.office) for one in trial.waiting), key=lambda one: one.task))


def _pending(trial: Trial) -> tuple[Pending, ...]:
    zone = trial.given.place.zone
    found = (Pending(one.key, last_day(one.due_at, zone) if one.due_at else None) for one in trial.awaiting)
    return tuple(sorted(found, key=lambda one: one.event))


def _differences(words: Words, then: Expected, trial: Trial) -> Iterable[str]:
    if trial.stopped:
        yield trial.stopped
        # What did not come to its end differs in everything else too, which would only hide why.
        return
    yield from _where_it_stands(words, then, trial)
    yield from _compared(words.operation, "Operaciones", then.operations, trial.operations)
    yield from _compared(words.deadline, "Plazos", then.deadlines, trial.deadlines)
    yield from _compared(words.told, "Avisos", then.told, trial.told)


def _where_it_stands(words: Words, then: Expected, trial: Trial) -> Iterable[str]:
    waiting, pending = _awaited(trial), _pending(trial)
    stands = f"termina en {words.end(trial.outcome)}" if trial.outcome else f"espera {_all(words, waiting, pending)}"
    if then.outcome is not None and then.outcome != trial.outcome:
        yield f"Se esperaba que terminara en {words.end(then.outcome)} y {stands}."
    if then.waiting is not None:
        wanted = tuple(sorted(then.waiting, key=lambda one: one.task))
        if trial.outcome or wanted != waiting:
            yield f"Se esperaba que quedara pendiente {_list(words.awaited, wanted)} y {stands}."
    if then.awaiting is not None and not _is_as(then.awaiting, pending):
        wanted_events = sorted(then.awaiting, key=lambda one: one.event)
        yield f"Se esperaba que siguiera en curso {_list(words.pending, wanted_events)} y está {_list(words.pending, pending)}."


def _all(words: Words, waiting: Sequence[Awaited], pending: Sequence[Pending]) -> str:
    """Whom and what it waits for."""
    return ", ".join([*map(words.awaited, waiting), *map(words.pending, pending)]) or "nada"


def _is_as(wanted: Sequence[Pending], found: Sequence[Pending]) -> bool:
    """Whether the same is awaited, until the same day where one is expected."""
    ordered = sorted(wanted, key=lambda one: one.event)
    return [one.event for one in ordered] == [one.event for one in found] and all(
        one.until in (None, other.until) for one, other in zip(ordered, found, strict=True)
    )


def _compared(said: Callable[[T], str], what: str, wanted: Sequence[T] | None, found: Sequence[T]) -> Iterable[str]:
    """One sentence, on the first that differs: the rest often follows from it."""
    if wanted is None or tuple(wanted) == tuple(found):
        return
    number = next((at for at, (one, other) in enumerate(zip(wanted, found, strict=False)) if one != other), None)
    at = min(len(wanted), len(found)) if number is None else number
    expected = f"se esperaba {said(wanted[at])}" if at < len(wanted) else "no se esperaba nada más"
    came = f"fue {said(found[at])}" if at < len(found) else "no hubo nada más"
    yield f"{what}, lugar {at + 1}: {expected} y {came}."


def _list(said: Callable[[T], str], items: Sequence[T]) -> str:
    return ", ".join(said(one) for one in items) or "nada"
