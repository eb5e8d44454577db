"""Scenarios: a trial with what is expected of it, from JSON and back. What is not known is refused where it stands."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.errors import Refusal
from app.domain.regions import Region
from app.domain.strict_json import Place
from app.models import TimerKind
from app.process.messages import MESSAGES
from app.process.trials.clock import MOST_DAYS
from app.process.trials.replaying import MOST_STEPS
from app.process.trials.steps import Advance, Answer, Arrive, Given, Step
from app.process.trials.trial import Deadline, Told

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
MOST_SCENARIOS, LARGEST = 60, 200_000
MOST_FACTS, MOST_HOLIDAYS, MOST_ANSWERS, MOST_EXPECTED = 10, 30, 30, 200
LONGEST_FACT, LONGEST_ANSWER = 200, 4000


class InvalidScenario(Refusal):
    """The text of a scenario cannot be used; the sentence says where and what to do."""

    code = "scenario_refused"


@dataclass(frozen=True)
class Awaited:
    """A task that waits, and the office it waits for."""

    task: str
    office: str


@dataclass(frozen=True)
class Pending:
    """A term or a message that is awaited; `until` is the last day of a term, None where it is not looked at."""

    event: str
    until: date | None = None


@dataclass(frozen=True)
class Expected:
    """Either the end it comes to or whom it waits for; what else is None is not looked at."""

    outcome: str | None = None
    waiting: tuple[Awaited, ...] | None = None
    awaiting: tuple[Pending, ...] | None = None
    operations: tuple[str, ...] | None = None
    deadlines: tuple[Deadline, ...] | None = None
    told: tuple[Told, ...] | None = None


@dataclass(frozen=True)
class Scenario:
    """`name` is its file's; `title` is what people call it."""

    name: str
    title: str
    given: Given
    when: tuple[Step, ...]
    then: Expected


class _Place(Place):
    error = InvalidScenario
    # A step of a called process is named with that.
    longest = {"title": 120, "answer": 125, "task": 125, "event": 125}  # noqa: RUF012

    def under(self, key: str) -> "_Place":
        return _Place(f"{self.where}, «{key}»", self.data.get(key))

    def each(self, key: str, most: int) -> list["_Place"]:
        return [_Place(f"{self.where}, «{key}» {number}", item) for number, item in enumerate(self.items(key, most), 1)]

    def texts(self, key: str, most: int, longest: int) -> tuple[str, ...]:
        found = self.items(key, most)
        if not all(isinstance(one, str) and one.strip() and len(one) <= longest for one in found):
            self.refuse(f"«{key}» es una lista de textos de hasta {longest} caracteres. Corríjala.")
        return tuple(str(one) for one in found)

    def key(self, key: str) -> str:
        return self.text(key, needed=True)

    def date(self, key: str) -> date:
        found = self.day(key)
        if found is None:
            self.refuse(f"falta «{key}», una fecha como 2026-12-31. Agréguela.")
        return found


def read_all(data: object) -> list[Scenario]:
    """The scenarios of a version, by their names. Raises InvalidScenario."""
    if not isinstance(data, Mapping) or len(data) > MOST_SCENARIOS:
        raise InvalidScenario(f"Los escenarios van en un objeto, cada uno con su nombre, hasta {MOST_SCENARIOS}.")
    if len(json.dumps(data)) > LARGEST:
        raise InvalidScenario("Los escenarios pesan demasiado. Deje los que dicen algo distinto.")
    return [read(name, data[name]) for name in sorted(data)]


def read(name: str, data: object) -> Scenario:
    """The scenario called `name`. Raises InvalidScenario."""
    place = _Place(f"Escenario «{name}»", data)
    if not isinstance(name, str) or not NAME.match(name):
        place.refuse("el nombre va con minúsculas y guion bajo, como «granted_in_time». Cámbielo.")
    place.only("title", "given", "when", "then")
    return Scenario(
        name=name,
        title=place.text("title", needed=True),
        given=_given(place.under("given")),
        when=tuple(_step(step) for step in place.each("when", MOST_STEPS)),
        then=_expected(place.under("then")),
    )


def steps(data: Sequence[object]) -> tuple[Step, ...]:
    """The steps of a trial under way. Raises InvalidScenario."""
    return tuple(_step(step) for step in _Place("Ensayo", {"steps": data}).each("steps", MOST_STEPS))


def given(data: object) -> Given:
    """How a trial under way begins. Raises InvalidScenario."""
    return _given(_Place("Ensayo", data))


def _given(place: _Place) -> Given:
    place.only("starts_on", "region", "holidays", "facts")
    days = [
        _Place(f"{place.where}, «holidays»", {"day": day}).date("day") for day in place.items("holidays", MOST_HOLIDAYS)
    ]
    return Given(
        starts_on=place.date("starts_on"),
        region=place.one_of("region", Region, default=Region.METROPOLITANA).value,
        holidays=tuple(days),
        facts=place.texts("facts", MOST_FACTS, LONGEST_FACT),
    )


def _step(place: _Place) -> Step:
    if "advance" in place.data:
        place.only("advance")
        days = place.number("advance", 1, MOST_DAYS)
        if days is None:
            place.refuse("falta cuántos días hábiles pasan. Escríbalo en «advance».")
        return Advance(days)
    if "message" in place.data:
        place.only("message")
        if place.key("message") not in MESSAGES:
            place.refuse(f"el aviso «{place.key('message')}» no existe. Los que hay: {', '.join(MESSAGES)}.")
        return Arrive(place.key("message"))
    place.only("answer", "answers")
    answers = place.data.get("answers", {})
    if not isinstance(answers, Mapping) or len(answers) > MOST_ANSWERS or not all(map(_is_answer, answers.values())):
        place.refuse(
            f"«answers» es un objeto de hasta {MOST_ANSWERS} respuestas: textos, números enteros, true o false."
        )
    return Answer(place.key("answer"), dict(answers))


def _is_answer(value: object) -> bool:
    return isinstance(value, bool | int) or (isinstance(value, str) and len(value) <= LONGEST_ANSWER)


def _expected(place: _Place) -> Expected:
    place.only("outcome", "waiting", "awaiting", "operations", "deadlines", "told")
    if ("outcome" in place.data) == ("waiting" in place.data):
        place.refuse("dice en qué termina, «outcome», o a quién espera, «waiting». Deje uno de los dos.")

    def rows(key: str, *keys: str) -> list[_Place] | None:
        found = place.each(key, MOST_EXPECTED) if key in place.data else None
        for row in found or ():
            row.only(*keys)
        return found

    waiting, deadlines = rows("waiting", "task", "office"), rows("deadlines", "task", "on")
    told, awaiting = rows("told", "task", "what", "on"), rows("awaiting", "event", "until")
    return Expected(
        outcome=place.key("outcome") if "outcome" in place.data else None,
        waiting=_tuple(waiting, lambda row: Awaited(row.key("task"), row.key("office"))),
        awaiting=_tuple(awaiting, lambda row: Pending(row.key("event"), row.day("until"))),
        operations=place.texts("operations", MOST_EXPECTED, 120) if "operations" in place.data else None,
        deadlines=_tuple(deadlines, lambda row: Deadline(row.key("task"), row.date("on"))),
        told=_tuple(told, lambda row: Told(row.key("task"), row.one_of("what", TimerKind), row.date("on"))),
    )


def _tuple(rows: Sequence[_Place] | None, made: Any) -> tuple[Any, ...] | None:
    return None if rows is None else tuple(made(row) for row in rows)


def as_data(scenario: Scenario) -> dict[str, Any]:
    """What `read` reads."""
    then = scenario.then
    told = {
        "outcome": then.outcome,
        "waiting": _rows(then.waiting, lambda one: {"task": one.task, "office": one.office}),
        "awaiting": _rows(then.awaiting, _pending),
        "operations": None if then.operations is None else list(then.operations),
        "deadlines": _rows(then.deadlines, lambda one: {"task": one.task, "on": one.on.isoformat()}),
        "told": _rows(then.told, lambda one: {"task": one.task, "what": one.what.value, "on": one.on.isoformat()}),
    }
    return {
        "title": scenario.title,
        "given": given_data(scenario.given),
        "when": [step_data(step) for step in scenario.when],
        "then": {key: value for key, value in told.items() if value is not None},
    }


def given_data(given: Given) -> dict[str, Any]:
    data: dict[str, Any] = {"starts_on": given.starts_on.isoformat(), "region": given.region}
    data |= {"holidays": [day.isoformat() for day in given.holidays]} if given.holidays else {}
    return data | ({"facts": list(given.facts)} if given.facts else {})


def step_data(step: Step) -> dict[str, Any]:
    if isinstance(step, Advance):
        return {"advance": step.days}
    if isinstance(step, Arrive):
        return {"message": step.message}
    return {"answer": step.task} | ({"answers": dict(step.answers)} if step.answers else {})


def _pending(one: Pending) -> dict[str, str]:
    return {"event": one.event} | ({"until": one.until.isoformat()} if one.until else {})


def _rows(items: Sequence[Any] | None, made: Any) -> list[dict[str, str]] | None:
    return None if items is None else [made(one) for one in items]
