"""What the computation of many courses asks of the tables.

Each statement is built once: to build one costs more than to have it answered for a single course.
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    LargeBinary,
    Select,
    SQLColumnExpression,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
    true,
)

from app.domain.attendance import Validation
from app.models import AttendanceMark, ClassHeld, ClassInstructor, Participant, RecordedKind, TrainingAction
from app.services.attendance_bulk.loop import IS_ENTRY, PENDING, REJECTED, VALID

# What is told of a mark beside its class: whether it is an entry, and its validation, or that a decision is behind it.
CODES, RETROACTIVE = 8, 3
Columns = Select[*tuple[Any, ...]]


def _among(column: Any) -> Any:
    # One array instead of a parameter each: the statement stays short and the same.
    return column == any_(bindparam("ids", type_=ARRAY(BigInteger)))


def _together(column: SQLColumnExpression[bytes]) -> SQLColumnExpression[bytes | None]:
    """The values of a column end to end. A row each would cost both sides more than the rest of the work."""
    return func.string_agg(column, literal(b"", LargeBinary), type_=LargeBinary)


def _number(column: Any) -> SQLColumnExpression[bytes]:
    return func.int8send(cast(column, BigInteger), type_=LargeBinary)


def _instant(column: Any) -> SQLColumnExpression[bytes]:
    """Microseconds since the year 2000, as PostgreSQL keeps them."""
    return func.timestamptz_send(column, type_=LargeBinary)


def _code() -> Any:
    """NULL for a kind or validation that the arithmetic does not know."""
    validation = case(
        (AttendanceMark.validation == Validation.VALID, VALID),
        (AttendanceMark.validation == Validation.PENDING, PENDING),
        (AttendanceMark.validation == Validation.REJECTED, REJECTED),
    )
    return case(
        (AttendanceMark.kind == RecordedKind.IN, IS_ENTRY + validation),
        (AttendanceMark.kind == RecordedKind.OUT, validation),
        (AttendanceMark.kind == RecordedKind.RETROACTIVE, RETROACTIVE),
    )


ACTIONS = (
    select(TrainingAction.id, TrainingAction.activity, TrainingAction.credited_hours, TrainingAction.partial_hours)
    .where(_among(TrainingAction.id))
    .order_by(TrainingAction.id)
)
# The lock of the recomputation of one action, in the order that keeps two batches from waiting for each other.
ACTIONS_LOCKED = ACTIONS.with_for_update(key_share=True)

_OF_ACTIONS = select(Participant.id).where(_among(Participant.action_id))

_PARTICIPANTS: Columns = select(
    _together(_number(Participant.id)).label("participant"),
    _together(_number(Participant.action_id)).label("participant_action"),
).where(_among(Participant.action_id))

_MARKS: Columns = select(
    _together(_number(AttendanceMark.participant_id)).label("owner"),
    _together(_number(AttendanceMark.class_held_id * CODES + _code())).label("class_and_code"),
    _together(_instant(AttendanceMark.marked_at)).label("instant"),
).where(AttendanceMark.participant_id.in_(_OF_ACTIONS))

# A row each facilitator.
_CLASSES: Columns = (
    select(
        _together(_number(ClassHeld.action_id)).label("class_action"),
        _together(_number(ClassHeld.id)).label("class_"),
        _together(_instant(ClassInstructor.started_at)).label("started"),
        _together(_instant(func.coalesce(ClassInstructor.ended_at, cast("infinity", DateTime(timezone=True))))).label(
            "ended"
        ),
    )
    .join(ClassInstructor, ClassInstructor.class_held_id == ClassHeld.id)
    .where(_among(ClassHeld.action_id))
)

_ONE, _OTHER, _THIRD = _PARTICIPANTS.subquery(), _MARKS.subquery(), _CLASSES.subquery()

# One statement, one moment: whatever a mark belongs to is there too, even if both come in meanwhile.
EVERYTHING: Columns = select(_ONE, _OTHER, _THIRD).select_from(_ONE.join(_OTHER, true()).join(_THIRD, true()))
