"""Retroactive attendance once decided: the mark, the figures, the sentence, and the certificate that stays."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.attendance import GCA_1, POLICIES, AttendanceResult
from app.domain.deadlines import local_date
from app.domain.document import CertificateDocument
from app.domain.explanations import explain_class
from app.domain.permissions import Actor, Profile
from app.models import (
    AttendanceMark,
    Certificate,
    Effect,
    Participant,
    RecordedKind,
    RetroactiveDecision,
)
from app.models import AttendanceResult as StoredResult
from app.services import attendance, certificates, participants
from app.services.attendance_bulk import recompute_actions
from app.services.retroactive import Subject
from tests.factories import CertificateFactory
from tests.support.policies import apply_policy
from tests.support.stories import first_class


def result_of(session: Session, certificate: Certificate) -> AttendanceResult:
    session.expire_all()
    return attendance.compute_one(session, session.get_one(Participant, first_class(certificate).participant_id))


def stored_seconds(session: Session, certificate: Certificate) -> int:
    session.expire_all()
    return session.get_one(StoredResult, first_class(certificate).participant_id).credited_seconds


def test_an_approval_becomes_a_mark_with_its_decision_behind_it(session: Session) -> None:
    certificate = CertificateFactory(retroactive_granted=True)

    mark = session.scalars(select(AttendanceMark).where(AttendanceMark.kind == RecordedKind.RETROACTIVE)).one()

    decision = session.get_one(RetroactiveDecision, mark.decision_id)
    assert decision.granted
    assert Subject(mark.participant_id, mark.class_held_id) == first_class(certificate)
    assert mark.marked_at == decision.decided_at


def test_a_denial_makes_no_mark_and_asks_for_no_recomputation(session: Session) -> None:
    CertificateFactory(retroactive_denied=True)

    assert session.scalars(select(AttendanceMark).where(AttendanceMark.decision_id.is_not(None))).all() == []
    assert session.scalars(select(Effect).where(Effect.kind == attendance.RECOMPUTE)).all() == []


def test_approved_the_class_is_credited_to_its_end(session: Session) -> None:
    waiting = CertificateFactory(retroactive_asked=True)
    before = result_of(session, waiting)

    after = result_of(session, CertificateFactory(retroactive_granted=True))

    assert (before.credited_seconds, f"{before.percentage}") == (5 * 3600, "50.00")
    assert (after.credited_seconds, f"{after.percentage}") == (10 * 3600, "100.00")


def test_the_sentence_of_the_class_names_the_decision(session: Session) -> None:
    certificate = CertificateFactory(retroactive_granted=True)
    decided_at = session.query(RetroactiveDecision).one().decided_at
    zone = certificate.action.time_zone

    sentence = explain_class(result_of(session, certificate).classes[0], zone=zone, policy=GCA_1)

    day = local_date(decided_at, zone)
    assert f"asistencia retroactiva aprobada (resolución del {day:%d/%m/%Y}) se cuenta hasta" in sentence


def test_a_policy_may_give_an_approval_no_time_and_says_so(session: Session) -> None:
    apply_policy("GCA-1-MISSING-NONE")
    certificate = CertificateFactory(retroactive_granted=True)

    result = result_of(session, certificate)
    sentence = explain_class(result.classes[0], zone=certificate.action.time_zone, policy=result.policy)

    assert f"{result.percentage}" == "50.00"
    assert "no suma tiempo con la política GCA-1-MISSING-NONE." in sentence


def test_the_approval_asks_for_the_figures_and_the_issued_certificate_stays_and_is_flagged(session: Session) -> None:
    certificate = CertificateFactory(steps=("lose_exit", "issue", "ask_retroactive", "grant_retroactive"))
    printed = certificates.issuances_of(session, certificate.action_id)[0].snapshot
    effect = session.scalars(select(Effect).where(Effect.kind == attendance.RECOMPUTE)).one()

    attendance.recompute(session, effect.payload)

    issuance = certificates.issuances_of(session, certificate.action_id)[0]
    document = CertificateDocument.from_snapshot(issuance.snapshot)
    director = Actor(0, "", Profile.REGIONAL_DIRECTOR)
    (difference,) = participants.differences_since(session, document, certificate.action, director)
    assert issuance.snapshot == printed
    assert (difference.issued, difference.now) == ("50.00", "100.00")


@pytest.mark.parametrize(("policy_id", "hours"), [("GCA-1", 10), ("GCA-1-MISSING-NONE", 5)])
def test_the_whole_country_s_recomputation_gives_an_approval_what_the_policy_says(
    session: Session, policy_id: str, hours: int
) -> None:
    certificate = CertificateFactory(retroactive_granted=True)

    recompute_actions(session, [certificate.action_id], policy=POLICIES[policy_id])

    assert stored_seconds(session, certificate) == hours * 3600
