"""When classes were held, from the times of their facilitators."""

from typing import Any

import numpy as np

from app.services.attendance_bulk.compiling import compiled
from app.services.attendance_bulk.marks import ClassTimes, Ints

# PostgreSQL's `infinity`: the facilitator has not ended the class.
OPEN = np.iinfo(np.int64).max


def united(class_id: Ints, started: Ints, ended: Ints) -> ClassTimes:
    """The union of the facilitators' times in each class, none of a class that one of them has not ended.

    One facilitator a row, in order of class and start; an end of OPEN is none yet.
    """
    _, at = np.unique(class_id, return_index=True)
    rows = np.append(at, class_id.size).astype(np.int64)
    first = np.zeros(rows.size, dtype=np.int64)
    held_start, held_end = np.empty_like(started), np.empty_like(ended)
    size = _unite(rows, started, ended, first, held_start, held_end)
    return ClassTimes(started[at], first, held_start[:size], held_end[:size])


@compiled
def _unite(rows: Any, started: Any, ended: Any, first: Any, held_start: Any, held_end: Any) -> int:
    size = 0
    for class_ in range(rows.size - 1):
        begin = size
        for row in range(rows[class_], rows[class_ + 1]):
            if ended[row] == OPEN:
                size = begin
                break
            if size > begin and started[row] <= held_end[size - 1]:
                held_end[size - 1] = max(held_end[size - 1], ended[row])
            else:
                held_start[size], held_end[size] = started[row], ended[row]
                size += 1
        first[class_ + 1] = size
    return size
