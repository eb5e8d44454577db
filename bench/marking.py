"""How a made-up country's participants mark: on time, late, twice, or not at all."""

import numpy as np

from bench.country import HOUR, MINUTE, SECOND, Block, Bools, Ints, MarksTaken

ENTRY, EXIT = 0, 1


def marks_of(block: Block) -> MarksTaken:
    """Every mark of the block's courses, in order of time."""
    return _Marking(block).marks()


class _Marking:
    """Draws one row for each participant in each class, then the marks of each row."""

    def __init__(self, block: Block) -> None:
        country = block.country
        shape = (block.courses, country.participants, country.classes)
        self._random = np.random.default_rng([country.seed, block.first, 1])
        self._start = np.broadcast_to(block.start[:, None, :], shape).ravel()
        self._end = np.broadcast_to(block.end[:, None, :], shape).ravel()
        participants = block.ids(country.participants).reshape(block.courses, country.participants, 1)
        classes = block.ids(country.classes).reshape(block.courses, 1, country.classes)
        self._participant = np.broadcast_to(participants, shape).ravel()
        self._class = np.broadcast_to(classes, shape).ravel()
        self._present = self._some(0.94)

    def marks(self) -> MarksTaken:
        entry, leaving = self._entries(), self._exits()
        pause = (self._start + self._end) // 2 + self._seconds(-600, 600)
        back = pause + np.where(self._some(0.05), 0, self._seconds(60, 1800))
        paused = self._some(0.25)
        taken = [
            self._taken(entry, ENTRY, ~self._some(0.01)),
            self._taken(entry + self._seconds(0, 300), ENTRY, self._some(0.03)),
            self._taken(pause, EXIT, paused),
            self._taken(back, ENTRY, paused & ~self._some(0.02)),
            self._taken(leaving, EXIT, ~self._some(0.02)),
            self._taken(leaving + self._seconds(0, 120), EXIT, self._some(0.02)),
        ]
        marks = MarksTaken.joined(taken)
        return marks.rows(np.argsort(marks.instant, kind="stable"))

    def _entries(self) -> Ints:
        """Most within ten minutes of the start, some within the grace and on its last second, some after it."""
        offset = self._seconds(-900, 600)
        offset = np.where(self._some(0.15), self._seconds(600, 1200), offset)
        offset = np.where(self._some(0.01), 1200 * SECOND, offset)
        offset = np.where(self._some(0.06), self._seconds(1201, 5400), offset)
        # Some devices mark fractions of a second.
        return self._start + offset + np.where(self._some(0.2), self._random.integers(0, SECOND, offset.size), 0)

    def _exits(self) -> Ints:
        leaving = self._end + self._seconds(-300, 900)
        early = self._end - 10 * MINUTE - self._random.integers(0, HOUR, leaving.size)
        return np.where(self._some(0.08), early, leaving)

    def _taken(self, instant: Ints, kind: int, which: Bools) -> MarksTaken:
        which = which & self._present
        size = int(which.sum())
        validation = self._random.choice(3, size, p=(0.94, 0.05, 0.01)).astype(np.int64)
        return MarksTaken(self._participant[which], self._class[which], instant[which], np.full(size, kind), validation)

    def _some(self, share: float) -> Bools:
        return np.asarray(self._random.random(self._start.size) < share)

    def _seconds(self, low: int, high: int) -> Ints:
        return self._random.integers(low, high, self._start.size, endpoint=True) * SECOND
