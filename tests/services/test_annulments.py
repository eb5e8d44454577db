"""Asking for an annulment and deciding on it: once, with reasons, within terms, never by the same person."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.domain.permissions import Actor, Profile
from app.domain.terms import ActionStatus
from app.models import AnnulmentDecision, Certificate
from app.services import annulments, certificates, history
from tests.factories import CertificateFactory, PersonFactory, director_of
from tests.support.database import rewriting
from tests.support.stories import actor_of

# A Monday in a week without holidays: five working days later is the Monday after.
DECIDED_AT = datetime(2026, 11, 9, 15, tzinfo=UTC)
TERM_ENDS_AT = datetime(2026, 11, 17, 3, tzinfo=UTC)


def provider(certificate: Certificate) -> Actor:
    return actor_of(PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, certificate.action.otec, None)]))


def director() -> Actor:
    return actor_of(PersonFactory(profiles=[director_of("13")]))


def ask(session: Session, certificate: Certificate, reason: str = "Falta un participante.") -> None:
    annulments.request(
        session, certificate_id=certificate.id, reason=reason, requested_by_id=provider(certificate).person_id
    )


def denied_on_a_monday(session: Session) -> Certificate:
    certificate: Certificate = CertificateFactory(rejected=True)
    with rewriting(session):
        session.query(AnnulmentDecision).update({AnnulmentDecision.decided_at: DECIDED_AT})
    session.expire_all()
    return certificate


@pytest.mark.parametrize("length", [1, annulments.MAX_REASON])
def test_a_reason_has_1_to_500_characters(session: Session, length: int) -> None:
    certificate = CertificateFactory(issued=True)

    ask(session, certificate, "ñ" * length)

    request = annulments.latest_request(session, certificate.action_id)
    assert request is not None
    assert len(request.reason) == length


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "Falta el motivo"), ("  \n", "Falta el motivo"), ("ñ" * 501, "tiene 501 caracteres y el máximo es 500")],
    ids=["empty", "blank", "501"],
)
def test_other_reasons_are_refused_with_what_to_do(session: Session, reason: str, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        ask(session, CertificateFactory(issued=True), reason)


@pytest.mark.parametrize("steps", [(), ("issue", "request"), ("issue", "request", "grant"), ("issue", "void")])
def test_only_an_issued_certificate_is_asked_about(session: Session, steps: tuple[str, ...]) -> None:
    with pytest.raises(Refusal, match="Solo se pide anular un certificado emitido"):
        ask(session, CertificateFactory(steps=steps))


def test_a_liquidated_course_is_frozen(session: Session) -> None:
    certificate = CertificateFactory(issued=True)
    certificate.action.status = ActionStatus.LIQUIDATED

    with pytest.raises(Refusal, match="liquidado"):
        ask(session, certificate)


def test_a_denial_is_reconsidered_until_the_fifth_working_day_is_over(session: Session) -> None:
    certificate = denied_on_a_monday(session)

    with time_machine.travel(TERM_ENDS_AT - timedelta(seconds=1), tick=False):
        in_time = annulments.why_not_requestable(session, certificate.action)
    with time_machine.travel(TERM_ENDS_AT, tick=False):
        too_late = annulments.why_not_requestable(session, certificate.action)

    assert in_time is None
    assert too_late is not None
    assert "El plazo de 5 días hábiles para pedir reposición venció." in too_late


def test_a_denial_is_reconsidered_once(session: Session) -> None:
    certificate = CertificateFactory(steps=("issue", "request", "deny", "request", "deny"))

    with pytest.raises(Refusal, match="La reposición ya fue resuelta"):
        ask(session, certificate)


def test_a_reissued_certificate_begins_anew(session: Session) -> None:
    certificate = CertificateFactory(reissued=True)

    ask(session, certificate)

    requests = annulments.requests_of(session, certificate.action_id)
    assert [(request.issuance.sequence, request.sequence) for request in requests] == [(2, 1), (1, 1)]


@pytest.mark.parametrize("granted", [True, False])
def test_a_decision_is_taken_once(session: Session, granted: bool) -> None:
    certificate = CertificateFactory(requested=True)
    annulments.decide(
        session, certificate_id=certificate.id, granted=granted, reason="Visto.", decided_by_id=director().person_id
    )

    with pytest.raises(Refusal, match="No hay una solicitud por resolver"):
        annulments.decide(
            session, certificate_id=certificate.id, granted=True, reason="Otra.", decided_by_id=director().person_id
        )


def test_who_asks_never_decides(session: Session) -> None:
    certificate = CertificateFactory(requested=True)
    request = annulments.latest_request(session, certificate.action_id)
    assert request is not None
    same = Actor(request.requested_by_id, "La misma persona", Profile.REGIONAL_DIRECTOR, regions=frozenset({"13"}))

    with pytest.raises(Refusal, match="Quien pide una anulación no la resuelve"):
        annulments.decide(
            session, certificate_id=certificate.id, granted=True, reason="Visto.", decided_by_id=same.person_id
        )


def test_the_database_itself_keeps_who_asks_from_deciding(session: Session) -> None:
    certificate = CertificateFactory(requested=True)
    request = annulments.latest_request(session, certificate.action_id)
    assert request is not None
    asked_by = request.requested_by_id
    session.add(
        AnnulmentDecision(
            request_id=request.id,
            requested_by_id=asked_by,
            granted=True,
            reason="Visto.",
            decided_at=DECIDED_AT,
            decided_by_id=asked_by,
        )
    )

    with pytest.raises(IntegrityError, match="who_asks_never_decides"):
        session.flush()


def test_the_denied_certificate_stays_valid(session: Session) -> None:
    certificate = CertificateFactory(rejected=True)

    assert certificates.state_of_action(session, certificate.action_id).is_valid_document


def test_each_step_is_in_the_history_with_who_did_it(session: Session) -> None:
    certificate = CertificateFactory(steps=("issue", "request", "deny", "request", "grant"))

    events = history.events(session, certificate.id)

    assert [event.kind for event in reversed(events)] == [
        "issued",
        "annulment_requested",
        "annulment_denied",
        "reconsideration_requested",
        "annulment_granted",
    ]
    assert None not in {event.actor_id for event in events}
