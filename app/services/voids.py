"""Voiding a certificate by rectification of the course's origin. Functions here change rows; they never commit."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.domain.states import CertificateState
from app.domain.terms import ActionStatus
from app.models import IssuanceVoid
from app.services import history
from app.services.certificates import FROZEN, latest_issuance, locked, state_of_action
from app.services.history import EventKind


def void(session: Session, *, certificate_id: int, reason: str, actor_id: int) -> IssuanceVoid:
    """SENCE rectifies the origin of the communication: the latest issue is void and may be issued again.

    Raises Refusal unless the latest document is issued, or its annulment was rejected, and in a liquidated course: its
    money was paid on that document, and another could not be issued.
    """
    certificate = locked(session, certificate_id)
    state = state_of_action(session, certificate.action_id)
    if state not in (CertificateState.ISSUED, CertificateState.REJECTED):
        raise Refusal(f"Solo se anula de oficio un certificado emitido; este está en «{state.label}».")
    if certificate.action.status is ActionStatus.LIQUIDATED:
        raise Refusal(FROZEN)

    latest = latest_issuance(session, certificate_id)
    fact = IssuanceVoid(issuance_id=latest.id, reason=reason, voided_at=datetime.now(UTC), voided_by_id=actor_id)
    session.add(fact)
    history.record(session, certificate_id, EventKind.VOIDED, actor_id=actor_id, folio=str(latest.folio), reason=reason)
    session.flush()
    return fact
