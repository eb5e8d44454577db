"""What approved requests for retroactive attendance put in the place of missing marks, laid out for the arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from app.domain.attendance import Mark, MarkKind, Validation
from app.domain.attendance_pairing import in_order, in_place_of_the_missing
from app.services.attendance_bulk import loop
from app.services.attendance_bulk.marks import ClassTimes, Ints, Marks

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
CODES = {Validation.VALID: loop.VALID, Validation.PENDING: loop.PENDING, Validation.REJECTED: loop.REJECTED}
VALIDATIONS = {code: validation for validation, code in CODES.items()}


@dataclass(frozen=True)
class Approved:
    """One approved request each: the row of its participant and that of its class."""

    participant: Ints
    class_: Ints


def completed(marks: Marks, classes: ClassTimes, approved: Approved) -> Marks:
    """The marks with those that the approved requests stand for. Step by step in Python: such requests are few."""
    requests = sorted({*zip(approved.participant.tolist(), approved.class_.tolist(), strict=True)})
    added = [
        (participant, class_, moment, place)
        for participant, class_ in requests
        for moment, place in _made_good(marks, classes, participant, class_)
    ]
    if not added:
        return marks
    participant, class_, moment, place = np.array(added, dtype=np.int64).T
    more = np.bincount(participant, minlength=marks.first.size - 1)
    return Marks(
        first=marks.first + np.concatenate([[0], np.cumsum(more)]),
        class_=np.insert(marks.class_, place, class_),
        moment=np.insert(marks.moment, place, moment),
    )


def _made_good(marks: Marks, classes: ClassTimes, participant: int, class_: int) -> Iterator[tuple[int, int]]:
    """The moments missing in one class, in order, each with the row of the marks before which it belongs."""
    held = slice(classes.first[class_], classes.first[class_ + 1])
    if held.start == held.stop:
        return
    first, end = marks.first[participant : participant + 2]
    of_class = first + np.searchsorted(marks.class_[first:end], [class_, class_ + 1])
    moments = marks.moment[slice(*of_class)]
    taken = in_order(mark for mark in map(_mark, moments.tolist()) if mark.validation is not Validation.REJECTED)
    missing = in_place_of_the_missing(
        taken, class_id="", start=_instant(classes.start[class_]), end=_instant(classes.held_end[held].max())
    )
    for moment in sorted(map(_moment, missing)):
        yield moment, of_class[0] + np.searchsorted(moments, moment)


def _mark(moment: int) -> Mark:
    kind = MarkKind.IN if moment & loop.IS_ENTRY else MarkKind.OUT
    return Mark("", _instant(moment >> loop.INSTANT), kind, VALIDATIONS[moment & loop.VALIDATION])


def _instant(microseconds: int) -> datetime:
    return EPOCH + int(microseconds) * MICROSECOND


def _moment(mark: Mark) -> int:
    code = loop.IS_ENTRY * (mark.kind is MarkKind.IN) + CODES[mark.validation]
    return ((mark.marked_at - EPOCH) // MICROSECOND << loop.INSTANT) | code
