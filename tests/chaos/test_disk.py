"""The full disk of `make chaos`, mounted or not: nobody can write a document while it is full, and everybody afterwards."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from tests.chaos import disk as disks
from tests.chaos.disk import disk_of
from tests.support.effects import eventually

WORKER = """
import errno, pathlib, sys
for line in sys.stdin:
    try:
        pathlib.Path(line.strip()).write_bytes(bytes(60_000))
        print("written", flush=True)
    except OSError as error:
        print(errno.errorcode[error.errno], flush=True)
"""


class House(SimpleNamespace):
    """The folder, and a worker of one process that writes what it is told to."""

    def process(self, name: str) -> psutil.Process:
        return psutil.Process(self.worker.pid)

    def writes(self, name: str) -> str:
        self.worker.stdin.write(f"{self.settings.documents_dir / name}\n")
        self.worker.stdin.flush()
        return str(self.worker.stdout.readline().strip())


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Any]:
    settings = SimpleNamespace(data_dir=tmp_path, documents_dir=tmp_path / "documents")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", WORKER], **pipes) as worker:  # type: ignore[call-overload]
        yield House(settings=settings, worker=worker)


@pytest.mark.parametrize("may_mount", [True, False], ids=["mounted where we may", "nothing may be mounted"])
def test_a_full_disk_takes_no_document_and_a_freed_one_does(
    house: Any, may_mount: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disks, "SIZE_MB", 2)
    with disk_of(house, may_mount=may_mount, is_kept=True) as disk:
        assert house.writes("before") == "written"

        disk.fill()
        assert eventually(lambda: house.writes("meanwhile") == disk.leaves, patience_s=10)
        assert house.writes("meanwhile") == disk.leaves

        disk.free()
        assert house.writes("after") == "written"

    kept = house.settings.documents_dir
    assert [len((kept / name).read_bytes()) for name in ("before", "after")] == [60_000] * 2


def test_a_mounted_disk_is_gone_afterwards_and_takes_nothing_with_it_that_is_to_be_kept(house: Any) -> None:
    with disk_of(house) as disk:
        assert house.writes("a") == "written"

    folder = house.settings.documents_dir
    assert not folder.is_mount()
    assert [path.name for path in folder.iterdir()] == ([] if isinstance(disk, disks.OwnDisk) else ["a"])
