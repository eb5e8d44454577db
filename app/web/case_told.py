"""A trámite under way as its pages tell it: where it stands on its diagram, since when, until when, and the way it took."""

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
        "waiting": [_waiting(step, zone) for step in case.steps if step.closed_at is None],
        "done": [_done(step, zone, with_names) for step in case.steps if step.closed_at is not None],
    }


def _waiting(step: Step, zone: str) -> str:
    until = f", hasta el {last_day(step.due_at, zone)}" if step.due_at else ", sin plazo"
    return f"{step.name}: espera a {step.office} desde el {local_moment(step.opened_at, zone)}{until}"


def _done(step: Step, zone: str, with_names: bool) -> str:
    assert step.closed_at is not None
    who = step.who if with_names and step.who else step.office
    did = f" {step.done}" if step.done else ""
    return f"{step.name}: {who}{did}, {local_moment(step.closed_at, zone)}"
