"""Exits that wait for the rest of their file: their entry may stand on a later line, or be stored beside them just now."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from app.domain.attendance_records import MarkKind
from app.services.intake.records import MarkRecord


def exits_without_entry(marks: Sequence[MarkRecord]) -> set[int]:
    """The places of the exits that no entry of `marks` comes before, in their class and of their person.

    Not those whose `mark_id` comes again: the last of its records is the one that stays.
    """
    entered: dict[tuple[str, str, str], datetime] = {}
    for mark in marks:
        if mark.kind is MarkKind.IN:
            visit = (mark.action_code, mark.class_id, mark.rut)
            entered[visit] = min(mark.marked_at, entered.get(visit, mark.marked_at))
    alone = {place for place, mark in enumerate(marks) if mark.kind is MarkKind.OUT and not _follows(mark, entered)}
    times = Counter(mark.mark_id for mark in marks) if alone else Counter()
    return {place for place in alone if times[marks[place].mark_id] == 1}


def _follows(mark: MarkRecord, entered: dict[tuple[str, str, str], datetime]) -> bool:
    first = entered.get((mark.action_code, mark.class_id, mark.rut))
    return first is not None and first <= mark.marked_at
