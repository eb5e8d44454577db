"""Attendance modified after the issue: found with the figures, in both ways of computing them, and told region by region."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.domain.permissions import Actor, Profile
from app.models import AttendanceChange, AttendanceMark, AttendanceResult, Certificate
from app.services import certificates, changes, policies
from app.services.attendance_bulk import recompute_actions
from tests.factories import CertificateFactory, PersonFactory, TrainingActionFactory, compute
from tests.support.queries import statements
from tests.support.stories import actor_of


def director(region: str = "13") -> Actor:
    return actor_of(PersonFactory(profiles=[(Profile.REGIONAL_DIRECTOR, None, region)]))


def reject_one(session: Session, certificate: Certificate) -> None:
    """A fingerprint of the first participant is rejected after all."""
    row = (
        session.query(AttendanceResult)
        .filter_by(action_id=certificate.action_id)
        .order_by(AttendanceResult.participant_id)
        .first()
    )
    assert row is not None
    mark = session.query(AttendanceMark).filter_by(participant_id=row.participant_id, kind="out").first()
    assert mark is not None
    mark.validation = "rejected"  # type: ignore[assignment]
    session.flush()


@pytest.mark.parametrize("in_bulk", [False, True], ids=["course by course", "in bulk"])
def test_a_change_is_kept_with_the_figure_before_and_after(session: Session, in_bulk: bool) -> None:
    certificate = CertificateFactory(issued=True)
    reject_one(session, certificate)

    if in_bulk:
        recompute_actions(session, [certificate.action_id])
    else:
        compute(certificate.action)

    (kept,) = session.query(AttendanceChange).one().differences["participants"]
    assert (kept["issued"], kept["now"]) == ("100.00", "50.00")


def test_what_is_as_printed_is_no_change(session: Session) -> None:
    certificate = CertificateFactory(issued=True)

    compute(certificate.action)

    assert session.query(AttendanceChange).all() == []


def test_a_part_of_a_second_is_no_change(session: Session) -> None:
    """35 996,4 s of ten hours are exactly 99,99 %; the whole seconds that are stored would be 99,98 %."""
    action = TrainingActionFactory(participants=1, classes=2, attended=True)
    mark = session.query(AttendanceMark).filter_by(kind="out").first()
    assert mark is not None
    mark.marked_at -= timedelta(seconds=3, microseconds=600_000)
    compute(action)

    certificate = CertificateFactory(action=action, issued=True)
    compute(action)

    (issuance,) = certificates.issuances_of(session, certificate.action_id)
    assert issuance.snapshot["participants"][0]["percentage"] == "99.99"
    assert f"{changes.percentage_of(session.query(AttendanceResult).one())}" == "99.98"
    assert session.query(AttendanceChange).all() == []


def test_back_to_what_was_printed_the_change_is_gone(session: Session) -> None:
    certificate = CertificateFactory(issued=True)
    reject_one(session, certificate)
    compute(certificate.action)

    session.query(AttendanceMark).update({"validation": "valid"})
    compute(certificate.action)

    assert session.query(AttendanceChange).all() == []


def test_found_again_a_change_is_as_old_as_it_was(session: Session) -> None:
    certificate = CertificateFactory(issued=True)
    reject_one(session, certificate)
    compute(certificate.action)
    first = session.query(AttendanceChange).one().found_at

    compute(certificate.action)

    session.expire_all()
    assert session.query(AttendanceChange).one().found_at == first


def test_each_direction_sees_its_own_regions_page_by_page(session: Session) -> None:
    for region in ("13", "13", "13", "08"):
        action = TrainingActionFactory(participants=1, classes=1, attended=True, region=region)
        certificate = CertificateFactory(action=action, issued=True)
        reject_one(session, certificate)
        compute(action)
    actor = director()

    first = changes.page(session, actor, size=2)
    assert first.next_after is not None
    second = changes.page(session, actor, size=2, after=first.next_after)

    assert (first.total, len(first.rows), len(second.rows), second.next_after) == (3, 2, 1, None)
    shown = [row.action.id for row in (*first.rows, *second.rows)]
    assert len(set(shown)) == 3
    assert {row.action.region for row in (*first.rows, *second.rows)} == {"13"}


def test_a_certificate_that_is_void_has_no_change_to_tell(session: Session) -> None:
    certificate = CertificateFactory(granted=True)
    reject_one(session, certificate)
    compute(certificate.action)

    assert changes.page(session, director()).rows == []


def test_comparing_many_courses_takes_as_many_statements_as_one(session: Session) -> None:
    ids = []
    for _ in range(3):
        certificate = CertificateFactory(issued=True)
        reject_one(session, certificate)
        ids.append(certificate.action_id)
    # Known once a transaction.
    policies.timetable(session)
    with statements(session) as one:
        changes.refresh(session, ids[:1])
    with statements(session) as several:
        changes.refresh(session, ids)

    assert len(one) == len(several) <= 4
