"""What can be done to a certificate, by hand: each function locks the course's row, checks, changes, and notes it down."""

import hashlib
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from app.domain.deadlines import local_date
from app.models import AttendanceResult, Organisation, Participant, Person, TrainingAction
from bench.handwritten.models import (
    ANNULLED,
    DENIED,
    ISSUED,
    PENDING,
    REQUESTED,
    Approval,
    Certificate,
    Counter,
    Event,
    Outbox,
    Request,
)

TO_DECIDE = timedelta(days=14)
ZONE = "America/Santiago"


class Refused(Exception):
    """A sentence for the person: what is so, and what to do."""


def participants(session: Session, action: TrainingAction) -> list[dict[str, str]]:
    """RUT, name and stored percentage of everybody, in order of name."""
    rows = session.execute(
        select(Person, AttendanceResult)
        .join(Participant, Participant.person_id == Person.id)
        .join(AttendanceResult, AttendanceResult.participant_id == Participant.id)
        .where(Participant.action_id == action.id)
        .order_by(Person.sort_name, Person.rut_body)
    )
    return [
        {
            "rut": person.rut.screen,
            "name": person.full_name,
            "percentage": f"{min(10_000, result.credited_seconds * 10_000 // result.required_seconds) / 100:.2f}",
        }
        for person, result in rows
    ]


def draft(session: Session, approval: Approval, person: Person) -> dict[str, Any]:
    """Everything that will be printed, save the folio and the code."""
    action = approval.action
    return {
        "code": action.code,
        "sence_code": action.sence_code,
        "name": action.name,
        "hours": str(action.credited_hours),
        "starts_on": f"{action.starts_on:%d/%m/%Y}",
        "ends_on": f"{action.ends_on:%d/%m/%Y}",
        "otec": _party(action.otec),
        "company": _party(action.company),
        "otic": _party(action.otic),
        "document_reference": approval.document_reference,
        "issuer": {"rut": person.rut.screen, "name": person.full_name},
        "participants": participants(session, action),
    }


def hash_of(snapshot: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(snapshot, sort_keys=True).encode()).hexdigest()


def enter_reference(approval: Approval, reference: str) -> None:
    if approval.status not in (PENDING, ANNULLED):
        raise Refused("Este curso ya tiene un certificado. Revise su estado en el detalle del curso.")
    if not reference or len(reference) > 60:
        raise Refused("Escriba el N° de factura u orden de compra, de 60 caracteres como máximo.")
    approval.document_reference = reference


def issue(session: Session, approval: Approval, *, accepted_sha256: str, person: Person) -> Certificate:
    """Issue what was reviewed: snapshot, code and, last of all, the folio."""
    if approval.status not in (PENDING, ANNULLED):
        raise Refused("Este curso ya tiene un certificado. Revise su estado en el detalle del curso.")
    if approval.action.ends_on >= local_date(datetime.now(UTC), approval.action.time_zone):
        raise Refused("El curso no ha terminado. Vuelva cuando termine.")
    reviewed = draft(session, approval, person)
    if hash_of(reviewed) != accepted_sha256:
        raise Refused("Los datos del curso cambiaron mientras usted revisaba. Revise el certificado otra vez.")

    issued_before = session.scalar(select(func.count()).where(Certificate.action_id == approval.action_id)) or 0
    now, code = datetime.now(UTC), secrets.token_hex(13).upper()
    approval.status = ISSUED
    number, year = _next_folio(session, now)
    snapshot = reviewed | {"folio": f"{number}-{year}", "verification": code, "issued_at": now.isoformat()}
    certificate = Certificate(
        action_id=approval.action_id,
        sequence=issued_before + 1,
        folio_number=number,
        folio_year=year,
        code=code,
        snapshot=snapshot,
        sha256=hash_of(snapshot),
        issued_at=now,
        issued_by_id=person.id,
    )
    session.add(certificate)
    session.flush()
    _note(session, approval, "Certificado emitido", person, folio=certificate.folio)
    _ask(session, f"pdf:{certificate.id}", certificate_id=certificate.id)
    _ask(session, f"mail/issued:{certificate.id}/{person.id}", person_id=person.id, certificate_id=certificate.id)
    return certificate


def request_annulment(session: Session, approval: Approval, *, reason: str, person: Person) -> Request:
    if approval.status != ISSUED:
        raise Refused("Solo se pide anular un certificado emitido. Revise el detalle del curso.")
    if not reason or len(reason) > 500:
        raise Refused("Escriba el motivo, de 500 caracteres como máximo.")

    now = datetime.now(UTC)
    approval.status = REQUESTED
    asked = Request(
        certificate_id=latest(session, approval).id,
        region=approval.action.region,
        reason=reason,
        requested_at=now,
        requested_by_id=person.id,
        due_at=now + TO_DECIDE,
    )
    session.add(asked)
    session.flush()
    _note(session, approval, "Solicitud de anulación enviada", person, reason=reason)
    _ask(session, f"mail/request:{asked.id}", request_id=asked.id)
    return asked


def decide(session: Session, approval: Approval, asked: Request, *, granted: bool, reason: str, person: Person) -> None:
    if asked.decided_by is not None:
        raise Refused(f"{asked.decided_by.full_name} ya resolvió esta solicitud. No se registró nada más.")
    if asked.requested_by_id == person.id:
        raise Refused("Quien pide una anulación no la resuelve. Pida a otra persona que decida.")
    if not reason or len(reason) > 2000:
        raise Refused("Escriba las razones, de 2.000 caracteres como máximo.")

    approval.status = ANNULLED if granted else DENIED
    asked.granted, asked.decision_reason = granted, reason
    asked.decided_at, asked.decided_by_id = datetime.now(UTC), person.id
    _note(session, approval, "Anulación aprobada" if granted else "Anulación rechazada", person, reason=reason)
    _ask(session, f"mail/decision:{asked.id}/{asked.requested_by_id}", request_id=asked.id)


def latest(session: Session, approval: Approval) -> Certificate:
    return session.scalars(
        select(Certificate)
        .where(Certificate.action_id == approval.action_id)
        .options(joinedload(Certificate.issued_by))
        .order_by(Certificate.sequence.desc())
        .limit(1)
    ).one()


def _next_folio(session: Session, now: datetime) -> tuple[int, int]:
    """Without gaps: who issues next waits for this transaction."""
    year = local_date(now, ZONE).year
    counted = insert(Counter).values(year=year, last_number=1)
    set_ = {"last_number": Counter.last_number + 1}
    number = session.scalar(
        counted.on_conflict_do_update(index_elements=[Counter.year], set_=set_).returning(Counter.last_number)
    )
    assert number is not None
    return number, year


def _note(session: Session, approval: Approval, what: str, person: Person, **data: Any) -> None:
    event = Event(action_id=approval.action_id, what=what, at=datetime.now(UTC), person_id=person.id, data=data)
    session.add(event)


def _ask(session: Session, identity: str, **payload: Any) -> None:
    session.execute(
        insert(Outbox)
        .values(identity=identity, payload=payload, asked_at=datetime.now(UTC))
        .on_conflict_do_nothing(index_elements=[Outbox.identity])
    )


def _party(organisation: Organisation | None) -> dict[str, str] | None:
    return {"rut": organisation.rut.screen, "name": organisation.name} if organisation else None
