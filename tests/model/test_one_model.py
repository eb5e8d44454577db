"""One model, three heights: whatever people try, in any order, the product says and does what the handbook's table says.

The examples are the same in every run, so that only a change of the product can turn them red. `MODEL_EXAMPLES=500 pytest
tests/model` runs so many of each height instead, chosen at random, and shrinks what fails.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import faults
from app.adapters.queue import Queue
from app.adapters.storage import Storage
from app.domain.states import CertificateState as State
from tests.model import faulty_pages, walk
from tests.model.faulty_pages import COMMON_POINTS, FAULTS, FaultyPages
from tests.model.handbook import FIRST_INSTANT, TABLE, Event, Why
from tests.model.machine import Machine, MachineThroughFaults, Opened
from tests.model.pages import Pages
from tests.model.people import Verb
from tests.model.play import DriverOf, Play, PlayOnPages, PlayThroughFaults
from tests.model.services import Services
from tests.model.stage import Ground, emptied, rolled_back

EXAMPLES, STEPS = 5, 8
LONG = int(os.environ.get("MODEL_EXAMPLES", "0"))
NOBODY_LISTENS = "redis://127.0.0.1:1/0"
Faulty = Callable[[int], Opened]


@contextmanager
def opened(kind: type[Play], driver: DriverOf, app: Flask, session: Session, ground: Ground) -> Iterator[Play]:
    """On clean ground, with a clock and a folder of documents of its own."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.extensions, "storage", Storage(Path(folder)))
        with time_machine.travel(FIRST_INSTANT, tick=False) as clock, ground() as stage:
            yield kind(app, session, stage, driver, clock)


@pytest.fixture
def services(app: Flask, session: Session) -> Opened:
    return partial(opened, Play, Services, app, session, rolled_back(session))


@pytest.fixture
def pages(app: Flask, session: Session) -> Opened:
    return partial(opened, PlayOnPages, Pages, app, session, rolled_back(session))


@pytest.fixture
def faulty(
    live: Flask, live_session: Session, owner: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Faulty:
    """Real commits, the broker away all the time, and what fails answered as in production, with a page."""
    monkeypatch.setitem(live.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(live.extensions, "queue", Queue(NOBODY_LISTENS))
    monkeypatch.setattr(os, "kill", faulty_pages.die)
    monkeypatch.setattr(faults, "SLOW_S", faulty_pages.SLOW_S)

    def through(at_a_time: int) -> Opened:
        driver = partial(FaultyPages, folder=tmp_path, at_a_time=at_a_time)
        return partial(opened, PlayThroughFaults, driver, live, live_session, emptied(live_session, owner))

    return through


def walked(play: Play) -> tuple[set[tuple[State, Event]], set[Why]]:
    """The transitions and the refusals met on the way."""
    transitions = walk.all_states(play)
    walk.all_refusals(play)
    return transitions, play.refusals


def run(machine: type[Machine], opened: Opened) -> int:
    """How many examples were played to their end."""
    played: list[Machine] = []

    def play() -> Machine:
        played.append(machine(opened))
        return played[-1]

    how = settings(
        max_examples=LONG or EXAMPLES,
        stateful_step_count=STEPS,
        derandomize=not LONG,
        # A failure is told as it was found: its steps are few, and to shrink them takes minutes.
        phases=[Phase.generate, Phase.shrink] if LONG else [Phase.generate],
        print_blob=bool(LONG),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(cast(type[RuleBasedStateMachine], play), settings=how)
    return len(played)


def test_services_go_every_way_of_the_table_and_no_other(services: Opened) -> None:
    with services() as play:
        assert walked(play) == (set(TABLE), set(Why))
        play.settle()


def test_pages_go_every_way_of_the_table_and_no_other(pages: Opened) -> None:
    with pages() as play:
        assert walked(play) == (set(TABLE), set(Why))
        play.settle()


def test_no_fault_at_any_point_of_any_action_loses_or_doubles_anything(faulty: Faulty) -> None:
    with faulty(len(FAULTS))() as play:
        assert walked(play) == (set(TABLE), set(Why))
        assert isinstance(play, PlayThroughFaults)
        walk.all_races(play)
        play.settle()
        assert {fault for _, fault in play.driver.struck} == set(FAULTS)
        assert {
            (verb, fault) for verb in Verb for fault in FAULTS if fault.startswith(COMMON_POINTS)
        } <= play.driver.struck


def test_services_do_what_the_model_says_in_any_order(services: Opened) -> None:
    assert run(Machine, services) >= EXAMPLES


def test_pages_do_what_the_model_says_in_any_order(pages: Opened) -> None:
    assert run(Machine, pages) >= EXAMPLES


def test_pages_that_fail_do_what_the_model_says_in_any_order(faulty: Faulty) -> None:
    assert run(MachineThroughFaults, faulty(1)) >= EXAMPLES
