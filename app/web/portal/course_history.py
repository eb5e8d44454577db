"""What has become of a course's certificate: its folios, what changed after the issue, and the time line."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.domain.document import CertificateDocument
from app.domain.permissions import Actor
from app.domain.states import CertificateState
from app.models import HistoryEvent, Issuance, TrainingAction
from app.process import answered
from app.process.answered import Answered
from app.services import history, participants
from app.services.history import EventKind
from app.web.filters import local_date, local_moment
from app.web.inbox.comparison import in_words
from app.web.portal import validity
from app.web.printed import percent_text

CHAIN_HEAD = ({"text": "Folio"}, {"text": "Emitido el"}, {"text": "N° factura / orden de compra"}, {"text": "Vigencia"})
CHANGES_HEAD = (
    {"text": "RUT"},
    {"text": "Nombre"},
    {"text": "En el certificado"},
    {"text": "Ahora"},
    {"text": "Diferencia"},
)


def chain(action: TrainingAction, issued: Sequence[Issuance], state: CertificateState) -> dict[str, Any]:
    """Every folio of the course, newest first, each with what it is worth today."""
    return {"head": CHAIN_HEAD, "rows": [_link(action, issuance, issued, state) for issuance in issued]}


def changes(
    session: Session, action: TrainingAction, issued: Sequence[Issuance], state: CertificateState, actor: Actor
) -> dict[str, Any]:
    """Where today's attendance differs from what the last certificate printed, and what can be done about it."""
    if not issued:
        return {"head": CHANGES_HEAD, "rows": []}
    document = CertificateDocument.from_snapshot(issued[0].snapshot)
    found = participants.differences_since(session, document, action, actor)
    rows = [
        (one.rut_screen, one.name, _figure(one.issued, "no figura"), _figure(one.now, "ya no participa"), in_words(one))
        for one in found
    ]
    return {"head": CHANGES_HEAD, "rows": rows, "folio": str(issued[0].folio), "advice": _advice(state)}


def _advice(state: CertificateState) -> str:
    if state.may_request_annulment:
        return "Si la diferencia importa, el organismo capacitador puede pedir su anulación."
    if state.is_valid_document:
        return "Su anulación ya está pedida y la resuelve la Dirección Regional."
    return "Ya no es válido: si se emite otro, llevará las cifras de ahora."


def events(session: Session, action: TrainingAction, issued: Sequence[Issuance]) -> list[dict[str, Any]]:
    """The time line, newest first, what else was answered in it; nothing has happened to a certificate never issued."""
    if not issued:
        return []
    certificate_id, zone = issued[0].certificate_id, action.time_zone
    lines = [(event.at, told(event, zone)) for event in history.events(session, certificate_id)]
    lines += [(step.at, _answers(step, zone)) for step in reversed(answered.of_certificate(session, certificate_id))]
    return [line for _, line in sorted(lines, key=lambda line: line[0], reverse=True)]


def told(event: HistoryEvent, zone: str) -> dict[str, Any]:
    """One line of the time line."""
    return {
        "at": local_moment(event.at, zone),
        "what": EventKind(event.kind).label,
        "folio": event.data.get("folio", ""),
        "who": event.actor.full_name if event.actor else "Constancia",
        "reason": event.data.get("reason", ""),
        "answers": (),
    }


def _answers(step: Answered, zone: str) -> dict[str, Any]:
    at = local_moment(step.at, zone)
    return {"at": at, "what": step.name, "folio": "", "who": step.who, "reason": "", "answers": step.told}


def _link(
    action: TrainingAction, issuance: Issuance, issued: Sequence[Issuance], state: CertificateState
) -> tuple[str, ...]:
    worth = validity.of_issue(issuance, issued, state)
    address = url_for("portal.certificate", code=action.code, sequence=issuance.sequence)
    folio = Markup('<a class="govuk-link" href="{}">{}</a>').format(address, issuance.folio)
    return (folio, local_date(issuance.issued_at, action.time_zone), issuance.document_reference, worth.sentence)


def _figure(percentage: str | None, absent: str) -> str:
    return absent if percentage is None else percent_text(percentage)
