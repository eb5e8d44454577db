"""A trámite under way as its pages tell it: where it stands on its diagram, since when, until when, and the way it took."""

from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter
from typing import Any

from app.process.case_files import Case, Step
from app.web.filters import last_day, local_moment


def told(case: Case, zone: str, *, with_names: bool) -> dict[str, Any]:
    """`with_names` says who did each step; else the office does."""
    return {
        "number": case.number,
        "name": case.name,
        "version": case.version,
        "started_at": local_moment(case.started_at, zone),
        "drawing": case.drawing,
        "called": case.called,
        "waiting": [
            *(_waiting(step, zone) for step in case.steps if step.closed_at is None),
            *(wait.told(zone) for wait in case.waits if wait.closed_at is None),
        ],
        "done": [sentence for _, sentence in sorted(_done_ones(case, zone, with_names), key=itemgetter(0))],
    }


def _waiting(step: Step, zone: str) -> str:
    until = f", hasta el {last_day(step.due_at, zone)}" if step.due_at else ", sin plazo"
    return f"{step.name}: espera a {step.office} desde el {local_moment(step.opened_at, zone)}{until}"


def _done_ones(case: Case, zone: str, with_names: bool) -> Iterator[tuple[datetime, str]]:
    """What people did and what came by itself, each with when."""
    for step in case.steps:
        if step.closed_at is not None:
            yield step.closed_at, _done(step, zone, with_names)
    for wait in case.waits:
        if wait.closed_at is not None:
            yield wait.closed_at, f"{wait.told(zone)}, {local_moment(wait.closed_at, zone)}"


def _done(step: Step, zone: str, with_names: bool) -> str:
    assert step.closed_at is not None
    who = step.who if with_names and step.who else step.office
    did = f" {step.done}" if step.done else ""
    return f"{step.name}: {who}{did}, {local_moment(step.closed_at, zone)}"
