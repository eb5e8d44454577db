"""The arithmetic of policy GCA-1 as loops over arrays: one pass over the marks of any number of participants.

It says in numbers what `app.domain.attendance` says in words, which is the rule's home; a test holds the two together.
"""

from typing import Any

import numpy as np

from app.services.attendance_bulk.compiling import compiled

# Fixed here, in the file of the code they are compiled into: the code kept on disk is as old as its file.
SECOND = 1_000_000
# A mark is one number, its moment: the instant in microseconds, whether it is an entry, its validation. So numbers in
# order are marks in order of time, an exit before an entry of the same instant.
INSTANT, IS_ENTRY, VALIDATION = 3, 4, 3
VALID, PENDING, REJECTED = 0, 1, 2
CLASS_NOT_CLOSED, MISSING_ENTRY, MISSING_EXIT, REPEATED_ENTRY = 1, 2, 4, 8
NO_CLASS = 0xFFFF_FFFF
BEFORE_ALL = -(1 << 62)


@compiled
def credit_all(
    first: Any,
    class_: Any,
    moment: Any,
    start: Any,
    held: Any,
    held_start: Any,
    held_end: Any,
    grace: int,
    firm: Any,
    provisional: Any,
    flags: Any,
) -> None:
    for participant in range(first.size - 1):
        inside, entry, is_first, covered, reached, latest = False, 0, True, 0, BEFORE_ALL, BEFORE_ALL
        p_inside, p_entry, p_is_first, p_covered, p_reached, p_latest = False, 0, True, 0, BEFORE_ALL, BEFORE_ALL
        found, here, is_plain = 0, np.uint32(NO_CLASS), True
        class_start, grace_end, class_from, class_to = 0, 0, 0, 0
        # Unsigned: a signed index costs a test for counting from the end, at every access.
        for mark in range(np.uint64(first[participant]), np.uint64(first[participant + 1])):
            own = np.uint32(class_[mark])
            if own != here:
                found |= MISSING_EXIT if inside else 0
                here, inside, is_first, p_inside, p_is_first = own, False, True, False, True
                piece = np.uint64(held[own])
                class_start, class_from, class_to = start[own], held_start[piece], held_end[piece]
                grace_end = class_start + grace
                is_plain &= held[own + np.uint32(1)] - held[own] == 1
            validation, is_entry = moment[mark] & VALIDATION, moment[mark] & IS_ENTRY != 0
            instant, valid = moment[mark] >> INSTANT, validation == VALID
            found |= REPEATED_ENTRY if valid & is_entry & inside else 0
            found |= MISSING_ENTRY if valid & (not is_entry) & (not inside) else 0
            inside, entry, is_first, covered, reached, latest, in_order = _after(
                inside,
                entry,
                is_first,
                covered,
                reached,
                latest,
                valid,
                is_entry,
                instant,
                class_start,
                grace_end,
                class_from,
                class_to,
            )
            is_plain &= in_order
            p_inside, p_entry, p_is_first, p_covered, p_reached, p_latest, in_order = _after(
                p_inside,
                p_entry,
                p_is_first,
                p_covered,
                p_reached,
                p_latest,
                validation != REJECTED,
                is_entry,
                instant,
                class_start,
                grace_end,
                class_from,
                class_to,
            )
            is_plain &= in_order
        if not is_plain:
            own_marks = slice(first[participant], first[participant + 1])
            marks = (class_[own_marks], moment[own_marks])
            covered = _covered_apart(*marks, VALID, start, held, held_start, held_end, grace)
            p_covered = _covered_apart(*marks, PENDING, start, held, held_start, held_end, grace)
        firm[participant], provisional[participant] = covered // SECOND, p_covered // SECOND
        flags[participant] |= found | (MISSING_EXIT if inside else 0)


@compiled
def _after(
    inside: bool,
    entry: int,
    is_first: bool,
    covered: int,
    reached: int,
    latest: int,
    counts: bool,
    is_entry: bool,
    instant: int,
    class_start: int,
    grace_end: int,
    class_from: int,
    class_to: int,
) -> tuple[bool, int, bool, int, int, int, bool]:
    """Where a participant stands after one more mark; the last value is whether the stays still come in order.

    Time is covered up to `reached`; the latest stay counted from `latest`. Good for classes held in one piece.
    """
    if counts & (not is_entry) & inside:
        counted = class_start if is_first & (class_start < entry) & (entry <= grace_end) else entry
        from_, to = max(counted, class_from), min(instant, class_to)
        covered += max(0, to - max(from_, reached))
        return False, entry, False, covered, max(reached, to), from_, from_ >= latest
    opens = counts & is_entry
    return opens | inside, instant if opens & (not inside) else entry, is_first, covered, reached, latest, True


@compiled
def _covered_apart(
    class_: Any, moment: Any, accepted: int, start: Any, held: Any, held_start: Any, held_end: Any, grace: int
) -> int:
    """What one participant's accepted marks cover, whatever the pieces and the order of the classes they belong to."""
    room = 1
    for mark in range(class_.size):
        room += held[class_[mark] + 1] - held[class_[mark]]
    parts, size = np.empty((room, 2), np.int64), 0
    here, inside, is_first, entry = -1, False, True, 0
    for mark in range(class_.size):
        if class_[mark] != here:
            here, inside, is_first = class_[mark], False, True
        if moment[mark] & VALIDATION > accepted:
            continue
        instant = moment[mark] >> INSTANT
        if moment[mark] & IS_ENTRY:
            entry, inside = entry if inside else instant, True
        elif inside:
            if is_first and start[here] < entry <= start[here] + grace:
                entry = start[here]
            for piece in range(held[here], held[here + 1]):
                parts[size, 0], parts[size, 1] = max(entry, held_start[piece]), min(instant, held_end[piece])
                size += 1 if parts[size, 0] < parts[size, 1] else 0
            inside = is_first = False
    return _united(parts[:size])


@compiled
def _united(parts: Any) -> int:
    """The time that the parts cover, overlaps once."""
    covered, reached = 0, BEFORE_ALL
    for part in parts[np.argsort(parts[:, 0])]:
        covered += max(0, part[1] - max(reached, part[0]))
        reached = max(reached, part[1])
    return covered
