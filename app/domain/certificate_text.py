"""What a certificate says, in its order and in its words: the same on paper and on its accessible page."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.domain.document import CertificateDocument, Party, grouped_code

MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
AGENCY = "Servicio Nacional de Capacitación y Empleo"
PROGRAMME = "Gestión de Acreditación de Participación · Libro de Clases Electrónico"
LEAD = (
    "Se deja constancia de la asistencia de las personas que se indican a la acción de capacitación "
    "que se identifica a continuación."
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution and the part it takes; without RUT, it takes none. `rut` says that it is one."""

    role: str
    rut: str | None
    name: str


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """One participant as printed: `shown` is what is certified, `exact` the same before truncation."""

    number: str
    rut: str
    name: str
    shown: str
    exact: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """An earlier folio of the chain."""

    folio: str
    issued_on: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateText:
    """Every text of one certificate. Of a draft, what only the issue gives says so, and there is no code and no address."""

    agency: str = AGENCY
    programme: str = PROGRAMME
    title: str
    folio: str
    issued_on: str
    lead: str = LEAD
    course: str
    facts: tuple[Fact, ...]
    institutions: tuple[Institution, ...]
    reference: Fact
    roll_title: str
    participants: tuple[ParticipantRow, ...]
    basis: str
    replaced: tuple[Replaced, ...]
    issuer_name: str
    issuer: tuple[str, ...]
    signature: str
    code: str | None
    verification_url: str | None
    page_url: str | None


def text_of(document: CertificateDocument) -> CertificateText:
    """The document in words. The accessible page's address follows from the one of the verification."""
    issued = document.issued_at and document.issued_at.astimezone(ZoneInfo(document.time_zone))
    issuer = document.issuer
    return CertificateText(
        title=document.title,
        folio=document.folio or "Por asignar",
        issued_on=_long_date(issued) if issued else "Sin emitir",
        course=document.action_name,
        facts=_facts(document),
        institutions=_institutions(document),
        reference=Fact("N° factura / orden de compra", document.document_reference),
        roll_title=f"Participantes ({len(document.participants)})",
        participants=_rows(document),
        basis=(
            f"Porcentajes calculados sobre {document.credited_hours} horas según la política de asistencia "
            f"{document.policy_id}. Se truncan, no se redondean."
        ),
        replaced=tuple(Replaced(one.folio, _short_date(one.issued_on), one.why) for one in document.previous_folios),
        issuer_name=issuer.name,
        issuer=(
            _rut(issuer.rut_screen),
            f"en representación de {issuer.organisation_name}, {_rut(issuer.organisation_rut)}",
        ),
        signature=_signature(issued, document.time_zone),
        code=document.verification_code and grouped_code(document.verification_code),
        verification_url=document.verification_url,
        page_url=document.verification_url and f"{document.verification_url}/documento",
    )


def _facts(document: CertificateDocument) -> tuple[Fact, ...]:
    return (
        Fact("Código curso", document.action_code),
        Fact("Código SENCE", document.sence_code or "No aplica"),
        Fact("Tipo de actividad", document.activity_label),
        Fact("Modalidad", document.modality_label),
        Fact("Horas", document.credited_hours),
        Fact("Fecha de inicio", _short_date(document.starts_on)),
        Fact("Fecha de término", _short_date(document.ends_on)),
        Fact("Comuna", document.commune),
        Fact("Línea de capacitación", document.line_label),
        Fact("Región de ejecución", document.region_name),
    )


def _institutions(document: CertificateDocument) -> tuple[Institution, ...]:
    parties: tuple[tuple[str, Party | None], ...] = (
        ("OTEC", document.otec),
        ("Empresa", document.company),
        ("OTIC", document.otic),
    )
    return tuple(
        Institution(role, _rut(party.rut), party.name) if party else Institution(role, None, "No interviene")
        for role, party in parties
    )


def _rows(document: CertificateDocument) -> tuple[ParticipantRow, ...]:
    return tuple(
        ParticipantRow(str(number), one.rut_screen, one.name, f"{one.shown} %", f"{one.percentage.replace('.', ',')} %")
        for number, one in enumerate(document.participants, start=1)
    )


def _signature(issued: datetime | None, zone: str) -> str:
    """Who accepts an issue after signing in puts a simple electronic signature under it (Ley 19.799)."""
    if issued is None:
        return "Sin firma: la emisión todavía no se acepta."
    # The hour before summer time ends happens twice, and only the offset tells which one.
    moment = f"{_long_date(issued)}, {issued:%H:%M} horas ({zone}, UTC{issued.isoformat()[-6:]})"
    return f"Firma electrónica simple (Ley 19.799), puesta al aceptar la emisión el {moment}."


def _rut(rut: str) -> str:
    # A RUT is not parted from its name at the end of a line.
    return f"RUT\N{NO-BREAK SPACE}{rut}"


def _short_date(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _long_date(day: date) -> str:
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"
