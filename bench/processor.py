"""Processor time as the kernel counts it, of a process with all its children: what a busy machine does not disturb."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def seconds_of(pid: int) -> float:
    """What the process and its descendants, the ended ones too, have taken so far."""
    # The name, in brackets, may hold anything.
    numbers = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    own = sum(map(int, numbers[11:15])) / TICKS
    return own + sum(seconds_of(child) for child in _children(pid))


def pid_of_postgres(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text(encoding="utf-8").split()[0])


def _children(pid: int) -> list[int]:
    """Of all its threads: any of them may have started one."""
    return [
        int(child)
        for thread in Path(f"/proc/{pid}/task").iterdir()
        for child in (thread / "children").read_text(encoding="utf-8").split()
    ]
