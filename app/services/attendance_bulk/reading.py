"""From the tables into arrays: one statement a kind of row, one string of bytes a column, no step of Python per mark."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    LargeBinary,
    SQLColumnExpression,
    any_,
    case,
    cast,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Session

from app.domain.attendance import MarkKind, Validation, hours_for
from app.models import AttendanceMark, ClassHeld, ClassInstructor, Participant, TrainingAction
from app.services.attendance_bulk.intervals import united
from app.services.attendance_bulk.kernel import moments
from app.services.attendance_bulk.loop import IS_ENTRY, PENDING, REJECTED, VALID
from app.services.attendance_bulk.marks import ClassTimes, Ints, Marks, put_in_order

CODES = 8
# Participants of some courses, whose marks the planner finds well by itself.
FEW = 400


@dataclass(frozen=True)
class Batch:
    """Everything some actions' attendance is computed from. Row `p` of each array is participant `p`."""

    participant_id: Ints
    action_id: Ints
    required_seconds: Ints
    has_open_class: NDArray[np.bool_]
    marks: Marks
    classes: ClassTimes


def read(session: Session, action_ids: Sequence[int]) -> Batch:
    """The actions as they are now, their rows locked until the transaction ends.

    Raises ValueError, with the sentence for the person, for an action whose hours leave nothing to refer to.
    """
    required = _required_seconds(session, action_ids)
    participant_id, action_id = _participants(session, action_ids)
    # Marks before classes: whatever a mark belongs to is then seen, even if both came in between.
    marks = _marks(session, participant_id)
    class_action, class_id, classes = _classes(session, action_ids)
    return Batch(
        participant_id=participant_id,
        action_id=action_id,
        required_seconds=np.array([required[action] for action in action_id.tolist()], dtype=np.int64),
        has_open_class=np.isin(action_id, class_action[np.diff(classes.first) == 0]),
        marks=put_in_order(participant_id, class_id, *marks),
        classes=classes,
    )


def _required_seconds(session: Session, action_ids: Sequence[int]) -> dict[int, int]:
    # The lock of the recomputation of one action, in the order that keeps two batches from waiting for each other.
    found = session.execute(
        select(TrainingAction.id, TrainingAction.activity, TrainingAction.credited_hours, TrainingAction.partial_hours)
        .where(_among(TrainingAction.id, action_ids))
        .order_by(TrainingAction.id)
        .with_for_update(key_share=True)
    )
    return {id_: int(hours_for(activity, credited, partial) * 3600) for id_, activity, credited, partial in found}


def _participants(session: Session, action_ids: Sequence[int]) -> tuple[Ints, Ints]:
    """The ids of the participants, in order, and their actions."""
    found = session.execute(
        select(_together(_number(Participant.id)), _together(_number(Participant.action_id))).where(
            _among(Participant.action_id, action_ids)
        )
    ).one()
    ids, actions = map(_numbers, found)
    order = np.argsort(ids)
    return ids[order], actions[order]


def _marks(session: Session, participant_ids: Ints) -> tuple[Ints, Ints, Ints]:
    """Owner, class and moment of every mark of these participants, in no order."""
    code = case((AttendanceMark.kind == MarkKind.IN, IS_ENTRY), (AttendanceMark.kind == MarkKind.OUT, 0)) + case(
        (AttendanceMark.validation == Validation.VALID, VALID),
        (AttendanceMark.validation == Validation.PENDING, PENDING),
        (AttendanceMark.validation == Validation.REJECTED, REJECTED),
    )
    statement = select(
        _together(_number(AttendanceMark.participant_id)),
        _together(_number(AttendanceMark.class_held_id * CODES + code)),
        _together(_instant(AttendanceMark.marked_at)),
    ).where(
        _among(AttendanceMark.participant_id, participant_ids.tolist()),
        # GCA-1, the policy computed here, gives an approved request no time.
        AttendanceMark.kind.in_((MarkKind.IN, MarkKind.OUT)),
    )
    with _page_by_page(session) if participant_ids.size > FEW else nullcontext():
        found = session.execute(statement).one()
    owner, class_and_code, instant = map(_numbers, found)
    assert class_and_code.size == owner.size, "A mark of a kind or validation that the arithmetic does not know"
    return owner, class_and_code // CODES, moments(instant, class_and_code % CODES)


@contextmanager
def _page_by_page(session: Session) -> Iterator[None]:
    """Have the statement find its rows by an index and then visit each page of the table once, in order.

    One participant's marks lie scattered over the weeks of the course. Row by row, a page is visited for each of its
    seventy marks, and the planner, which does not know that a batch's courses run at the same time, would do that or
    read the whole table.
    """
    # Room to remember every page by its rows: by page alone, each row of it would be held against every participant.
    session.execute(text("SET LOCAL work_mem = '256MB'"))
    session.execute(text("SET LOCAL enable_indexscan = off"))
    session.execute(text("SET LOCAL enable_seqscan = off"))
    yield
    session.execute(text("SET LOCAL enable_indexscan TO DEFAULT"))
    session.execute(text("SET LOCAL enable_seqscan TO DEFAULT"))
    session.execute(text("SET LOCAL work_mem TO DEFAULT"))


def _classes(session: Session, action_ids: Sequence[int]) -> tuple[Ints, Ints, ClassTimes]:
    """The action and the id of each class that somebody started, in order of id, and when it was held."""
    rows = session.execute(
        select(
            _together(_number(ClassHeld.action_id)),
            _together(_number(ClassHeld.id)),
            _together(_instant(ClassInstructor.started_at)),
            _together(_instant(func.coalesce(ClassInstructor.ended_at, cast("infinity", DateTime(timezone=True))))),
        )
        .join(ClassInstructor, ClassInstructor.class_held_id == ClassHeld.id)
        .where(_among(ClassHeld.action_id, action_ids))
    ).one()
    action, class_id, started, ended = map(_numbers, rows)
    order = np.lexsort((started, class_id))
    own, at = np.unique(class_id[order], return_index=True)
    return action[order][at], own, united(class_id[order], started[order], ended[order])


def _among(column: Any, ids: Sequence[int]) -> Any:
    # One array instead of a parameter each: the statement stays short and the same.
    return column == any_(literal(list(ids), ARRAY(BigInteger)))


def _together(column: SQLColumnExpression[bytes]) -> SQLColumnExpression[bytes | None]:
    """The values of a column end to end. A row each would cost both sides more than the rest of the work."""
    return func.string_agg(column, literal(b"", LargeBinary), type_=LargeBinary)


def _number(column: Any) -> SQLColumnExpression[bytes]:
    return func.int8send(cast(column, BigInteger), type_=LargeBinary)


def _instant(column: Any) -> SQLColumnExpression[bytes]:
    """Microseconds since the year 2000, as PostgreSQL keeps them."""
    return func.timestamptz_send(column, type_=LargeBinary)


def _numbers(sent: bytes | None) -> Ints:
    """The column as it was sent; no rows at all come as None."""
    return np.frombuffer(sent or b"", dtype=">i8").astype(np.int64)
