"""The tasks that are decided on a page of their own, by process and form: what is shown beside the form. Others share one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.models import HumanTask
from app.process import answered
from app.web.inbox import annulment, anything, retroactive


@dataclass(frozen=True)
class Decision:
    """`values` gathers what one needs to decide, as plain values for `template`."""

    template: str
    values: Callable[[Session, HumanTask], dict[str, Any]]


DECISIONS: Mapping[tuple[str, str], Decision] = {
    ("annulment", "annulment_decision"): Decision("inbox/annulment_decision.html", annulment.values),
    ("retroactive_attendance", "retroactive_decision"): Decision("inbox/retroactive_decision.html", retroactive.values),
}
ANYTHING = Decision("inbox/anything.html", anything.values)


def decision_of(task: HumanTask) -> Decision:
    return DECISIONS.get((task.instance.process_id, task.form), ANYTHING)


def outcome_of(task: HumanTask) -> str:
    """What the answer to a task means, read from what is recorded and not from what was sent."""
    if task.completed_by_id is None:
        return ""
    way = answered.way_taken(task)
    return (way.done if way else "") or f"Quedó registrado: {task.name}."
