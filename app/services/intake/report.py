"""What a load did: rows counted by outcome, and every refused row with its place and its reason."""

from dataclasses import dataclass, field
from typing import NamedTuple


class _Told(NamedTuple):
    """Something about one row, or about a whole file when `line` is None."""

    file: str
    line: int | None
    field: str | None
    reason: str

    @property
    def sentence(self) -> str:
        place = [self.file]
        if self.line is not None:
            place.append(f"línea {self.line}")
        if self.field is not None:
            place.append(f"campo {self.field}")
        return f"{', '.join(place)}: {self.reason}"


class Refused(_Told):
    """A row, or the rest of a file, that was not taken."""

    __slots__ = ()


class Doubt(_Told):
    """A row that was taken and yet looks wrong."""

    __slots__ = ()


@dataclass
class ChunkReport:
    """The outcome of the rows of one file that one transaction took. `actions` are those to recompute."""

    kind: str
    new: int = 0
    unchanged: int = 0
    corrected: int = 0
    refused: list[Refused] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    actions: set[int] = field(default_factory=set)


@dataclass
class FileCounts:
    """The sums of one file's chunks; refused rows are counted as they are told."""

    new: int = 0
    unchanged: int = 0
    corrected: int = 0
    refused: int = 0

    def add(self, chunk: ChunkReport) -> None:
        self.new += chunk.new
        self.unchanged += chunk.unchanged
        self.corrected += chunk.corrected
