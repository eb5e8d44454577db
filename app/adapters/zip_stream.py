"""A ZIP made while it is sent: as many files as there are, and never more than a piece of one in memory."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

PIECE = 256 * 1024


@dataclass(frozen=True)
class Entry:
    """A file of the archive: its name in there, when it was made, and how its bytes are opened when its turn comes."""

    name: str
    made_at: datetime
    open: Callable[[], BinaryIO]


def stream(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The archive in pieces, readable by everything that reads ZIP. PDFs are packed already, so they are only stored."""
    outbox = _Outbox()
    with ZipFile(outbox, "w", ZIP_STORED) as archive:
        for entry in entries:
            header = ZipInfo(entry.name, entry.made_at.timetuple()[:6])
            with entry.open() as source, archive.open(header, "w", force_zip64=True) as target:
                while piece := source.read(PIECE):
                    target.write(piece)
                    yield outbox.taken()
            yield outbox.taken()
    yield outbox.taken()


class _Outbox(io.RawIOBase):
    """What ZipFile writes to and cannot rewind."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written += data
        return len(data)

    def taken(self) -> bytes:
        """What came since the last time."""
        given, self._written = bytes(self._written), bytearray()
        return given
