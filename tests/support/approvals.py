"""Requests for retroactive attendance, asked for and approved, whatever is missing in their classes."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.domain.attendance import Validation
from app.models import (
    AttendanceMark,
    ClassHeld,
    ClassInstructor,
    Participant,
    RecordedKind,
    RetroactiveDecision,
    RetroactiveRequest,
    TrainingAction,
)

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def approve(session: Session, *, every: int) -> None:
    """One of `every` pairs of a participant and a class of the same course."""
    rows = session.execute(
        select(Participant.id, Participant.person_id, ClassHeld.id, ClassInstructor.person_id, TrainingAction.otec_id)
        .join(TrainingAction, TrainingAction.id == Participant.action_id)
        .join(ClassHeld, ClassHeld.action_id == Participant.action_id)
        .join(ClassInstructor, ClassInstructor.class_held_id == ClassHeld.id)
        .ext(distinct_on(Participant.id, ClassHeld.id))
        .order_by(Participant.id, ClassHeld.id)
    ).all()
    decisions = [_decision(*row) for row in rows[::every]]
    session.add_all(decisions)
    session.flush()
    session.add_all(map(_mark, decisions))
    session.flush()


def _decision(
    participant_id: int, person_id: int, class_held_id: int, instructor_id: int, otec_id: int
) -> RetroactiveDecision:
    request = RetroactiveRequest(
        participant_id=participant_id,
        class_held_id=class_held_id,
        sequence=1,
        reason="Falló el lector.",
        requested_at=NOW,
        requested_by_id=instructor_id,
        requested_for_id=otec_id,
    )
    return RetroactiveDecision(
        request=request,
        requested_by_id=instructor_id,
        granted=True,
        reason="Consta.",
        decided_at=NOW,
        decided_by_id=person_id,
    )


def _mark(decision: RetroactiveDecision) -> AttendanceMark:
    return AttendanceMark(
        mark_id=f"retroactive-{decision.id}",
        participant_id=decision.request.participant_id,
        class_held_id=decision.request.class_held_id,
        kind=RecordedKind.RETROACTIVE,
        marked_at=decision.decided_at,
        validation=Validation.VALID,
        decision_id=decision.id,
    )
