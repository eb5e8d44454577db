"""Stored figures against what the marks give now; only looks."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.attendance import AttendancePolicy
from app.models import AttendanceResult, Participant, TrainingAction
from app.services import attendance
from app.services.attendance_bulk.kernel import knows
from app.services.attendance_bulk.reading import read
from app.services.attendance_bulk.recomputing import by_policy, compute
from app.services.attendance_bulk.storing import flags_in

COMPARED = ("policy_id", "required_seconds", "credited_seconds", "provisional_seconds", "flags")


def differing(session: Session, action_ids: Sequence[int]) -> list[int]:
    """The participants of these actions whose stored figures are not what the marks give now, those without any among them.

    Locks and changes nothing. Raises ValueError for an action that cannot be computed.
    """
    columns = [getattr(AttendanceResult, name) for name in ("participant_id", *COMPARED)]
    # By the participant's own course, whatever the figures say of whose they are.
    of_participants = select(*columns).join(Participant, Participant.id == AttendanceResult.participant_id)
    rows = session.execute(of_participants.where(Participant.action_id.in_(action_ids)))
    stored = {participant_id: tuple(figures) for participant_id, *figures in rows}
    return [
        participant_id
        for policy, ids in by_policy(session, action_ids)
        for participant_id, *figures in _figures(session, ids, policy)
        if stored.get(participant_id) != tuple(figures)
    ]


def _figures(session: Session, action_ids: Sequence[int], policy: AttendancePolicy) -> Iterator[Sequence[Any]]:
    """The participant and the figures compared, for each of the actions' participants."""
    if not knows(policy):
        for action_id in action_ids:
            action = session.get_one(TrainingAction, action_id)
            for entry in attendance.compute(session, action):
                row = attendance.to_store(action, entry)
                yield [row[name] for name in ("participant_id", *COMPARED)]
        return
    batch = read(session, action_ids, lock=False)
    credited = compute(batch, policy)
    numbers = (batch.participant_id, batch.required_seconds, credited.firm, credited.provisional, credited.flags)
    for participant_id, required, firm, provisional, flags in zip(*(one.tolist() for one in numbers), strict=True):
        yield [participant_id, policy.policy_id, required, firm, provisional, flags_in(flags)]
