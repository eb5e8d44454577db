"""Marks and classes of many participants as arrays: how they are laid out, and put in order for the arithmetic."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.services.attendance_bulk.compiling import compiled

Ints = NDArray[np.int64]
Shorts = NDArray[np.int32]


@dataclass(frozen=True)
class ClassTimes:
    """When classes were held. Class `c` starts at `start[c]`; it was held from `held_start[i]` to `held_end[i]`, in
    microseconds, for `i` from `first[c]` up to `first[c + 1]`: none while it is open."""

    start: Ints
    first: Ints
    held_start: Ints
    held_end: Ints


@dataclass(frozen=True)
class Marks:
    """Participant `p` has the marks from `first[p]` up to `first[p + 1]`, in order of class and moment."""

    first: Ints
    class_: Shorts
    moment: Ints


def put_in_order(participants: Ints, classes: Ints, owner: Ints, class_id: Ints, moment: Ints) -> Marks:
    """Marks that come in any order, each with its owner's id and its class's, laid out for the arithmetic.

    Both lists of known ids are in order. Raises ValueError for a mark of a class not among them.
    """
    place = np.searchsorted(participants, owner)
    first = np.zeros(participants.size + 1, dtype=np.int64)
    np.cumsum(np.bincount(place, minlength=participants.size), out=first[1:])
    ordered = np.empty_like(class_id), np.empty_like(moment)
    _hand_out(place, class_id, moment, first[:-1].copy(), *ordered)
    _sort_each(first, *ordered)

    return Marks(first, class_places(classes, ordered[0]).astype(np.int32), ordered[1])


def class_places(classes: Ints, class_id: Ints) -> Ints:
    """The row of each class among the `classes`, whose ids are in order. Raises ValueError for one not among them."""
    place = np.searchsorted(classes, class_id)
    if not np.array_equal(np.append(classes, -1)[place], class_id):
        raise ValueError("A mark belongs to a class that nobody held")
    return place


@compiled
def _hand_out(place: Any, class_id: Any, moment: Any, free: Any, class_ids: Any, moments: Any) -> None:
    """Each mark to its owner's part of the arrays; `free` is the next free row of each."""
    for mark in range(place.size):
        row = free[place[mark]]
        class_ids[row], moments[row] = class_id[mark], moment[mark]
        free[place[mark]] += 1


@compiled
def _sort_each(first: Any, class_id: Any, moment: Any) -> None:
    """The marks of each participant by class and moment."""
    for participant in range(first.size - 1):
        begin, end = first[participant], first[participant + 1]
        # By insertion: one participant has tens of marks, and they come in almost in order of time.
        for row in range(begin + 1, end):
            id_, at = class_id[row], moment[row]
            hole = row
            while hole > begin and (class_id[hole - 1] > id_ or (class_id[hole - 1] == id_ and moment[hole - 1] > at)):
                class_id[hole], moment[hole] = class_id[hole - 1], moment[hole - 1]
                hole -= 1
            class_id[hole], moment[hole] = id_, at
