"""Requests of either kind, annulment or retroactive attendance, as the letters about them see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.offices import Office
from app.models import (
    AnnulmentDecision,
    AnnulmentRequest,
    Certificate,
    HumanTask,
    ProcessInstance,
    RetroactiveDecision,
    RetroactiveRequest,
    TaskStatus,
    TrainingAction,
)
from app.services.annulments import MAX_REQUESTS
from app.services.retroactive_found import Subject


@dataclass(frozen=True)
class Asked:
    """A request: `what` is its name, `asks_for` finishes the sentence "pidió …", `path` is its page."""

    action: TrainingAction
    requested_by_id: int
    decision: AnnulmentDecision | RetroactiveDecision | None
    process_id: str
    subject: str
    what: str
    asks_for: str
    path: str
    folio: str | None = None
    may_ask_again: bool = True

    @property
    def is_about_certificate(self) -> bool:
        return self.folio is not None


def find(session: Session, about: Mapping[str, int | str]) -> Asked:
    """The request of `about["annulment_request_id"]` or of `about["retroactive_request_id"]`."""
    if "annulment_request_id" in about:
        return _annulment(session.get_one(AnnulmentRequest, about["annulment_request_id"]))
    return _retroactive(session.get_one(RetroactiveRequest, about["retroactive_request_id"]))


def open_task(session: Session, asked: Asked) -> HumanTask | None:
    """The regional direction's task that waits because of the request; None once it is decided."""
    return session.scalar(
        select(HumanTask)
        .join(HumanTask.instance)
        .join(ProcessInstance.certificate)
        .where(
            Certificate.action_id == asked.action.id,
            ProcessInstance.process_id == asked.process_id,
            ProcessInstance.subject == asked.subject,
            HumanTask.office == Office.REGIONAL_DIRECTION,
            HumanTask.status == TaskStatus.OPEN,
        )
    )


def _annulment(request: AnnulmentRequest) -> Asked:
    action = request.issuance.certificate.action
    folio = str(request.issuance.folio)
    is_first = request.sequence == 1
    return Asked(
        action=action,
        requested_by_id=request.requested_by_id,
        decision=request.decision,
        process_id="annulment",
        subject="",
        what="anulación" if is_first else "reposición",
        asks_for=f"anular el certificado con folio {folio}"
        if is_first
        else f"reponer el rechazo de la anulación del folio {folio}",
        path=f"/acciones/{quote(action.code, safe='')}/solicitudes",
        folio=folio,
        may_ask_again=request.sequence < MAX_REQUESTS,
    )


def _retroactive(request: RetroactiveRequest) -> Asked:
    action = request.participant.action
    return Asked(
        action=action,
        requested_by_id=request.requested_by_id,
        decision=request.decision,
        process_id="retroactive_attendance",
        subject=str(Subject(request.participant_id, request.class_held_id)),
        what="asistencia retroactiva",
        asks_for="asistencia retroactiva para un participante de este curso",
        path=f"/acciones/{quote(action.code, safe='')}/asistencia-retroactiva/{request.id}",
    )
