"""Attendance written as one reads it aloud: classes as pairs of hours, marks as `in 09:14, out 13:00 pending`."""

from datetime import datetime
from fractions import Fraction

from app.domain.attendance import (
    POLICIES,
    ClassHeld,
    FacilitatorInterval,
    Mark,
    MarkKind,
    RetroactiveMark,
    Validation,
    compute_attendance,
)
from app.domain.explanations import explain_class

SANTIAGO = "America/Santiago"


def instant(text: str) -> datetime:
    """`09:14` is a winter morning in Santiago; anything longer is ISO 8601."""
    return datetime.fromisoformat(text if "T" in text else f"2026-06-10T{text}-04:00")


def class_held(class_id: str, *held: tuple[str, str | None]) -> ClassHeld:
    times = held or (("09:00", "13:00"),)
    return ClassHeld(
        class_id,
        tuple(FacilitatorInterval(instant(start), instant(end) if end else None) for start, end in times),
    )


def marks_in(text: str) -> list[Mark]:
    """`in 09:14, out 13:00 pending` are marks of class c1; `c2 in 14:00` is one of c2."""
    taken = []
    for mark in filter(None, text.split(", ")):
        words = mark.split()
        class_id = words.pop(0) if words[0].startswith("c") else "c1"
        kind, at, *validation = words
        taken.append(Mark(class_id, instant(at), MarkKind(kind), Validation(validation[0] if validation else "valid")))
    return taken


def explain(
    marks: str,
    *held: tuple[str, str | None],
    zone: str = SANTIAGO,
    policy_id: str = "GCA-1",
    decision: str | None = None,
) -> str:
    """The explanation of one class, held 09:00–13:00 unless told otherwise; `decision` approves a request for it."""
    policy = POLICIES[policy_id]
    approved = [] if decision is None else [RetroactiveMark("c1", decision)]
    result = compute_attendance(
        [class_held("c1", *held)], marks_in(marks), hours=Fraction(4), policy=policy, retroactive=approved, zone=zone
    )
    return explain_class(result.classes[0], zone=zone, policy=policy)
