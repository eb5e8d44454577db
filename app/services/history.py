"""The thread of what happened to a certificate: one row an event, only ever added."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from app.domain.faces import Face
from app.models import HistoryEvent
from app.services import awaited


class EventKind(Face):
    ISSUED = "issued", "Certificado emitido"
    ANNULMENT_REQUESTED = "annulment_requested", "Solicitud de anulación enviada"
    RECONSIDERATION_REQUESTED = "reconsideration_requested", "Reposición solicitada"
    ANNULMENT_GRANTED = "annulment_granted", "Anulación aprobada"
    ANNULMENT_DENIED = "annulment_denied", "Anulación rechazada"
    VOIDED = "voided", "Certificado anulado por SENCE"
    RETROACTIVE_REQUESTED = "retroactive_requested", "Asistencia retroactiva solicitada"
    RETROACTIVE_GRANTED = "retroactive_granted", "Asistencia retroactiva aprobada"
    RETROACTIVE_DENIED = "retroactive_denied", "Asistencia retroactiva rechazada"
    ESCALATED = "escalated", "Sin resolver en el plazo máximo: pasó al nivel central"
    DOCUMENT_STORED = "document_stored", "PDF disponible"


# The facts that diagrams may wait for or begin with, by the name they have there; app/process/messages.py describes them.
MESSAGES: Mapping[EventKind, str] = {
    EventKind.ISSUED: "certificates/issued",
    EventKind.ANNULMENT_GRANTED: "certificates/annulled",
    EventKind.ANNULMENT_DENIED: "annulments/denied",
    EventKind.VOIDED: "certificates/voided",
    EventKind.RETROACTIVE_GRANTED: "retroactive/granted",
    EventKind.RETROACTIVE_DENIED: "retroactive/denied",
}


def record(session: Session, certificate_id: int, kind: EventKind, *, actor_id: int | None, **data: Any) -> None:
    """Add an event, and have the cases told that wait for it. `data` holds ids, folios and reasons; never a RUT."""
    event = HistoryEvent(certificate_id=certificate_id, kind=kind, at=datetime.now(UTC), actor_id=actor_id, data=data)
    session.add(event)
    if kind in MESSAGES:
        session.flush()
        awaited.tell(session, event, MESSAGES[kind])


def events(session: Session, certificate_id: int) -> Sequence[HistoryEvent]:
    """Newest first, with who did each."""
    return session.scalars(_events(), {"certificate_id": certificate_id}).all()


@cache
def _events() -> Select[HistoryEvent]:
    of_one = select(HistoryEvent).where(HistoryEvent.certificate_id == bindparam("certificate_id"))
    return of_one.options(joinedload(HistoryEvent.actor)).order_by(HistoryEvent.id.desc())
