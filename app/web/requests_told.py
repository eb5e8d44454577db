"""A request for annulment and its decision as the pages tell them: plain values, in the hour of the place."""

from dataclasses import dataclass

from app.models import AnnulmentRequest
from app.web.filters import local_moment

GRANTED = "Aprobada: el certificado ya no es válido y se puede emitir otro."
DENIED = "Rechazada: el certificado sigue vigente."


@dataclass(frozen=True)
class ToldRequest:
    """`outcome`, `decided` and `decision_reason` are empty while nobody has decided."""

    title: str
    folio: str
    reason: str
    asked: str
    outcome: str
    decided: str
    decision_reason: str


def told(request: AnnulmentRequest, zone: str) -> ToldRequest:
    decision = request.decision
    return ToldRequest(
        title="Solicitud de anulación" if request.sequence == 1 else "Reposición",
        folio=str(request.issuance.folio),
        reason=request.reason,
        asked=f"{request.requested_by.full_name}, el {local_moment(request.requested_at, zone)}",
        outcome=(GRANTED if decision.granted else DENIED) if decision else "",
        decided=f"{decision.decided_by.full_name}, el {local_moment(decision.decided_at, zone)}" if decision else "",
        decision_reason=decision.reason if decision else "",
    )
