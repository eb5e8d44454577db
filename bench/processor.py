"""Processor time as the kernel counts it, of a process with all its children: what a busy machine does not disturb."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def seconds_of(pid: int) -> float:
    """What the process and its descendants, the ended ones too, have taken so far."""
    children = _children(pid)
    # The name, in brackets, may hold anything.
    numbers = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    own = sum(map(int, numbers[11:15])) / TICKS
    return own + sum(map(_seconds_if_alive, children))


def pid_of_postgres(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text(encoding="utf-8").split()[0])


def _seconds_if_alive(pid: int) -> float:
    try:
        return seconds_of(pid)
    except (FileNotFoundError, ProcessLookupError):
        # It ended meanwhile: from now on its parent's count has it.
        return 0.0


def _children(pid: int) -> list[int]:
    """Of all its threads: any of them may have started one."""
    return [
        int(child)
        for thread in Path(f"/proc/{pid}/task").iterdir()
        for child in (thread / "children").read_text(encoding="utf-8").split()
    ]
