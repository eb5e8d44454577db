"""Marks of the demo that came late, and marks that were put right after the certificate was issued; the rest came at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from app.demo.courses import Course
from app.demo.marks import held_classes, mark_rows
from app.models import AttendanceMark, ClassHeld, TrainingAction

FileRow = dict[str, str]
# In one course a fingerprint is validated after the issue, in the other somebody had left later than it said.
VALIDATED, LEFT_LATER = 1, 2
AT_ONCE, LATE, ONE_IN = timedelta(minutes=4), timedelta(days=3), 61


def corrected(seed: int, courses: Iterable[Course]) -> dict[str, FileRow]:
    """The rows of marks.csv that are corrections, by their `mark_id`: as they are now."""
    chosen = (_chosen(seed, course) for course in courses if course.index in (VALIDATED, LEFT_LATER))
    return {row["mark_id"]: row for row in chosen}


def before(row: FileRow, course: Course) -> FileRow:
    """The row of a correction as it came first."""
    if course.index == VALIDATED:
        return {**row, "validation": "pending"}
    earlier = datetime.fromisoformat(row["marked_at"]) - timedelta(hours=2)
    return {**row, "marked_at": earlier.isoformat(timespec="seconds")}


def _chosen(seed: int, course: Course) -> FileRow:
    """An exit at the end of a class, of somebody who had entered: two hours earlier that person was there too."""
    ends = {held.class_id: held.ended_at for held in held_classes(seed, course)}
    valid = {row["mark_id"]: row for row in mark_rows(seed, course) if row["validation"] == "valid"}
    return next(
        row
        for mark_id, row in valid.items()
        if row["kind"] == "out" and mark_id.endswith("-2") and f"{mark_id[:-1]}1" in valid
        if datetime.fromisoformat(row["marked_at"]) >= ends[row["class_id"]]
    )


def came_in(session: Session, codes: Iterable[str]) -> None:
    """The marks of these courses came minutes after they were taken, a few of them days after, and none in the future."""
    of_courses = select(ClassHeld.id).join(TrainingAction).where(TrainingAction.code.in_(codes))
    on_its_way = case((AttendanceMark.id % ONE_IN == 0, LATE), else_=AT_ONCE)
    session.execute(
        update(AttendanceMark)
        .where(AttendanceMark.class_held_id.in_(of_courses))
        .values(received_at=func.least(AttendanceMark.received_at, AttendanceMark.marked_at + on_its_way))
    )
