"""Puts together what a certificate prints from the rows of the course; no row of the database leaves in it."""

from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy.orm import Session

from app.domain.deadlines import local_date
from app.domain.document import CertificateDocument, Issuer, ParticipantLine, Party, PreviousFolio
from app.domain.permissions import Actor
from app.domain.regions import Region
from app.models import Issuance, Organisation, Person, TrainingAction
from app.services.attendance import ParticipantAttendance, hours_of

TITLE = "Certificado de asistencia"
ANNULLED = "Anulado a solicitud del organismo capacitador"
VOIDED = "Anulado por rectificación de SENCE"


def draft_of(
    session: Session,
    action: TrainingAction,
    computed: Sequence[ParticipantAttendance],
    *,
    document_reference: str,
    previous: Sequence[Issuance],
    policy_id: str,
    actor: Actor,
) -> CertificateDocument:
    """The document of domain handbook §5 without what only the issue gives. `previous` is newest first."""
    issuer = session.get_one(Person, actor.person_id)
    return CertificateDocument(
        title=TITLE,
        previous_folios=tuple(_previous(issuance, action.time_zone) for issuance in reversed(previous)),
        time_zone=action.time_zone,
        activity_label=action.activity.label,
        line_label=action.line.label,
        action_code=action.code,
        action_name=action.name,
        sence_code=action.sence_code,
        modality_label=action.modality.label,
        region_name=Region(action.region).label,
        commune=action.commune,
        credited_hours=hours_text(hours_of(action)),
        starts_on=action.starts_on,
        ends_on=action.ends_on,
        otec=_party(action.otec),
        company=_party(action.company) if action.company else None,
        otic=_party(action.otic) if action.otic else None,
        document_reference=document_reference,
        participants=tuple(_line(attendance) for attendance in computed),
        issuer=Issuer(issuer.full_name, issuer.rut.screen, action.otec.name, action.otec.rut.screen),
        policy_id=policy_id,
    )


def hours_text(hours: Fraction) -> str:
    """Hours as people write them: `60`, `7,5`."""
    text = f"{float(hours):.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",")


def _previous(issuance: Issuance, zone: str) -> PreviousFolio:
    why = VOIDED if issuance.void else ANNULLED
    return PreviousFolio(str(issuance.folio), local_date(issuance.issued_at, zone), why)


def _party(organisation: Organisation) -> Party:
    return Party(organisation.rut.screen, organisation.name)


def _line(attendance: ParticipantAttendance) -> ParticipantLine:
    result = attendance.result
    return ParticipantLine(
        rut_screen=attendance.person.rut.screen,
        name=attendance.person.full_name,
        percentage=f"{result.percentage}",
        shown=result.shown,
        flags=tuple(flag.label for flag in result.flags),
    )
