"""Dated policies for tests: courses computed in another way than by GCA-1."""

from datetime import UTC, date, datetime

from app.domain.attendance import POLICIES
from app.domain.attendance_policy import AttendancePolicy
from app.domain.terms import Line
from app.models import DatedPolicy
from app.services import policies
from tests.support.arranging import arranged


def apply_policy(policy_id: str) -> None:
    """Every course of the test is computed by one of the policies that come with the house."""
    rule(POLICIES[policy_id])


def rule(policy: AttendancePolicy, *, line: Line | None = None, applies_from: date = policies.BEGINNING) -> DatedPolicy:
    """Have courses from that day on computed by the policy."""
    row = DatedPolicy(
        policy_id=policy.policy_id,
        fields=policy.to_data(),
        line=line,
        applies_from=applies_from,
        created_at=datetime.now(UTC),
    )
    arranged.session.add(row)
    arranged.session.flush()
    return row
