"""The course of a run: what is laid beside what, and that a blow nobody meets or a house that stays away is a finding."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from app.config import Settings
from tests.chaos import cycles
from tests.chaos.blows import Blow, Kill
from tests.chaos.cycles import Cycle, Run
from tests.chaos.disk import FullDisk
from tests.chaos.house import House
from tests.chaos.ledger import Kind, Ledger, Told

SHORT_S = 0.3


@dataclass
class Trap:
    """Falls when it was looked at so many times; keeps what else was under way when it was laid."""

    name: str
    falls_after: int = 3
    patience_s: float = 60
    works_on_files: bool = False
    beside: list[str] = field(default_factory=list)
    lifted: int = 0

    def lay(self, house: Any, random: Random) -> None:
        self.beside = [one.blow.name for one in house.run._under_way]

    def has_fallen(self, house: House) -> bool:
        self.falls_after -= 1
        return self.falls_after < 0

    def lift(self, house: House) -> None:
        self.lifted += 1


@pytest.fixture
def run(app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """People are answered and workers work all the time."""
    monkeypatch.setattr(cycles, "BETWEEN_KILLS_S", (0, 0))
    ledger = Ledger()

    def ask(_query: str, _fell_at: datetime) -> bool:
        return datetime.now(UTC) > _fell_at

    def done_after(_instant: float) -> int:
        return 1

    house: Any = SimpleNamespace(settings=settings, ask=ask)
    disk: Any = SimpleNamespace(name="full", leaves="ENOSPC", fill=lambda: None, free=lambda: None)
    monkeypatch.setattr(ledger, "done_after", done_after)
    house.run = Run(house, disk, SimpleNamespace(), ledger, "seed")  # type: ignore[arg-type]
    return house.run


def passed(run: Run, blows: Sequence[Blow]) -> list[Cycle]:
    return list(run._together(list(blows)))


def test_every_blow_is_a_cycle_and_is_lifted_once(run: Run) -> None:
    traps = [Trap(f"trap {number}") for number in range(20)]

    assert sorted(cycle.name for cycle in passed(run, traps)) == sorted(trap.name for trap in traps)
    assert {trap.lifted for trap in traps} == {1}


def test_several_lie_in_wait_at_once_and_not_more_than_told(run: Run) -> None:
    traps = [Trap(f"trap {number}", falls_after=15) for number in range(20)]
    passed(run, traps)

    assert max(len(trap.beside) for trap in traps) == cycles.AMBUSHES_AT_ONCE - 1


def test_what_works_on_files_waits_until_the_disk_is_free(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter(range(10))
    monkeypatch.setattr(FullDisk, "has_fallen", lambda _disk, _house: next(looks) == 5)
    on_files, other = Trap("on files", works_on_files=True), Trap("other")
    passed(run, [run._disk, on_files, other])

    assert other.beside == [run._disk.name]
    assert run._disk.name not in on_files.beside


def test_one_that_nobody_meets_is_a_finding(run: Run) -> None:
    (cycle,) = passed(run, [Trap("never met", falls_after=1_000, patience_s=SHORT_S)])

    assert cycle.findings == ["nobody came by never met within 0 s"]


def test_a_house_that_stays_away_is_a_finding(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycles, "BACK_WITHIN_S", SHORT_S)
    monkeypatch.setattr(run.house, "ask", lambda *_: False)
    (cycle,) = passed(run, [Kill("kill", lambda _house, _random: None)])

    assert cycle.findings == [f"not back within {SHORT_S} s"]


def test_what_is_wrong_is_told_once_with_the_blow_after_which_it_was_seen(run: Run) -> None:
    deed = run.ledger.begin(Kind.ISSUE, "p-1")
    run.ledger.tell(deed, Told.DONE, "1 1-2026")
    told = passed(run, [Trap("a"), Trap("b", falls_after=20)])

    assert [(cycle.name, cycle.findings) for cycle in told] == [
        ("a", ["issue p-1 was acknowledged and is lost"]),
        ("b", []),
    ]
