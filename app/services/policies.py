"""Attendance policies by date: which one a course is computed with, and adding one. None is ever changed or taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from app.domain.attendance_policy import GCA_1, AttendancePolicy
from app.domain.errors import Refusal
from app.domain.permissions import Action, Actor
from app.domain.terms import Line
from app.models import DatedPolicy, Job, TrainingAction
from app.services import kept, recomputation
from app.services.recomputation import Reach, Scope

# No record may hold an earlier day, so that every course has a policy.
BEGINNING = date(2000, 1, 1)
TIMETABLE = "timetable of policies"


class Dated(NamedTuple):
    """A policy with when it begins and for which programme, None for every one."""

    policy_id: str
    fields: dict[str, Any]
    line: Line | None
    applies_from: date


@dataclass(frozen=True)
class Timetable:
    """All policies, the one that begins last first; of two that begin on one day, the one added last."""

    rows: Sequence[Dated]

    def row_for(self, line: Line, starts_on: date) -> Dated:
        """The newest that had begun when the course started; one of its programme goes before one for all."""
        begun = [row for row in self.rows if row.line in (None, line) and row.applies_from <= starts_on]
        own = [row for row in begun if row.line is not None]
        return (own or begun)[0]

    def policy_for(self, line: Line, starts_on: date) -> AttendancePolicy:
        return AttendancePolicy.from_data(self.row_for(line, starts_on).fields)


def timetable(session: Session) -> Timetable:
    """One query a transaction; with it the policy of any number of courses is known."""
    return kept.once(session, TIMETABLE, lambda: Timetable([Dated(*row) for row in session.execute(_dated())]))


@cache
def _dated() -> Select[str, dict[str, Any], Line | None, date]:
    columns = (DatedPolicy.policy_id, DatedPolicy.fields, DatedPolicy.line, DatedPolicy.applies_from)
    return select(*columns).order_by(DatedPolicy.applies_from.desc(), DatedPolicy.id.desc())


def policy_of(session: Session, action: TrainingAction) -> AttendancePolicy:
    """The policy that the attendance of a course is computed with."""
    return timetable(session).policy_for(action.line, action.starts_on)


def called(session: Session, policy_id: str) -> AttendancePolicy:
    """The policy of that name, as a certificate or a stored figure keeps it. Raises LookupError for an unknown one."""
    fields = {row.policy_id: row.fields for row in timetable(session).rows}
    return AttendancePolicy.from_data(fields[policy_id])


def listed(session: Session) -> Sequence[DatedPolicy]:
    """Every policy with who added it, the newest first."""
    return session.scalars(
        select(DatedPolicy)
        .options(joinedload(DatedPolicy.created_by))
        .order_by(DatedPolicy.applies_from.desc(), DatedPolicy.id.desc())
    ).all()


def add(
    session: Session, policy: AttendancePolicy, *, line: Line | None, applies_from: date, note: str, actor: Actor
) -> Job | None:
    """Add a dated policy and have the courses it reaches computed again; None where it reaches none yet.

    Raises Refusal if the name is taken or the day is impossible, NotAllowed for a profile that adds none.
    """
    actor.require(Action.MANAGE_POLICIES)
    if applies_from < BEGINNING:
        raise Refusal(f"La política no puede regir antes del {BEGINNING:%d/%m/%Y}. Elija otra fecha.")
    if session.scalar(select(DatedPolicy.id).where(DatedPolicy.policy_id == policy.policy_id)):
        raise Refusal(f"Ya hay una política {policy.policy_id} y ninguna se edita. Elija otro nombre.")

    session.add(
        DatedPolicy(
            policy_id=policy.policy_id,
            fields=policy.to_data(),
            line=line,
            applies_from=applies_from,
            note=note,
            created_at=datetime.now(UTC),
            created_by_id=actor.person_id,
        )
    )
    session.flush()
    kept.forget(session, TIMETABLE)
    return _recompute(session, Scope(Reach.POLICY, line=line, starts_from=applies_from), actor)


def load_standard(session: Session) -> None:
    """Put GCA-1 in its place, from the beginning and for every programme, unless it is there. Harmless when repeated."""
    session.execute(
        insert(DatedPolicy)
        .values(
            policy_id=GCA_1.policy_id,
            fields=GCA_1.to_data(),
            applies_from=BEGINNING,
            note="La política con que parte el sistema.",
            created_at=datetime.now(UTC),
        )
        .on_conflict_do_nothing(index_elements=[DatedPolicy.policy_id])
    )
    kept.forget(session, TIMETABLE)


def _recompute(session: Session, scope: Scope, actor: Actor) -> Job | None:
    try:
        return recomputation.ask(session, scope, actor=actor)
    except Refusal:
        # Nothing starts on that day or later yet: there is nothing to make again.
        return None
