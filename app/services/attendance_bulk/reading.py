"""From the tables into arrays: one string of bytes a column, no step of Python per mark."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.domain.attendance import hours_for
from app.services.attendance_bulk import statements
from app.services.attendance_bulk.approved import Approved
from app.services.attendance_bulk.intervals import united
from app.services.attendance_bulk.kernel import moments
from app.services.attendance_bulk.marks import ClassTimes, Ints, Marks, class_places, put_in_order
from app.services.attendance_bulk.statements import CODES, RETROACTIVE


@dataclass(frozen=True)
class Batch:
    """Everything some actions' attendance is computed from. Row `p` of each array is participant `p`."""

    participant_id: Ints
    action_id: Ints
    required_seconds: Ints
    has_open_class: NDArray[np.bool_]
    marks: Marks
    approved: Approved
    classes: ClassTimes


def read(session: Session, action_ids: Sequence[int], *, lock: bool = True) -> Batch:
    """The actions as they are now, their rows locked until the transaction ends unless nothing will be stored.

    Raises ValueError, with the sentence for the person, for an action whose hours leave nothing to refer to.
    """
    required = _required_seconds(session, action_ids, lock=lock)
    rows = _everything(session, action_ids)
    order = np.argsort(rows["participant"])
    participant_id, action_id = rows["participant"][order], rows["participant_action"][order]
    class_action, class_id, classes = _classes(rows)
    marks, approved = _marks(rows, participant_id, class_id)
    return Batch(
        participant_id=participant_id,
        action_id=action_id,
        required_seconds=np.array([required[action] for action in action_id.tolist()], dtype=np.int64),
        has_open_class=np.isin(action_id, class_action[np.diff(classes.first) == 0]),
        marks=marks,
        approved=approved,
        classes=classes,
    )


def _required_seconds(session: Session, action_ids: Sequence[int], *, lock: bool) -> dict[int, int]:
    statement = statements.ACTIONS_LOCKED if lock else statements.ACTIONS
    found = session.execute(statement, {"ids": list(action_ids)})
    return {id_: int(hours_for(activity, credited, partial) * 3600) for id_, activity, credited, partial in found}


def _everything(session: Session, action_ids: Sequence[int]) -> dict[str, Ints]:
    """The columns as they were sent; no rows at all come as None."""
    found = session.execute(statements.EVERYTHING, {"ids": list(action_ids)}).one()
    return {name: np.frombuffer(sent or b"", dtype=">i8").astype(np.int64) for name, sent in found._mapping.items()}


def _marks(rows: dict[str, Ints], participant_id: Ints, class_id: Ints) -> tuple[Marks, Approved]:
    """The fingerprints, laid out, and the approved requests."""
    owner, own_class = rows["owner"], rows["class_and_code"] // CODES
    assert own_class.size == owner.size, "A mark of a kind or validation that the arithmetic does not know"
    code = rows["class_and_code"] % CODES
    taken, decided = code != RETROACTIVE, code == RETROACTIVE
    moment = moments(rows["instant"][taken], code[taken])
    return (
        put_in_order(participant_id, class_id, owner[taken], own_class[taken], moment),
        Approved(np.searchsorted(participant_id, owner[decided]), class_places(class_id, own_class[decided])),
    )


def _classes(rows: dict[str, Ints]) -> tuple[Ints, Ints, ClassTimes]:
    """The action and the id of each class that somebody started, in order of id, and when it was held."""
    order = np.lexsort((rows["started"], rows["class_"]))
    action, class_id = rows["class_action"][order], rows["class_"][order]
    own, at = np.unique(class_id, return_index=True)
    return action[at], own, united(class_id, rows["started"][order], rows["ended"][order])
