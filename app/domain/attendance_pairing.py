"""Which entry goes with which exit, and what an approved request puts in the place of a missing one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.attendance_records import AttendanceFlag, Mark, MarkKind, Validation
from app.domain.intervals import Interval


@dataclass(frozen=True)
class Remark:
    """A mark that counts for nothing, and why."""

    flag: AttendanceFlag
    mark: Mark


@dataclass(frozen=True)
class Pair:
    """An entry, the exit that closed it, and the time between them."""

    entry: Mark
    exit: Mark
    marked: Interval


def in_order(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    # An exit goes before an entry of the same instant: who leaves and returns in one second has left and returned.
    return tuple(sorted(marks, key=lambda mark: (mark.marked_at, mark.kind == MarkKind.IN, mark.validation)))


def pair(marks: Iterable[Mark]) -> tuple[tuple[Pair, ...], tuple[Remark, ...]]:
    """Entries with their exits, from marks in order of time, and the marks that found no partner."""
    pairs: list[Pair] = []
    remarks: list[Remark] = []
    entry: Mark | None = None
    for mark in marks:
        if mark.kind == MarkKind.IN and entry is None:
            entry = mark
        elif mark.kind == MarkKind.IN:
            remarks.append(Remark(AttendanceFlag.REPEATED_ENTRY, mark))
        elif entry is None:
            remarks.append(Remark(AttendanceFlag.MISSING_ENTRY, mark))
        else:
            pairs.append(Pair(entry, mark, Interval(entry.marked_at, mark.marked_at)))
            entry = None
    if entry is not None:
        remarks.append(Remark(AttendanceFlag.MISSING_EXIT, entry))
    # Nobody can correct a mark that was never taken: only fingerprints are remarked on.
    return tuple(pairs), tuple(remark for remark in remarks if not remark.mark.retroactive)


def in_place_of_the_missing(
    marks: Sequence[Mark], *, class_id: str, start: datetime, end: datetime
) -> tuple[Mark, ...]:
    """The retroactive marks that complete `marks`: an entry at `start` for an exit that comes before any entry, an exit
    at `end` for an entry left open, and both where there is no mark at all.

    `marks` are the valid and pending ones in order: a fingerprint that waits for its validation is not missing. Each
    retroactive mark is as firm as the mark it completes. A class without length has room for none.
    """
    if start == end:
        return ()
    if not marks:
        return (
            Mark(class_id, start, MarkKind.IN, Validation.VALID, retroactive=True),
            Mark(class_id, end, MarkKind.OUT, Validation.VALID, retroactive=True),
        )

    first, completed = marks[0], []
    if first.kind == MarkKind.OUT and first.marked_at > start:
        completed.append(Mark(class_id, start, MarkKind.IN, first.validation, retroactive=True))
    _, remarks = pair(marks)
    for remark in remarks:
        if remark.flag is AttendanceFlag.MISSING_EXIT and remark.mark.marked_at < end:
            completed.append(Mark(class_id, end, MarkKind.OUT, remark.mark.validation, retroactive=True))
    return tuple(completed)
