"""What was answered so far in a case, as the pages of tasks tell it."""

from collections.abc import Iterable
from typing import Any

from app.models import ProcessInstance
from app.process import answered
from app.process.answered import Answered
from app.web.filters import local_moment


def steps(instance: ProcessInstance, zone: str, *, but: Iterable[tuple[str, str]] = ()) -> list[dict[str, Any]]:
    """Plain values for `answered_so_far`; `but` names what the page shows elsewhere, as (form, field)."""
    return [told(step, zone) for step in answered.so_far(instance, but=but)]


def told(step: Answered, zone: str) -> dict[str, Any]:
    return {
        "name": step.name,
        "who": step.who,
        "at": local_moment(step.at, zone),
        "outcome": step.outcome,
        "told": step.told,
    }
