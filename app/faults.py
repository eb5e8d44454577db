"""Fail-points: named places where a test can have this process die, fail or dawdle. Without FAULT they do nothing."""

import os
import signal
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

SLOW_S = 3
ONCE = "once"

# Every place there is, in the order in which an action and what follows from it come by.
POINTS: Mapping[str, str] = {
    "request.claimed": "the form's one-time token is claimed, nothing is done yet",
    "task.locked": "the case's row is locked, its task not yet looked at",
    "engine.ran": "the engine stands at the next wait states, its rows do not yet",
    "issue.before_folio": "everything of an issue but its folio",
    "issue.after_folio": "the folio is taken and everybody else waits for it",
    "annulment.requested": "the request is a row of an open transaction",
    "annulment.decided": "the decision is a row of an open transaction",
    "intake.chunk_merged": "a chunk of records is merged in an open transaction",
    "commit.before": "all rows are flushed, none is true",
    "commit.after": "all rows are true, nobody is told: neither a worker nor the person",
    "sweep.before_ring": "the clock asked what waits",
    "timers.fired": "what fell due is fired in an open transaction",
    "awaited.asked": "cases whose term is over are asked to go on, in an open transaction",
    "message.delivered": "a fact is told to the cases that wait for it, in an open transaction",
    "log.appended": "what waited for the public log is appended in an open transaction",
    "awaited.happened": "what a case waited for has happened in an open transaction",
    "case.begun_by_fact": "a fact has begun a case in an open transaction",
    "effect.taken": "a try is written down, nobody holds it",
    "effect.before_work": "a try holds its effect, nothing is done yet",
    "document.rendered": "the PDF is in memory",
    "storage.half_written": "the file is written under another name",
    "document.stored": "the file is in place, its row is not",
    "mail.before_send": "the letter is written",
    "mail.after_send": "the letter is out, its effect is not done",
    "job.chunk_worked": "a chunk of a long work is done in an open transaction",
    "effect.after_work": "the work is done in an open transaction",
    "effect.recorded": "the effect is done, the ring not yet answered",
    "failure.to_record": "a try failed, and its row does not say so",
}


class FaultAction(StrEnum):
    KILL = "kill"
    ERROR = "error"
    SLOW = "slow"


class FaultOnPurpose(Exception):
    """What `error` raises; no code of ours expects it."""


@dataclass(frozen=True)
class Fault:
    """What happens at a point: every time or, with `once`, to whoever makes the marker file first, of all processes."""

    point: str
    action: FaultAction
    once: bool = False

    @property
    def marker(self) -> str:
        return f"{self.point}:{self.action}"


@dataclass(frozen=True)
class _Armed:
    fault: Fault
    markers: Path

    def strike(self) -> None:
        if self.fault.once and not _is_first(self.markers / self.fault.marker):
            return
        match self.fault.action:
            case FaultAction.KILL:
                os.kill(os.getpid(), signal.SIGKILL)
            case FaultAction.ERROR:
                raise FaultOnPurpose(self.fault.point)
            case FaultAction.SLOW:
                time.sleep(SLOW_S)


_armed: dict[str, list[_Armed]] = {}


def point(name: str) -> None:
    """One of `POINTS` is reached."""
    for armed in _armed.get(name, ()):
        armed.strike()


def parse(text: str) -> list[Fault]:
    """`issue.after_folio:kill,mail.before_send:error:once`. Raises ValueError with a sentence for what is not so."""
    return [_parse_one(word.strip()) for word in text.split(",")] if text.strip() else []


def arm(text: str, markers: Path) -> None:
    """Have this process do from now on what `text` says and nothing else; `markers` tells what was done `once`."""
    found = parse(text)
    _armed.clear()
    if not found:
        return
    markers.mkdir(parents=True, exist_ok=True)
    by_point = defaultdict(list)
    for fault in found:
        by_point[fault.point].append(_Armed(fault, markers))
    _armed.update(by_point)


def _parse_one(word: str) -> Fault:
    name, _, rest = word.partition(":")
    action, _, times = rest.partition(":")
    if name not in POINTS:
        raise ValueError(f"FAULT nombra «{name}», que no existe. Los puntos son: {', '.join(POINTS)}.")
    if action not in list(FaultAction) or times not in ("", ONCE):
        actions = ", ".join(FaultAction)
        raise ValueError(f"FAULT dice «{word}». Escríbala así: {name}:acción o {name}:acción:once, con {actions}.")
    return Fault(name, FaultAction(action), once=times == ONCE)


def _is_first(marker: Path) -> bool:
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
