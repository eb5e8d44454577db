"""Which share of a draft its scenarios must go through before it is proposed: what holds, and setting it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import Refusal
from app.domain.permissions import Action, Actor
from app.models import CoverageRule
from app.process.trials.coverage import EVERYTHING


class NotCovered(Refusal):
    """A scenario fails, or too few arrows are gone through; the sentence says which."""

    code = "scenarios_refused"


def percent(session: Session) -> int:
    """The share asked for; every arrow where nobody said otherwise."""
    rule = session.scalar(select(CoverageRule).order_by(CoverageRule.id.desc()).limit(1))
    return EVERYTHING if rule is None else rule.percent


def rules(session: Session) -> Sequence[CoverageRule]:
    """All there were, the last one first."""
    wanted = select(CoverageRule).options(joinedload(CoverageRule.set_by)).order_by(CoverageRule.id.desc())
    return session.scalars(wanted).all()


def ask_for(session: Session, percent: int, actor: Actor) -> CoverageRule:
    """From now on; what was proposed before stays as it is."""
    actor.require(Action.MANAGE_POLICIES)
    rule = CoverageRule(percent=percent, set_at=datetime.now(UTC), set_by_id=actor.person_id)
    session.add(rule)
    session.flush()
    return rule
