"""Recompute the stored attendance of many actions: which ones, and what is done to them."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.attendance import GCA_1, AttendancePolicy
from app.domain.attendance_policy import UnpairedMark
from app.models import Participant, TrainingAction
from app.services import attendance, changes, policies
from app.services.attendance_bulk.approved import completed
from app.services.attendance_bulk.intervals import united
from app.services.attendance_bulk.kernel import Credited, credit, knows
from app.services.attendance_bulk.loop import CLASS_NOT_CLOSED
from app.services.attendance_bulk.marks import put_in_order
from app.services.attendance_bulk.reading import Batch, read
from app.services.attendance_bulk.storing import store

# About a million marks: enough to forget the cost of a statement, and a hundred megabytes.
ACTIONS_AT_ONCE = 1000


def recompute_actions(session: Session, action_ids: Sequence[int], *, policy: AttendancePolicy | None = None) -> int:
    """Store the attendance of these actions' participants as the marks are now; the number of participants.

    Each action by the policy of its date and programme unless `policy` is given; what the loop does not know is computed
    course by course. Harmless when run twice, and memory does not grow with the number of actions. The actions stay
    locked until the transaction ends, so a country is better given in parts, each its own transaction.
    """
    participants = 0
    for begin in range(0, len(action_ids), ACTIONS_AT_ONCE):
        ids = action_ids[begin : begin + ACTIONS_AT_ONCE]
        groups = [(policy, ids)] if policy else by_policy(session, ids)
        for of_group, own_ids in groups:
            participants += _recompute(session, own_ids, of_group, dated=policy is None)
        changes.refresh(session, ids)
    return participants


def by_policy(session: Session, action_ids: Sequence[int]) -> list[tuple[AttendancePolicy, list[int]]]:
    """The actions by the policy they are computed with."""
    timetable = policies.timetable(session)
    groups: defaultdict[str, list[int]] = defaultdict(list)
    known: dict[str, AttendancePolicy] = {}
    rows = session.execute(
        select(TrainingAction.id, TrainingAction.line, TrainingAction.starts_on)
        .where(TrainingAction.id.in_(action_ids))
        .order_by(TrainingAction.id)
    )
    for action_id, line, starts_on in rows:
        row = timetable.row_for(line, starts_on)
        groups[row.policy_id].append(action_id)
        known.setdefault(row.policy_id, AttendancePolicy.from_data(row.fields))
    return [(known[policy_id], ids) for policy_id, ids in groups.items()]


def _recompute(session: Session, action_ids: Sequence[int], policy: AttendancePolicy, *, dated: bool) -> int:
    if dated and not knows(policy):
        for action_id in action_ids:
            attendance.recompute(session, {"action_id": action_id})
        return session.scalar(select(func.count()).where(Participant.action_id.in_(action_ids))) or 0
    batch = read(session, action_ids)
    store(session, batch, compute(batch, policy), policy_id=policy.policy_id)
    return batch.participant_id.size


def compute(batch: Batch, policy: AttendancePolicy) -> Credited:
    """The figures of every participant of the batch."""
    marks = batch.marks
    if policy.unpaired_mark is UnpairedMark.TO_CLASS_END_ONCE_APPROVED:
        marks = completed(marks, batch.classes, batch.approved)
    credited = credit(marks, batch.classes, policy)
    credited.flags[batch.has_open_class] |= CLASS_NOT_CLOSED
    return credited


def action_ids(
    session: Session, *, region: str | None = None, otec_id: int | None = None, after: int = 0, limit: int | None = None
) -> list[int]:
    """Actions of a region, an institution, both, or all of them, in order of id; `after` goes on where a part ended."""
    query = select(TrainingAction.id).where(TrainingAction.id > after).order_by(TrainingAction.id).limit(limit)
    if region is not None:
        query = query.where(TrainingAction.region == region)
    if otec_id is not None:
        query = query.where(TrainingAction.otec_id == otec_id)
    return list(session.scalars(query))


def compile_now() -> None:
    """Have the machine code ready before the first work: for what measures, and for who would rather wait now (some 2.5 s)."""
    one, none = np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64)
    credit(put_in_order(one, one, none, none, none), united(one, one, one), GCA_1)
