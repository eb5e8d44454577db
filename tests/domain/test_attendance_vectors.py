"""Every worked example, the handbook's and our own, of GCA-1 and of each variant; each computed by hand from the rule."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.domain.attendance import (
    POLICIES,
    VARIANTS,
    AttendanceResult,
    ClassHeld,
    FacilitatorInterval,
    Mark,
    MarkKind,
    RetroactiveMark,
    Validation,
    compute_attendance,
    hours_for,
)
from app.domain.terms import Activity

VECTORS = Path(__file__).parent / "vectors"


def _read(name: str) -> list[Any]:
    vectors = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return [pytest.param(vector, id=vector["name"]) for vector in vectors]


def _class(row: dict[str, Any]) -> ClassHeld:
    return ClassHeld(
        row["class_id"],
        tuple(
            FacilitatorInterval(
                datetime.fromisoformat(facilitator["started_at"]),
                datetime.fromisoformat(facilitator["ended_at"]) if facilitator["ended_at"] else None,
            )
            for facilitator in row["facilitators"]
        ),
    )


def _mark(row: dict[str, Any]) -> Mark:
    at = datetime.fromisoformat(row["marked_at"])
    return Mark(row["class_id"], at, MarkKind(row["kind"]), Validation(row["validation"]))


def _compute(vector: dict[str, Any]) -> AttendanceResult:
    activity = Activity(vector.get("activity", "normal"))
    hours = hours_for(activity, Decimal(vector["credited_hours"]), vector.get("partial_hours"))
    return compute_attendance(
        [_class(row) for row in vector["classes"]],
        [_mark(row) for row in vector["marks"]],
        hours=hours,
        policy=POLICIES[vector.get("policy", "GCA-1")],
        retroactive=[RetroactiveMark(class_id) for class_id in vector.get("retroactive", [])],
        zone=vector.get("zone"),
    )


FILES = ("attendance.json", "attendance_more.json", "retroactive.json", "variants.json")
EVERY_VECTOR = [vector for name in FILES for vector in _read(name)]


@pytest.mark.parametrize("vector", EVERY_VECTOR)
def test_the_vector_holds(vector: dict[str, Any]) -> None:
    result = _compute(vector)

    assert result.credited_seconds == vector["credited_seconds"]
    assert str(result.percentage) == vector["percentage"]
    assert result.shown == vector["shown"]
    assert list(result.flags) == vector["flags"]
    if "provisional_seconds" in vector:
        assert result.provisional_seconds == vector["provisional_seconds"]


def test_every_policy_of_the_house_has_its_vectors() -> None:
    vectors = json.loads((VECTORS / "variants.json").read_text(encoding="utf-8"))

    assert {policy.policy_id for policy in VARIANTS} <= {vector["policy"] for vector in vectors}
