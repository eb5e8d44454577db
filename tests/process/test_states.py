"""Cases that wait somewhere go on: states of every wait of every released diagram are loaded and finished in each end."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.process import diagrams, engine
from app.process.diagrams import Diagram
from app.process.engine import Position, WaitingTask
from tests.process import states
from tests.process.states import DIAGRAM, FOLDER, Wait

STORED = sorted(FOLDER.rglob("*.json"))
RELEASED = sorted(FOLDER.rglob(DIAGRAM))


def named(path: Path) -> str:
    return "/".join(path.relative_to(FOLDER).with_suffix("").parts)


def diagram_beside(folder: Path) -> Diagram:
    return diagrams.read((folder / DIAGRAM).read_bytes())


def loaded(path: Path) -> tuple[Diagram, dict[str, Any], Wait]:
    stored = json.loads(path.read_text(encoding="utf-8"))
    waiting = tuple(WaitingTask(**task) for task in stored["waiting"])
    answered = tuple((key, decisions) for key, decisions in stored["answered"])
    return diagram_beside(path.parents[1]), stored, Wait(answered, Position(stored["state"], waiting, None))


@pytest.mark.parametrize("path", STORED, ids=named)
def test_a_case_that_waits_there_reaches_each_of_its_ends(path: Path) -> None:
    diagram, stored, wait = loaded(path)

    assert states.ends_from(diagram, wait) == set(stored["ends"])


@pytest.mark.parametrize("path", STORED, ids=named)
def test_the_engine_that_wrote_it_is_one_whose_states_we_read(path: Path) -> None:
    assert loaded(path)[1]["engine_version"] == path.parent.name
    assert path.parent.name in engine.READABLE


@pytest.mark.parametrize("path", RELEASED, ids=named)
def test_a_released_diagram_keeps_its_hash_so_that_cases_find_it(path: Path) -> None:
    diagram = diagram_beside(path.parent)

    assert diagram.sha256.startswith(path.parent.name)
    assert diagram.xml == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", RELEASED, ids=named)
def test_the_waits_of_a_released_diagram_end_in_all_of_its_ends(path: Path) -> None:
    ends = {end for stored in path.parent.rglob("*.json") for end in json.loads(stored.read_text("utf-8"))["ends"]}

    assert ends == set(diagram_beside(path.parent).ends)


@pytest.mark.parametrize("diagram", states.current_diagrams(), ids=lambda diagram: diagram.process_id)
def test_every_wait_of_todays_diagrams_is_stored_by_todays_engine(diagram: Diagram) -> None:
    """Whoever changes a diagram or the engine runs `python -m tests.process.states` and commits what it adds."""
    folder = states.folder_of(diagram) / engine.VERSION
    stored = [[task["key"] for task in json.loads(path.read_text("utf-8"))["waiting"]] for path in folder.glob("*")]

    assert sorted(stored) == sorted(wait.keys for wait in states.waits(diagram))
