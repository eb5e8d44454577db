"""Dated policies for tests: courses computed in another way than by GCA-1."""

from datetime import UTC, date, datetime

from app.domain.attendance import POLICIES
from app.models import DatedPolicy
from tests.support.arranging import arranged


def apply_policy(policy_id: str) -> None:
    """Every course of the test is computed by one of the policies that come with the house."""
    arranged.session.add(
        DatedPolicy(
            policy_id=policy_id,
            fields=POLICIES[policy_id].to_data(),
            applies_from=date(2001, 1, 1),
            note="Para una prueba.",
            created_at=datetime.now(UTC),
        )
    )
    arranged.session.flush()
