"""Files kept by their content: the SHA-256 of the bytes is the only name a file has."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from app import faults

_NAME = re.compile(r"[0-9a-f]{64}")


class DamagedFileError(Exception):
    """The stored bytes no longer hash to their name."""


@dataclass(frozen=True, slots=True)
class Storage:
    """Write-once files below `base`; several processes may write the same file at once.

    The time of a file is that of its last `put`.
    """

    base: Path

    def put(self, data: bytes) -> str:
        """Keep `data` and return its SHA-256; storing the same bytes again changes nothing."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(sha256)
        if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256 and _touched(path):
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, data)
        return sha256

    def open(self, sha256: str) -> BinaryIO:
        """The file for reading in pieces. Raises FileNotFoundError if it was never stored."""
        return self._path(sha256).open("rb")

    def read(self, sha256: str) -> bytes:
        """The bytes, verified. Raises FileNotFoundError, or DamagedFileError if they are not what was stored."""
        data = self._path(sha256).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise DamagedFileError(sha256)
        return data

    def forget(self, sha256: str, *, unless_stored_since: datetime) -> bool:
        """Take the file away; False, and nothing is done, if its bytes were stored (again) since then.

        Whoever stored them may not have written down yet that they are needed. To forget twice changes nothing.
        """
        path = self._path(sha256)
        aside = path.with_name(f".forgotten-{sha256}")
        try:
            if _is_as_new_as(path, unless_stored_since):
                return False
            # Out of the way first: whoever stores the bytes from here on finds nothing and writes them anew.
            path.replace(aside)
        except FileNotFoundError:
            aside.unlink(missing_ok=True)
            return True
        if _is_as_new_as(aside, unless_stored_since):
            aside.replace(path)
            return False
        aside.unlink()
        return True

    def names(self, *, stored_before: datetime) -> Iterator[str]:
        """Every file last stored before then, in order; what an interrupted write left goes by the name it has."""
        for folder in sorted(self.base.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(folder.iterdir()):
                try:
                    is_old = not _is_as_new_as(path, stored_before)
                except FileNotFoundError:
                    # Forgotten since the folder was read.
                    continue
                if is_old:
                    yield path.name

    def forget_unfinished(self, *, older_than: datetime) -> int:
        """Take away what whoever was killed in the middle of `put` or `forget` left behind; how many files.

        Younger ones may be of somebody who is still at it.
        """
        left = [path for path in self.base.glob("*/.*") if _is_left_since(path, older_than)]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _path(self, sha256: str) -> Path:
        # The name can come from a request or an old row: nothing but a digest may become a path.
        if not _NAME.fullmatch(sha256):
            raise ValueError("A stored file is named by 64 lowercase hexadecimal digits.")
        return self.base / sha256[:2] / sha256


def _is_as_new_as(path: Path, instant: datetime) -> bool:
    return path.stat().st_mtime >= instant.timestamp()


def _is_left_since(path: Path, instant: datetime) -> bool:
    try:
        return not _is_as_new_as(path, instant)
    except FileNotFoundError:
        # Its writer was still there, and has just put it in place.
        return False


def _touched(path: Path) -> bool:
    """Whether the file is still there to be told that it is needed."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _write_whole(path: Path, data: bytes) -> None:
    """Put the file in place in one step, so that nobody ever reads half of it, not even after a power cut."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".tmp-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        faults.point("storage.half_written")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
