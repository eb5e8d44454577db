"""What anybody who holds a certificate's code may know of it, and whether a person or a file belongs to it; changes nothing."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from app.adapters.signer.checking import Seal, check
from app.domain.folio import Folio
from app.domain.rut import Rut
from app.domain.states import CertificateState, LatestIssuance, derive
from app.models import AnnulmentDecision, AnnulmentRequest, Document, Issuance, IssuanceVoid, SigningCertificate
from app.services import signatures


@dataclass(frozen=True)
class PublicCertificate:
    """No name of a person and no RUT. `ended_at` is when it stopped being valid, `replaced_by` the folio issued after it."""

    code: str
    folio: str
    state: CertificateState
    ended_at: datetime | None
    replaced_by: str | None
    issued_at: datetime
    time_zone: str
    institution: str
    course: str
    course_code: str
    starts_on: date
    ends_on: date
    participants: int
    sha256: str | None
    signed_by: str | None

    @property
    def is_valid(self) -> bool:
        return self.state.is_valid_document and self.replaced_by is None


@dataclass(frozen=True)
class FileChecked:
    """What is known of a file. `folio` and `code` are those of the certificate whose stored PDF it is, to the byte.

    `signer` is who signed it, where the signature is intact; `is_ours` whether we sign with that certificate or ever did.
    """

    folio: str | None
    code: str | None
    seal: Seal
    signer: str
    is_ours: bool


def look_up(session: Session, code: str) -> PublicCertificate | None:
    """The issue of a code. One statement, whether there is such a code or not."""
    row = session.execute(_everything().where(Issuance.verification_code == code)).one_or_none()
    if row is None:
        return None
    facts = LatestIssuance(
        exists=True,
        voided=row.voided_at is not None,
        has_open_request=row.requested_at is not None and row.granted is None,
        last_request_granted=row.granted is True,
        last_request_denied=row.granted is False,
    )
    return PublicCertificate(
        code=code,
        folio=str(Folio(row.folio_number, row.folio_year)),
        state=derive(facts),
        ended_at=row.voided_at or (row.decided_at if row.granted else None),
        replaced_by=None if row.next_number is None else str(Folio(row.next_number, row.next_year)),
        issued_at=row.issued_at,
        time_zone=row.time_zone,
        institution=row.institution,
        course=row.course,
        course_code=row.course_code,
        starts_on=date.fromisoformat(row.starts_on),
        ends_on=date.fromisoformat(row.ends_on),
        participants=row.participants,
        sha256=row.sha256,
        signed_by=row.subject,
    )


def attendance_of(session: Session, code: str, rut: Rut) -> int | None:
    """The percentage that the certificate of the code prints for one person; None if it does not list them."""
    line = (
        func.jsonb_array_elements(Issuance.snapshot["participants"]).table_valued("value", name="line").render_derived()
    )
    person = line.c.value.op("->>")("rut_screen") == rut.screen
    shown = select(line.c.value.op("->>")("shown")).select_from(Issuance).join(line, person)
    found = session.scalar(shown.where(Issuance.verification_code == code))
    return None if found is None else int(found)


def check_file(session: Session, content: bytes) -> FileChecked:
    """Of which certificate these bytes are the stored PDF, and what their signature says."""
    stored = session.execute(
        select(Issuance.folio_number, Issuance.folio_year, Issuance.verification_code)
        .join(Document, Document.issuance_id == Issuance.id)
        .where(Document.sha256 == hashlib.sha256(content).hexdigest())
    ).one_or_none()
    checked = check(content)
    known = signatures.ours(session, checked.certificate) if checked.certificate else None
    return FileChecked(
        folio=str(Folio(stored.folio_number, stored.folio_year)) if stored else None,
        code=stored.verification_code if stored else None,
        seal=checked.seal,
        signer=signatures.subject_of(checked.certificate) if checked.certificate else "",
        is_ours=known is not None,
    )


def _everything() -> Select[*tuple[Any, ...]]:
    """All that may be told, of one row, with its last request and what came after it."""
    later = aliased(Issuance)
    requests = select(func.max(AnnulmentRequest.id)).where(AnnulmentRequest.issuance_id == Issuance.id)
    last = requests.correlate(Issuance).scalar_subquery()
    return (
        select(
            *(Issuance.folio_number, Issuance.folio_year, Issuance.issued_at),
            *(IssuanceVoid.voided_at, AnnulmentRequest.requested_at),
            *(AnnulmentDecision.granted, AnnulmentDecision.decided_at),
            *(Document.sha256, SigningCertificate.subject),
            *(later.folio_number.label("next_number"), later.folio_year.label("next_year")),
            *(_printed(name).label(name) for name in ("time_zone", "starts_on", "ends_on")),
            *(_printed("action_name").label("course"), _printed("action_code").label("course_code")),
            Issuance.snapshot["otec"]["name"].astext.label("institution"),
            func.jsonb_array_length(Issuance.snapshot["participants"]).label("participants"),
        )
        .outerjoin(IssuanceVoid, IssuanceVoid.issuance_id == Issuance.id)
        .outerjoin(AnnulmentRequest, AnnulmentRequest.id == last)
        .outerjoin(AnnulmentDecision, AnnulmentDecision.request_id == AnnulmentRequest.id)
        .outerjoin(Document, Document.issuance_id == Issuance.id)
        .outerjoin(SigningCertificate, SigningCertificate.fingerprint == Document.signed_with)
        .outerjoin(
            later,
            and_(later.certificate_id == Issuance.certificate_id, later.sequence == Issuance.sequence + 1),
        )
    )


def _printed(name: str) -> ColumnElement[str]:
    text: ColumnElement[str] = Issuance.snapshot[name].astext
    return text
