"""Cases that wait somewhere go on: states of every wait of every released diagram are loaded and finished in each end."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.process import engine
from app.process.engine import AwaitedEvent, Position, WaitingTask
from app.process.package import Package
from tests.process import states
from tests.process.states import DIAGRAM, FOLDER, Wait

STORED = sorted(FOLDER.rglob("*.json"))
SIDE = "side_"
"""How an end of a branch beside the main way is called here: no case ends in it."""
RELEASED = sorted(FOLDER.rglob(DIAGRAM))


def named(path: Path) -> str:
    return "/".join(path.relative_to(FOLDER).with_suffix("").parts)


def loaded(path: Path) -> tuple[Package, dict[str, Any], Wait]:
    stored = json.loads(path.read_text(encoding="utf-8"))
    waiting = tuple(WaitingTask(**task) for task in stored["waiting"])
    answered = tuple((key, decisions) for key, decisions in stored["answered"])
    awaited = tuple(AwaitedEvent(**event) for event in stored.get("awaited", []))
    position = Position(stored["state"], waiting, None, awaited)
    return states.stored_in(path.parents[1]), stored, Wait(answered, position)


@pytest.mark.parametrize("path", STORED, ids=named)
def test_a_case_that_waits_there_reaches_each_of_its_ends(path: Path) -> None:
    package, stored, wait = loaded(path)

    assert states.ends_from(package, wait) == set(stored["ends"])


@pytest.mark.parametrize("path", STORED, ids=named)
def test_the_engine_that_wrote_it_is_one_whose_states_we_read(path: Path) -> None:
    assert loaded(path)[1]["engine_version"] == path.parent.name
    assert path.parent.name in engine.READABLE


@pytest.mark.parametrize("path", RELEASED, ids=named)
def test_a_released_diagram_keeps_its_hash_so_that_cases_find_it(path: Path) -> None:
    diagram = states.stored_in(path.parent).diagram

    assert diagram.sha256.startswith(path.parent.name)
    assert diagram.xml == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", RELEASED, ids=named)
def test_the_waits_of_a_released_diagram_end_in_all_of_its_ends(path: Path) -> None:
    ends = {end for stored in path.parent.rglob("*.json") for end in json.loads(stored.read_text("utf-8"))["ends"]}

    assert ends == {end for end in states.stored_in(path.parent).diagram.ends if not end.startswith(SIDE)}


@pytest.mark.parametrize("package", states.current(), ids=lambda package: package.diagram.process_id)
def test_every_wait_of_todays_diagrams_is_stored_by_todays_engine(package: Package) -> None:
    """Whoever changes a diagram or the engine runs `python -m tests.process.states` and commits what it adds."""
    folder = states.folder_of(package) / engine.VERSION
    files = [json.loads(path.read_text("utf-8")) for path in folder.glob("*")]
    stored = [[one["key"] for one in (*file["waiting"], *file["awaited"])] for file in files]

    assert sorted(stored) == sorted(wait.keys for wait in states.waits(package))
