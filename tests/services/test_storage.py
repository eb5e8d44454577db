"""Files kept by their content: what goes in comes out, or the reader is told."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from app.adapters.storage import DamagedFileError, Storage

DATA = "Certificado Ñ".encode() * 1000
SHA256 = hashlib.sha256(DATA).hexdigest()


def test_a_file_is_named_by_its_hash_and_comes_back_whole(tmp_path: Path) -> None:
    storage = Storage(tmp_path / "not-there-yet")

    assert storage.put(DATA) == SHA256
    assert storage.read(SHA256) == DATA
    with storage.open(SHA256) as stream:
        assert stream.read() == DATA


def test_storing_twice_leaves_the_one_file(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    storage.put(DATA)
    (first,) = _files(tmp_path)
    before = first.stat()

    assert storage.put(DATA) == SHA256
    (second,) = _files(tmp_path)
    assert (second.stat().st_ino, second.stat().st_size) == (before.st_ino, before.st_size)


def test_eight_at_once_leave_one_file_and_no_remains(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(Storage(tmp_path).put, [DATA] * 8))

    assert names == {SHA256}
    assert [path.name for path in _files(tmp_path)] == [SHA256]


def test_a_damaged_file_is_not_handed_out_and_is_mended_by_storing_it_again(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    storage.put(DATA)
    (path,) = _files(tmp_path)
    path.write_bytes(DATA[:-1] + b"?")

    with pytest.raises(DamagedFileError):
        storage.read(SHA256)
    storage.put(DATA)
    assert storage.read(SHA256) == DATA


def test_what_was_never_stored_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Storage(tmp_path).read("0" * 64)


def test_what_is_forgotten_is_gone_and_can_be_stored_again(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    storage.put(DATA)

    assert storage.forget(SHA256, unless_stored_since=soon())
    assert _files(tmp_path) == []
    assert storage.forget(SHA256, unless_stored_since=soon())
    storage.put(DATA)
    assert storage.read(SHA256) == DATA


def test_what_was_stored_again_lately_is_not_forgotten(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    storage.put(DATA)
    (path,) = _files(tmp_path)
    os.utime(path, (0, 0))
    storage.put(DATA)

    assert not storage.forget(SHA256, unless_stored_since=soon() - timedelta(hours=1))
    assert storage.read(SHA256) == DATA


def test_whoever_stores_while_it_is_forgotten_has_the_file(tmp_path: Path) -> None:
    storage, before = Storage(tmp_path), soon() - timedelta(hours=1)
    stop = Event()

    def forget_again_and_again() -> None:
        while not stop.is_set():
            storage.forget(SHA256, unless_stored_since=before)

    with ThreadPoolExecutor(1) as pool:
        forgetting = pool.submit(forget_again_and_again)
        for _ in range(200):
            storage.put(DATA)
        stop.set()
        forgetting.result()
    assert storage.read(SHA256) == DATA


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


@pytest.mark.parametrize("name", ["../secret", "", "0" * 63, "A" * 64, "/etc/passwd", "0" * 64 + "\n"])
def test_nothing_but_a_digest_becomes_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        Storage(tmp_path).open(name)


def test_names_are_those_of_old_files_in_order_with_what_a_killed_write_left(tmp_path: Path) -> None:
    storage = Storage(tmp_path)
    kept = sorted(storage.put(content) for content in (b"a", b"b", b"c"))
    half = storage.base / kept[0][:2] / ".tmp-x"
    half.write_bytes(b"")
    for path in (half, storage.base / kept[2][:2] / kept[2]):
        os.utime(path, (0, 0))

    assert list(storage.names(stored_before=soon() - timedelta(hours=1))) == [half.name, kept[2]]
    assert list(storage.names(stored_before=soon())) == [half.name, *kept]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
