"""Asking for retroactive attendance in one class and deciding on it. Functions here change rows; they never commit."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.attendance import AttendanceResult, ClassBreakdown, RetroactiveMark, Validation
from app.domain.attendance_missing import missing_in
from app.domain.deadlines import local_date
from app.domain.errors import NotFound, Refusal
from app.domain.terms import ActionStatus
from app.models import (
    AttendanceMark,
    Certificate,
    ClassHeld,
    Participant,
    RecordedKind,
    RetroactiveAttachment,
    RetroactiveDecision,
    RetroactiveRequest,
    TrainingAction,
)
from app.services import attendance, history
from app.services.history import EventKind
from app.services.retroactive_found import Subject, latest_about

__all__ = ["MAX_ATTACHMENTS", "MAX_BYTES", "MAX_REASON", "Attachment", "Subject"]

MAX_REASON = 500
MAX_ATTACHMENTS = 5
MAX_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True)
class Attachment:
    """A file already kept in the storage under its hash, as an answer of the case carries it."""

    filename: str
    content_type: str
    size: int
    sha256: str

    def as_answer(self) -> dict[str, Any]:
        return asdict(self)


def require_in(session: Session, action: TrainingAction, subject: Subject) -> None:
    """Raises NotFound unless participant and class are both of this action."""
    participant = session.get(Participant, subject.participant_id)
    held = session.get(ClassHeld, subject.class_held_id)
    if participant is None or held is None or {participant.action_id, held.action_id} != {action.id}:
        raise NotFound


def why_not_requestable(session: Session, action: TrainingAction, subject: Subject) -> str | None:
    """The sentence that tells why retroactive attendance cannot be asked for now; None when it can."""
    return why_closed(action) or _already_asked(session, action, subject) or _nothing_missing(session, subject)


def why_closed(action: TrainingAction) -> str | None:
    """The sentence for a course whose attendance changes no more; None while it may."""
    if action.status is ActionStatus.LIQUIDATED:
        return "El curso está liquidado: su asistencia ya no cambia. Si cree que es un error, consulte a su Dirección Regional."
    if action.status is ActionStatus.CANCELLED:
        return "El curso está anulado y su asistencia ya no cambia. Revise el código e inténtelo con otro."
    return None


def _already_asked(session: Session, action: TrainingAction, subject: Subject) -> str | None:
    last = latest_about(session, subject)
    if last is None:
        return None
    if last.decision is None:
        day = local_date(last.requested_at, action.time_zone)
        return f"Ya hay una solicitud por esta clase, enviada el {day:%d/%m/%Y}. Espere a que la Dirección Regional resuelva."
    if last.decision.granted:
        day = local_date(last.decision.decided_at, action.time_zone)
        return f"La solicitud por esta clase ya fue aprobada el {day:%d/%m/%Y}. No hace falta pedirla otra vez."
    return None


def _nothing_missing(session: Session, subject: Subject) -> str | None:
    held = session.get_one(ClassHeld, subject.class_held_id)
    result = attendance.compute_one(session, session.get_one(Participant, subject.participant_id))
    breakdown = class_in(result, held)
    if breakdown is None or not breakdown.class_held.held:
        return "La clase todavía no está cerrada. Ciérrela en el libro de clases y vuelva a intentar."
    if missing_in(breakdown) is None:
        return "En esta clase no le falta ninguna marca al participante. Revise la clase y elija otra."
    return None


def class_in(result: AttendanceResult, held: ClassHeld) -> ClassBreakdown | None:
    """What a participant's result says of one class; None if nobody has started it."""
    return next((one for one in result.classes if one.class_held.class_id == held.class_id), None)


def if_approved(session: Session, subject: Subject) -> tuple[AttendanceResult, AttendanceResult]:
    """The participant's attendance as it is, and as it would be if a request for this class were approved."""
    participant = session.get_one(Participant, subject.participant_id)
    held = session.get_one(ClassHeld, subject.class_held_id)
    approved = RetroactiveMark(held.class_id)
    return (
        attendance.compute_one(session, participant),
        attendance.compute_one(session, participant, supposing=[approved]),
    )


def require_requestable(session: Session, *, certificate_id: int, subject: Subject) -> None:
    """Hold the certificate's row, so that two who ask at once take turns. Raises Refusal with `why_not_requestable`."""
    certificate = session.get_one(Certificate, certificate_id, with_for_update=True)
    refused = why_not_requestable(session, certificate.action, subject)
    if refused is not None:
        raise Refusal(refused)


def request(
    session: Session,
    *,
    certificate_id: int,
    subject: Subject,
    reason: str,
    attachments: Sequence[Attachment],
    requested_by_id: int,
) -> RetroactiveRequest:
    """Record the request with its files. Raises Refusal if it cannot be made, or for a wrong reason or too many files."""
    require_requestable(session, certificate_id=certificate_id, subject=subject)
    refused = _wrong_reason(reason) or _wrong_attachments(attachments)
    if refused is not None:
        raise Refusal(refused)

    certificate = session.get_one(Certificate, certificate_id)
    earlier = latest_about(session, subject)
    asked = RetroactiveRequest(
        participant_id=subject.participant_id,
        class_held_id=subject.class_held_id,
        sequence=earlier.sequence + 1 if earlier else 1,
        reason=reason,
        requested_at=datetime.now(UTC),
        requested_by_id=requested_by_id,
        requested_for_id=certificate.action.otec_id,
        attachments=[RetroactiveAttachment(number=n, **one.as_answer()) for n, one in enumerate(attachments, start=1)],
    )
    session.add(asked)
    # The reason may tell of somebody's health: it stays with the request, which fewer people read than the history.
    history.record(
        session, certificate_id, EventKind.RETROACTIVE_REQUESTED, actor_id=requested_by_id, **asdict(subject)
    )
    session.flush()
    return asked


def decide(
    session: Session, *, certificate_id: int, subject: Subject, granted: bool, reason: str, decided_by_id: int
) -> RetroactiveDecision:
    """Grant or deny the open request, once, with a reason; granted, it becomes a mark and the figures are made again.

    Raises Refusal if who decides is who asked, or if no request waits.
    """
    session.get_one(Certificate, certificate_id, with_for_update=True)
    asked = latest_about(session, subject)
    if asked is None or asked.decision is not None:
        raise Refusal("No hay una solicitud por resolver. Vuelva a la bandeja para ver las que siguen.")
    if asked.requested_by_id == decided_by_id:
        raise Refusal(
            "Quien pide asistencia retroactiva no la resuelve. Pida a otra persona de la Dirección Regional que decida."
        )

    decision = RetroactiveDecision(
        request=asked,
        requested_by_id=asked.requested_by_id,
        granted=granted,
        reason=reason,
        decided_at=datetime.now(UTC),
        decided_by_id=decided_by_id,
    )
    session.add(decision)
    kind = EventKind.RETROACTIVE_GRANTED if granted else EventKind.RETROACTIVE_DENIED
    history.record(session, certificate_id, kind, actor_id=decided_by_id, **asdict(subject))
    session.flush()
    if granted:
        _mark(session, asked, decision)
    return decision


def _mark(session: Session, asked: RetroactiveRequest, decision: RetroactiveDecision) -> None:
    session.add(
        AttendanceMark(
            # Nobody can guess it, so no device's record is ever taken for a correction of this mark.
            mark_id=f"retroactive-{secrets.token_hex(16)}",
            participant_id=asked.participant_id,
            class_held_id=asked.class_held_id,
            kind=RecordedKind.RETROACTIVE,
            marked_at=decision.decided_at,
            validation=Validation.VALID,
            decision_id=decision.id,
        )
    )
    action_id = session.scalars(select(ClassHeld.action_id).where(ClassHeld.id == asked.class_held_id)).one()
    attendance.ask_recompute(session, action_id, reason=f"retroactive:{decision.id}")
    session.flush()


def _wrong_reason(reason: str) -> str | None:
    if not reason.strip():
        return "Falta el motivo. Escriba por qué falta la marca."
    if len(reason) > MAX_REASON:
        return f"El motivo tiene {len(reason)} caracteres y el máximo es {MAX_REASON}. Acórtelo y vuelva a enviar."
    return None


def _wrong_attachments(attachments: Sequence[Attachment]) -> str | None:
    if len(attachments) > MAX_ATTACHMENTS:
        return (
            f"Son {len(attachments)} archivos y el máximo es {MAX_ATTACHMENTS}. Quite los que sobran y vuelva a enviar."
        )
    return None
