"""The tasks decided in the inbox, by the form their diagram names: what is shown, what is asked, what the answer means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.models import HumanTask
from app.web.inbox import annulment, retroactive


@dataclass(frozen=True)
class Decision:
    """`values` gathers what one needs to decide, as plain values for `template`; `outcomes` tells what was decided."""

    template: str
    values: Callable[[Session, HumanTask], dict[str, Any]]
    outcomes: Mapping[bool, str]


DECISIONS: Mapping[str, Decision] = {
    "annulment_decision": Decision("inbox/annulment_decision.html", annulment.values, annulment.OUTCOMES),
    "retroactive_decision": Decision("inbox/retroactive_decision.html", retroactive.values, retroactive.OUTCOMES),
}


def outcome_of(task: HumanTask) -> str:
    """What the decision of a task means, read from what is recorded and not from what was sent."""
    answers = task.answers or {}
    decision = DECISIONS.get(task.form)
    return decision.outcomes[answers["granted"]] if decision and "granted" in answers else ""
