"""The disk on which documents are kept: one of its own where we may mount, so that it can be full without anybody else's being."""

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Protocol

import psutil

from tests.chaos import facts
from tests.chaos.house import WORKER, House

SIZE_MB = 512
FILLER = ".filler"
# Letters still leave.
LARGEST_FILE = 20_000
# Longer than three tries of an effect with the waits between them.
GIVEN_UP_WITHIN_S = 360


class Disk(Protocol):
    name: str
    # What the details of its incidents say.
    leaves: str

    def fill(self) -> None: ...
    def free(self) -> None: ...


class OwnDisk:
    """A file system in memory. Full is full: the next write ends with ENOSPC."""

    name, leaves = "a full file system", "ENOSPC"

    def __init__(self, folder: Path) -> None:
        self._filler = folder / FILLER

    def fill(self) -> None:
        with self._filler.open("wb", buffering=0) as file, suppress(OSError):
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while file.write(b"\0" * size):
                        pass

    def free(self) -> None:
        self._filler.unlink()


class LimitedFiles:
    """Where nothing may be mounted, the worker's processes are not allowed files of the size of a PDF: EFBIG."""

    name, leaves = "no file over 20 kB", "EFBIG"

    def __init__(self, house: House) -> None:
        self._house = house
        self._freed = Event()
        self._limiter = Thread(target=self._keep_limited, daemon=True)

    def fill(self) -> None:
        self._limiter.start()

    def free(self) -> None:
        self._freed.set()
        self._limiter.join()
        self._limit(resource.RLIM_INFINITY)

    def _keep_limited(self) -> None:
        # Those that are started meanwhile too.
        while not self._freed.wait(0.05):
            self._limit(LARGEST_FILE)

    def _limit(self, size: int) -> None:
        with suppress(psutil.NoSuchProcess):
            worker = self._house.process(WORKER)
            for process in (worker, *worker.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    process.rlimit(psutil.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@dataclass
class FullDisk:
    """Full until something is given up for it, and an operator finds an incident that says so."""

    disk: Disk
    patience_s: float = GIVEN_UP_WITHIN_S
    works_on_files: bool = False

    @property
    def name(self) -> str:
        return f"disk: {self.disk.name}"

    def lay(self, house: House, random: Random) -> None:
        self.disk.fill()

    def has_fallen(self, house: House) -> bool:
        return facts.given_up_for(house.settings.database_url, self.disk.leaves)

    def lift(self, house: House) -> None:
        self.disk.free()


@contextmanager
def disk_of(house: House, *, may_mount: bool = True, is_kept: bool = False) -> Iterator[Disk]:
    """The disk of the house's documents, before anything is on it; what is on it afterwards can be kept."""
    folder = house.settings.documents_dir
    folder.mkdir(parents=True, exist_ok=True)
    if not (may_mount and _mounted(folder)):
        yield LimitedFiles(house)
        return
    try:
        yield OwnDisk(folder)
    finally:
        with tempfile.TemporaryDirectory(dir=house.settings.data_dir) as aside:
            if is_kept:
                shutil.copytree(folder, aside, dirs_exist_ok=True)
            # Lazily: whoever still has a file open there keeps it until it ends.
            subprocess.run(["umount", "--lazy", folder], check=True)
            shutil.copytree(aside, folder, dirs_exist_ok=True)


def _mounted(folder: Path) -> bool:
    if os.geteuid() != 0:
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=0755", "constancia-chaos", str(folder)]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0
