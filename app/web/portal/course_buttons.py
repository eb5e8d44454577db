"""What the person can do with a course now: the seed's buttons, or the sentence that tells why one is not there."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import url_for
from sqlalchemy.orm import Session

from app.domain.permissions import Action, Actor, Profile
from app.domain.states import CertificateState
from app.models import Issuance, TrainingAction
from app.process import issuance_case
from app.services import annulments, certificates, hours


@dataclass(frozen=True)
class Button:
    text: str
    url: str
    is_main: bool = False


@dataclass
class Offered:
    buttons: list[Button] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


def offered(
    session: Session, action: TrainingAction, state: CertificateState, issued: Sequence[Issuance], actor: Actor
) -> Offered:
    """In the order of what one most likely came for; no button that leads to a refusal."""
    found = Offered()
    if state.may_issue and actor.may(Action.ISSUE):
        issue = Button("Generar Certificado", url_for("portal.issue", code=action.code), is_main=True)
        why_not = certificates.why_not_offered(session, action) or issuance_case.why_nobody_is_asked(session, action)
        _add(found, issue, unless=why_not)
    if issued and actor.profile is not Profile.PARTICIPANT:
        found.buttons.append(_view(action, issued[0], is_main=state.is_valid_document))
    if state.may_request_annulment and actor.may(Action.REQUEST_ANNULMENT):
        request = Button("Solicitud de anulación certificado", url_for("portal.request_annulment", code=action.code))
        _add(found, request, unless=annulments.why_not_requestable(session, action, state))
    if issued and actor.profile is not Profile.PARTICIPANT and annulments.requests_of(session, action.id):
        found.buttons.append(Button("Ver la solicitud", url_for("portal.annulment_request", code=action.code)))
    if actor.may(Action.CORRECT_HOURS) and hours.why_not_correctable(action) is None:
        found.buttons.append(Button(hours.PAGE, url_for("portal.partial_hours", code=action.code)))
    download = url_for("portal.attendance_workbook", code=action.code)
    found.buttons.append(Button("Descargar Asistencia Total", download))
    return found


def _view(action: TrainingAction, latest: Issuance, *, is_main: bool) -> Button:
    """*Ver*: the PDF, or while it is being made the page that waits for it."""
    endpoint = "portal.certificate_pdf" if latest.document else "portal.certificate"
    return Button("Ver", url_for(endpoint, code=action.code, sequence=latest.sequence), is_main)


def _add(found: Offered, button: Button, *, unless: str | None) -> None:
    if unless is None:
        found.buttons.append(button)
    else:
        found.sentences.append(unless)
