"""`make bench B=intake`: a million marks through `flask intake load`, beside a plain COPY of the same file."""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app.config import Settings
from bench.country import Country
from bench.figures import Figure
from bench.folder import write_folder
from bench.ground import app_on_own_servers, connection_to

# Courses of 20 participants and 20 classes: a little over a million marks.
COURSES = 1060
LIMIT_SECONDS, LIMIT_MEGABYTES = 60, 500
BLOCK = 1 << 20
FLASK = Path(sys.executable).with_name("flask")


@dataclass(frozen=True)
class Run:
    """One run of the command: what it took of the clock, of the processors and of the memory."""

    seconds: float
    cpu_seconds: float
    server_seconds: float
    megabytes: float


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--courses", type=int, default=COURSES, help=f"courses of about 946 marks ({COURSES})")


def measure(arguments: argparse.Namespace) -> list[Figure]:
    with app_on_own_servers("intake") as app:
        settings: Settings = app.extensions["settings"]
        files = settings.data_dir / "files"
        files.mkdir()
        marks = write_folder(files, Country(arguments.courses))
        plain = _plain_copy(app, files / "marks.csv")
        first = _load(app, files)
        _require_marks(app, marks)
        again = _load(app, files)
        _require_marks(app, marks)
    beside = f"plain COPY of marks.csv into a table without constraints: {plain:.1f} s"
    processors = f"of {os.cpu_count()} processors; load of the machine at the end {os.getloadavg()[0]:.1f}"
    return [
        Figure("marks", marks, "marks", "new, in an empty database, with their courses and participants"),
        Figure("plain COPY", plain, "s", "the same file, no constraint, no index, nothing checked"),
        Figure("load", first.seconds, "s", f"limit {LIMIT_SECONDS} s; {beside}"),
        Figure("load, a second", marks / first.seconds, "marks/s", f"plain COPY: {marks / plain:,.0f}"),
        Figure("load, times the plain COPY", first.seconds / plain, "×", "1 = plain COPY"),
        Figure("load, CPU of the command", first.cpu_seconds, "s", processors),
        Figure("load, CPU of PostgreSQL", first.server_seconds, "s", "two connections side by side"),
        Figure("load, peak memory of the command", first.megabytes, "MB", f"limit {LIMIT_MEGABYTES} MB"),
        Figure("the same folder again", again.seconds, "s", "changes nothing; the first load's seconds above"),
        Figure("again, peak memory of the command", again.megabytes, "MB", f"limit {LIMIT_MEGABYTES} MB"),
    ]


def _plain_copy(app: Flask, marks: Path) -> float:
    with connection_to(app) as connection:
        header = marks.open(encoding="utf-8").readline().strip().split(",")
        columns = ", ".join(f"{name} {'timestamptz' if name == 'marked_at' else 'text'}" for name in header)
        connection.execute(f"CREATE TABLE plain ({columns})".encode())
        connection.commit()
        begun = time.perf_counter()
        into = "COPY plain FROM STDIN (FORMAT csv, HEADER)"
        with marks.open("rb") as file, connection.cursor() as cursor, cursor.copy(into) as copy:
            while block := file.read(BLOCK):
                copy.write(block)
        connection.commit()
        seconds = time.perf_counter() - begun
        connection.execute("DROP TABLE plain")
    return seconds


def _load(app: Flask, files: Path) -> Run:
    settings: Settings = app.extensions["settings"]
    command = [str(FLASK), "intake", "load", str(files)]
    served = _server_seconds(settings.data_dir)
    begun = time.perf_counter()
    peak = 0.0
    with subprocess.Popen(command, env={**os.environ, **settings.to_env()}, stdout=subprocess.DEVNULL) as process:  # noqa: S603
        before = os.times()
        while process.poll() is None:
            peak = max(peak, _peak_megabytes(process.pid))
            time.sleep(0.05)
        seconds, after = time.perf_counter() - begun, os.times()
    if process.returncode != 0:
        sys.exit(f"The load ended with {process.returncode}.")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(seconds, cpu, _server_seconds(settings.data_dir) - served, peak)


def _server_seconds(folder: Path) -> float:
    """The processor time of PostgreSQL's processes that have ended: each connection is one."""
    # The command is gone; its connection's process needs a moment to follow.
    time.sleep(0.5)
    pid = (folder / "postgres" / "postmaster.pid").read_text(encoding="utf-8").split()[0]
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, after_name[13:15])) / os.sysconf("SC_CLK_TCK")


def _peak_megabytes(pid: int) -> float:
    """The most memory the process ever held, as the kernel counts it; 0 when it has just ended."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0.0)


def _require_marks(app: Flask, marks: int) -> None:
    with connection_to(app) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM attendance_mark), (SELECT count(*) FROM correction)"
        ).fetchone()
    if row != (marks, 0):
        sys.exit(f"{marks} marks and no correction were expected; there are {row}.")
