"""Fail-points: they do nothing unless the environment says so, and each name there is stands somewhere in the code."""

import ast
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import faults
from app.config import Settings, SettingsError
from app.faults import POINTS, Fault, FaultAction, FaultOnPurpose

ROOT = Path(__file__).parents[1]
HERE = "issue.after_folio"


@pytest.fixture(autouse=True)
def disarmed(tmp_path: Path) -> Iterator[None]:
    yield
    faults.arm("", tmp_path)


def test_the_code_has_every_point_of_the_list_and_no_other() -> None:
    trees = [ast.parse(path.read_text()) for folder in ("app", "tasks") for path in (ROOT / folder).rglob("*.py")]
    called = {
        ast.literal_eval(call.args[0])
        for tree in trees
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "faults.point"
    }

    assert called == set(POINTS)


def test_without_the_setting_nothing_happens(tmp_path: Path) -> None:
    faults.arm(Settings.from_env({}).fault, tmp_path / "faults")

    assert [faults.point(name) for name in POINTS] == [None] * len(POINTS)  # type: ignore[func-returns-value]
    assert not (tmp_path / "faults").exists()


def test_an_error_is_raised_where_it_was_asked_for_and_nowhere_else(tmp_path: Path) -> None:
    faults.arm(f"{HERE}:error", tmp_path)
    faults.point("issue.before_folio")

    for _ in range(2):
        with pytest.raises(FaultOnPurpose, match=HERE):
            faults.point(HERE)


def test_slow_takes_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "SLOW_S", 0.2)
    faults.arm(f"{HERE}:slow", tmp_path)
    begun = time.monotonic()

    faults.point(HERE)

    assert time.monotonic() - begun >= 0.2


def struck(tmp_path: Path, fault: str) -> int:
    """How a process ends that comes by."""
    program = f"from pathlib import Path; from app import faults; faults.arm({fault!r}, Path({str(tmp_path)!r}));"
    return subprocess.run([sys.executable, "-c", f"{program} faults.point({HERE!r})"], cwd=ROOT, check=False).returncode


def test_a_kill_is_a_kill(tmp_path: Path) -> None:
    assert [struck(tmp_path, f"{HERE}:kill") for _ in range(2)] == [-signal.SIGKILL] * 2


def test_once_is_once_for_all_processes_and_again_when_its_marker_is_taken_away(tmp_path: Path) -> None:
    fault = f"{HERE}:kill:once"
    assert [struck(tmp_path, fault) for _ in range(2)] == [-signal.SIGKILL, 0]

    (tmp_path / Fault(HERE, FaultAction.KILL).marker).unlink()

    assert [struck(tmp_path, fault) for _ in range(2)] == [-signal.SIGKILL, 0]


def test_several_are_told_apart_by_commas() -> None:
    expected = [Fault(HERE, FaultAction.KILL), Fault("mail.before_send", FaultAction.ERROR, once=True)]

    assert faults.parse(f"{HERE}:kill, mail.before_send:error:once") == expected


@pytest.mark.parametrize("text", ["issue.nowhere:kill", HERE, f"{HERE}:explode", f"{HERE}:kill:twice", "kill", ","])
def test_what_nobody_knows_is_refused_at_the_start_with_a_sentence(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^FAULT .*\.$") as refusal:
        Settings.from_env({"FAULT": text})

    assert any(name in str(refusal.value) for name in POINTS)


def test_where_people_from_outside_come_in_nothing_fails_on_purpose() -> None:
    production = {"FAULT": f"{HERE}:kill", "DATABASE_URL": "postgresql://db/constancia", "HOST": "0.0.0.0"}

    with pytest.raises(SettingsError, match="Quítela"):
        Settings.from_env(production)
