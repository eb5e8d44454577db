"""Taking records in: from a folder or zip of CSV files today, through an interface for machines later; same records, same rules.

A record is new, unchanged or a correction by its natural key; a row is in or out, with its reason.
"""

from app.services.intake.chunks import SLOTS, load_chunk, load_reading, wait_for_load
from app.services.intake.kinds import KINDS, MARKS, Kind
from app.services.intake.reading import Reading, read
from app.services.intake.report import ChunkReport, Doubt, FileCounts, Refused
from app.services.intake.source import Row, Source, SourceFile, open_source

__all__ = [
    "KINDS",
    "MARKS",
    "SLOTS",
    "ChunkReport",
    "Doubt",
    "FileCounts",
    "Kind",
    "Reading",
    "Refused",
    "Row",
    "Source",
    "SourceFile",
    "load_chunk",
    "load_reading",
    "open_source",
    "read",
    "wait_for_load",
]
