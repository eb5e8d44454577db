"""One override covers every place where the engine evaluates: the places are listed, and each is seen to end in it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
import yaml
from SpiffWorkflow.bpmn.script_engine import TaskDataEnvironment

from app.process.spiff.parsing import Parser
from app.process.spiff.script import Script, Words
from tests.process import call_sites
from tests.process.call_sites import ASKS, PACKAGE, Site
from tests.process.escapes import DATA, PYTHON, places
from tests.process.states import silent
from tests.process.test_escapes import CONFUSED, RUNNING, drive

PLACES_OF_EVALUATION = ("script_engine", "environment")


@cache
def recorded() -> dict[str, dict[str, list[str]]]:
    read: dict[str, dict[str, list[str]]] = yaml.safe_load((DATA / "call_sites.yaml").read_text(encoding="utf-8"))
    return read


def sites_of(*ends: str) -> Iterator[Site]:
    for end in ends:
        for where, texts in recorded()[end].items():
            file, _, function = where.partition(" ")
            yield from (Site(file, function, text) for text in texts)


class Callers:
    """Functions of the library that asked one of ours."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def hear(self, code: CodeType) -> None:
        path = Path(code.co_filename)
        if path.is_relative_to(PACKAGE):
            self.seen.add(f"{path.relative_to(PACKAGE).as_posix()} {code.co_qualname}")

    def listening(self, function: Any) -> Any:
        def heard(*given: object, **named: object) -> object:
            self.hear(sys._getframe(1).f_code)
            return function(*given, **named)

        return heard


@pytest.fixture
def callers(monkeypatch: pytest.MonkeyPatch) -> Callers:
    callers = Callers()
    for owner in (Script, Words):
        for name in ASKS:
            monkeypatch.setattr(owner, name, callers.listening(vars(owner)[name]))
    return callers


def test_the_places_are_those_that_we_have_read() -> None:
    assert call_sites.found() == set(sites_of(*recorded()))


@pytest.mark.parametrize(("end", "ours"), [("script_engine", Script), ("environment", Words)])
def test_each_asks_for_something_that_we_override(end: str, ours: type) -> None:
    asked = {text.partition("(")[0].rpartition(".")[2] for site in sites_of(end) for text in [site.text]}

    assert asked <= ASKS & vars(ours).keys()


def test_each_place_of_evaluation_is_reached_and_ends_in_ours(callers: Callers) -> None:
    for name in RUNNING:
        for payload in (PYTHON, "1 == 1"):
            with suppress(*CONFUSED):
                drive(places()[name], payload, Script(silent))

    assert callers.seen == {site.where for site in sites_of(*PLACES_OF_EVALUATION)}


def test_the_librarys_evaluation_of_python_is_not_below_ours() -> None:
    script = Script(silent)

    assert type(script.environment) is Words
    assert not isinstance(script.environment, TaskDataEnvironment)
    assert vars(Script).keys() >= ASKS
    assert vars(Words).keys() >= ASKS


def test_the_engine_imports_neither_dialects_nor_decision_tables() -> None:
    """Their steps cannot be built by a parser that is not there."""
    code = "import sys, app.process.engine; print(*(name for name in sys.modules if name.startswith('SpiffWorkflow.')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert not [name for name in loaded if name.split(".")[1] in {"spiff", "camunda", "dmn"}]


def test_our_parser_builds_the_steps_of_the_subset_and_no_others() -> None:
    built = {pair[1].__name__ for pair in (Parser.PARSER_CLASSES | Parser.OVERRIDE_PARSER_CLASSES).values()}

    assert built == {
        "StartEvent",
        "EndEvent",
        "UserTask",
        "OperationTask",
        "ExclusiveGateway",
        "ParallelGateway",
        "IntermediateCatchEvent",
        "BoundaryEvent",
        "DecisionTask",
        "SubProcess",
        "Call",
    }
