"""What people did and what they were told: an answer received is a promise, and the checker holds the house to it."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from itertools import count
from pathlib import Path
from threading import Lock


class Kind(StrEnum):
    ISSUE = "issue"
    REQUEST = "request"
    DECISION = "decision"
    MARK = "mark"
    JOB = "job"


class Told(StrEnum):
    """`NOTHING` where no answer came, or the session was lost meanwhile: it may have been done or not, but once at most."""

    NOTHING = "nothing"
    DONE = "done"
    REFUSED = "refused"


@dataclass
class Deed:
    """One thing one person did. `mark` is unique and stands in the row it makes; `answer` is what was told beside it."""

    kind: Kind
    mark: str
    begun_at: float
    course: str = ""
    told: Told = Told.NOTHING
    told_at: float = 0
    answer: str = ""


class Ledger:
    """Written by everybody at once. Copies of it are consistent: what they hold was told before they were made."""

    def __init__(self) -> None:
        self._deeds: list[Deed] = []
        self._complaints: list[str] = []
        self._lock = Lock()
        self._numbers = count(1)
        self._awaiting: list[tuple[Kind, Callable[[], None]]] = []

    def new_mark(self, who: str) -> str:
        with self._lock:
            return f"{who}-{next(self._numbers)}"

    def begin(self, kind: Kind, mark: str, *, course: str = "") -> Deed:
        deed = Deed(kind, mark, time.monotonic(), course)
        with self._lock:
            self._deeds.append(deed)
            told = [act for awaited, act in self._awaiting if awaited is kind]
            self._awaiting = [one for one in self._awaiting if one[0] is not kind]
        for act in told:
            act()
        return deed

    def at_next(self, kind: Kind, act: Callable[[], None]) -> None:
        """Have `act` done just before the next deed of that kind."""
        with self._lock:
            self._awaiting.append((kind, act))

    def not_at_next(self, act: Callable[[], None]) -> None:
        with self._lock:
            self._awaiting = [one for one in self._awaiting if one[1] != act]

    def tell(self, deed: Deed, told: Told, answer: str = "", *, mark: str = "") -> None:
        """`mark` where only the answer says it."""
        with self._lock:
            deed.told, deed.told_at, deed.answer = told, time.monotonic(), answer
            deed.mark = mark or deed.mark

    def complain(self, sentence: str) -> None:
        """What a person saw that must not be, such as two answers to one form."""
        with self._lock:
            self._complaints.append(sentence)

    def deeds(self) -> list[Deed]:
        with self._lock:
            return [replace(deed) for deed in self._deeds]

    def complaints(self) -> list[str]:
        with self._lock:
            return list(self._complaints)

    def done_after(self, instant: float) -> int:
        """How many deeds begun after `instant` were acknowledged."""
        with self._lock:
            return sum(deed.begun_at > instant and deed.told is Told.DONE for deed in self._deeds)

    def done(self) -> int:
        return self.done_after(0)

    def keep(self, path: Path) -> None:
        """A deed a line."""
        path.write_text("".join(f"{json.dumps(asdict(deed))}\n" for deed in self.deeds()))
