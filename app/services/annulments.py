"""Asking for the annulment of a certificate and deciding on it. Functions here change rows; they never commit."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app import faults
from app.domain.deadlines import RECONSIDERATION_WORKING_DAYS, Term
from app.domain.errors import Refusal
from app.domain.states import CertificateState
from app.domain.terms import ActionStatus
from app.models import AnnulmentDecision, AnnulmentRequest, Certificate, Issuance, TrainingAction
from app.services import history, holidays
from app.services.certificates import FROZEN, locked, state_of_action
from app.services.history import EventKind

MAX_REASON = 500
# A denial is reconsidered once: the first request and its reconsideration.
MAX_REQUESTS = 2


def latest_request(session: Session, action_id: int) -> AnnulmentRequest | None:
    """The last request about the last issue of an action, with its decision if there is one."""
    return session.scalars(_latest(), {"action_id": action_id}).first()


@cache
def _latest() -> Select[AnnulmentRequest]:
    latest = (
        select(Issuance.id)
        .join(Issuance.certificate)
        .where(Certificate.action_id == bindparam("action_id"))
        .order_by(Issuance.sequence.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(AnnulmentRequest)
        .where(AnnulmentRequest.issuance_id == latest)
        .options(joinedload(AnnulmentRequest.decision), joinedload(AnnulmentRequest.requested_by))
        .order_by(AnnulmentRequest.sequence.desc())
        .limit(1)
    )


def requests_of(session: Session, action_id: int) -> Sequence[AnnulmentRequest]:
    """Every request about any issue of an action, newest first, with who asked, who decided and what."""
    return session.scalars(_requests(), {"action_id": action_id}).all()


@cache
def _requests() -> Select[AnnulmentRequest]:
    return (
        select(AnnulmentRequest)
        .join(AnnulmentRequest.issuance)
        .join(Issuance.certificate)
        .where(Certificate.action_id == bindparam("action_id"))
        .options(
            contains_eager(AnnulmentRequest.issuance),
            joinedload(AnnulmentRequest.requested_by),
            joinedload(AnnulmentRequest.decision).joinedload(AnnulmentDecision.decided_by),
        )
        .order_by(AnnulmentRequest.id.desc())
    )


def reconsideration_ends_at(session: Session, decision: AnnulmentDecision, action: TrainingAction) -> datetime:
    """Until when a denial may be reconsidered. Source: domain handbook §6, five working days."""
    return Term(RECONSIDERATION_WORKING_DAYS).ends_at(decision.decided_at, holidays.place_of(session, action))


def why_not_requestable(session: Session, action: TrainingAction, state: CertificateState | None = None) -> str | None:
    """The sentence that tells why an annulment cannot be asked for now; None when it can. `state` if it is known."""
    state = state or state_of_action(session, action.id)
    if not state.may_request_annulment:
        return f"Solo se pide anular un certificado emitido; este está en «{state.label}». Revise el detalle del curso."
    if action.status is ActionStatus.LIQUIDATED:
        return FROZEN
    if state is CertificateState.REJECTED:
        return _why_not_reconsiderable(session, action)
    return None


def _why_not_reconsiderable(session: Session, action: TrainingAction) -> str | None:
    denied = latest_request(session, action.id)
    assert denied is not None
    assert denied.decision is not None
    if denied.sequence >= MAX_REQUESTS:
        return "La reposición ya fue resuelta y el certificado sigue vigente. No cabe otra solicitud en esta vía."
    ends_at = reconsideration_ends_at(session, denied.decision, action)
    if datetime.now(UTC) >= ends_at:
        days = RECONSIDERATION_WORKING_DAYS
        return f"El plazo de {days} días hábiles para pedir reposición venció. El certificado sigue vigente."
    return None


def request(session: Session, *, certificate_id: int, reason: str, requested_by_id: int) -> AnnulmentRequest:
    """Ask for the annulment of the latest issue, or for the reconsideration of its denial.

    Raises Refusal with the sentence of `why_not_requestable`, or for a reason that is empty or over 500 characters.
    """
    certificate = locked(session, certificate_id)
    refused = why_not_requestable(session, certificate.action) or _wrong_reason(reason)
    if refused is not None:
        raise Refusal(refused)

    issuance = _latest_with_requests(session, certificate_id)
    sequence = len(issuance.requests) + 1
    annulment = AnnulmentRequest(
        issuance=issuance,
        sequence=sequence,
        reason=reason,
        requested_at=datetime.now(UTC),
        requested_by_id=requested_by_id,
        requested_for_id=certificate.action.otec_id,
    )
    session.add(annulment)
    kind = EventKind.ANNULMENT_REQUESTED if sequence == 1 else EventKind.RECONSIDERATION_REQUESTED
    history.record(session, certificate_id, kind, actor_id=requested_by_id, folio=str(issuance.folio), reason=reason)
    session.flush()
    faults.point("annulment.requested")
    return annulment


def decide(
    session: Session, *, certificate_id: int, granted: bool, reason: str, decided_by_id: int
) -> AnnulmentDecision:
    """Grant or deny the open request, once, with a reason. Raises Refusal if who decides is who asked."""
    certificate = locked(session, certificate_id)
    annulment = latest_request(session, certificate.action_id)
    if annulment is None or annulment.decision is not None:
        raise Refusal("No hay una solicitud por resolver. Vuelva a la bandeja para ver las que siguen.")
    if annulment.requested_by_id == decided_by_id:
        raise Refusal(
            "Quien pide una anulación no la resuelve. Pida a otra persona de la Dirección Regional que decida."
        )

    decision = AnnulmentDecision(
        request=annulment,
        requested_by_id=annulment.requested_by_id,
        granted=granted,
        reason=reason,
        decided_at=datetime.now(UTC),
        decided_by_id=decided_by_id,
    )
    session.add(decision)
    kind = EventKind.ANNULMENT_GRANTED if granted else EventKind.ANNULMENT_DENIED
    history.record(session, certificate_id, kind, actor_id=decided_by_id, reason=reason)
    session.flush()
    faults.point("annulment.decided")
    return decision


def _latest_with_requests(session: Session, certificate_id: int) -> Issuance:
    return session.scalars(_with_requests(), {"certificate_id": certificate_id}).unique().one()


@cache
def _with_requests() -> Select[Issuance]:
    of_one = select(Issuance).where(Issuance.certificate_id == bindparam("certificate_id"))
    return of_one.options(joinedload(Issuance.requests)).order_by(Issuance.sequence.desc()).limit(1)


def _wrong_reason(reason: str) -> str | None:
    if not reason.strip():
        return "Falta el motivo. Escriba por qué pide la anulación."
    if len(reason) > MAX_REASON:
        return f"El motivo tiene {len(reason)} caracteres y el máximo es {MAX_REASON}. Acórtelo y vuelva a enviar."
    return None
