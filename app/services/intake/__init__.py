"""Taking records in: from a folder or zip of CSV files today, through an interface for machines later; same records, same rules.

A record is new, unchanged or a correction by its natural key; a row is in or out, with its reason.
"""

from app.services.intake.chunks import load_chunk
from app.services.intake.kinds import KINDS, Kind
from app.services.intake.report import ChunkReport, FileCounts, Refused
from app.services.intake.source import Row, Source, SourceFile, open_source

__all__ = [
    "KINDS",
    "ChunkReport",
    "FileCounts",
    "Kind",
    "Refused",
    "Row",
    "Source",
    "SourceFile",
    "load_chunk",
    "open_source",
]
