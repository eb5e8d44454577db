"""`flask intake load` as a process of its own: killed in the middle, run again, watched on a terminal."""

import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.services.intake_files import ANA, BENJAMIN, ENTRY, FileRow, write

CHUNK, MARKS = 100, 6000
COMMAND = [str(Path(sys.executable).with_name("flask")), "intake", "load"]
COUNT = text("SELECT count(*) FROM attendance_mark")


def many_marks() -> list[FileRow]:
    begun = datetime(2026, 3, 2, 12, tzinfo=UTC)
    return [
        {
            **ENTRY,
            "mark_id": f"M{number}",
            "rut": (ANA, BENJAMIN)[number % 2],
            "kind": ("in", "out")[number // 2 % 2],
            "marked_at": (begun + timedelta(seconds=number)).isoformat(),
        }
        for number in range(MARKS)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "in", marks=many_marks())


def start(folder: Path, stderr: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    command = [*COMMAND, str(folder), "--chunk", str(CHUNK)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it did not come about within a minute"
        time.sleep(0.005)


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(COUNT).scalar_one())


def nobody_loads(engine: Engine) -> bool:
    with engine.connect() as connection:
        return not connection.execute(text("SELECT FROM pg_locks WHERE locktype = 'advisory'")).all()


def kill_in_the_middle(folder: Path, engine: Engine) -> int:
    """The marks that are there after kill -9 of a load that had begun with them."""
    loading = start(folder)
    wait_until(lambda: count(engine) > 0)
    loading.kill()
    loading.communicate()
    wait_until(lambda: nobody_loads(engine))
    return count(engine)


def test_a_load_killed_in_the_middle_leaves_whole_chunks_only(live: Flask, engine: Engine, folder: Path) -> None:
    taken = kill_in_the_middle(folder, engine)

    assert 0 < taken < MARKS
    assert taken % CHUNK == 0


def test_after_a_kill_the_second_run_brings_the_rest_and_a_third_nothing(
    live: Flask, engine: Engine, live_session: Session, folder: Path
) -> None:
    taken = kill_in_the_middle(folder, engine)
    second, third = start(folder).communicate()[0], start(folder).communicate()[0]

    assert f"{'marks.csv':<20}{MARKS - taken:>10}{taken:>12}{0:>12}{0:>12}" in second
    assert f"{'marks.csv':<20}{0:>10}{MARKS:>12}{0:>12}{0:>12}" in third
    assert count(engine) == MARKS
    assert live_session.execute(text("SELECT count(*) FROM correction")).scalar_one() == 0


def test_a_terminal_is_shown_the_progress(live: Flask, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    loading = start(write(tmp_path / "in"), stderr=theirs)
    os.close(theirs)
    output = loading.communicate()[0]
    shown = os.read(ours, 10_000).decode()
    os.close(ours)

    assert "Cargando" in shown
    assert "Cargando" not in output


def test_where_there_is_no_terminal_no_progress_is_shown(live: Flask, tmp_path: Path) -> None:
    loading = start(write(tmp_path / "in"), stderr=subprocess.STDOUT)

    assert "Cargando" not in loading.communicate()[0]
