"""A certificate's document as the pages show it: the same words as on paper, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.attendance_policy import AttendancePolicy
from app.domain.document import CertificateDocument, ParticipantLine
from app.domain.explanations import duration_text
from app.domain.terms import Line
from app.services.attendance import ParticipantAttendance
from app.web.filters import local_date

Fact = Mapping[str, str]
NO_PROVISIONAL: Mapping[str, str] = {}


@dataclass(frozen=True)
class PrintedLine:
    """One participant: the figure as printed, and what a reviewer should look at, each in words."""

    rut: str
    name: str
    percentage: str
    remarks: tuple[str, ...]
    below_threshold: bool
    is_provisional: bool


def percent_text(percentage: str) -> str:
    """`74.99` as people write it: `74,99 %`."""
    return f"{percentage.replace('.', ',')} %"


def share_text(percent: Fraction) -> str:
    """A threshold as people write it: `75 %`, `62,5 %`."""
    return f"{float(percent):g} %".replace(".", ",")


def course_facts(document: CertificateDocument) -> list[Fact]:
    """What is printed about the course and its institutions."""
    parties = (("OTEC", document.otec), ("Empresa", document.company), ("OTIC", document.otic))
    return [
        _fact("Tipo de actividad", document.activity_label),
        _fact("Código Curso", document.action_code),
        _fact("Curso", document.action_name),
        _fact("Código SENCE", document.sence_code),
        _fact("Programa", document.line_label),
        _fact("Modalidad del Curso", document.modality_label),
        _fact("Hora(s) Acreditadas", f"{document.credited_hours} Hrs"),
        _fact("Fecha Inicio", local_date(document.starts_on)),
        _fact("Fecha Término", local_date(document.ends_on)),
        _fact("Región y comuna", f"{document.region_name}, {document.commune}"),
        *(_fact(label, f"{party.name}, {_rut(party.rut)}" if party else "") for label, party in parties),
    ]


def issue_facts(document: CertificateDocument) -> list[Fact]:
    """What is printed about the issue: reference, issuer, policy, and the folios it replaces."""
    issuer = document.issuer
    replaced = "; ".join(
        f"{previous.folio} del {local_date(previous.issued_on)} ({previous.why.lower()})"
        for previous in document.previous_folios
    )
    return [
        _fact("N° factura / orden de compra", document.document_reference),
        _fact("Emisor", f"{issuer.name}, {_rut(issuer.rut_screen)}"),
        _fact("En representación de", f"{issuer.organisation_name}, {_rut(issuer.organisation_rut)}"),
        _fact("Política de asistencia", document.policy_id),
        *([_fact("Reemplaza al folio", replaced)] if replaced else []),
    ]


def lines(
    document: CertificateDocument, policy: AttendancePolicy, provisional: Mapping[str, str] = NO_PROVISIONAL
) -> list[PrintedLine]:
    """The participants with their remarks; `policy` is the document's, `provisional` adds a remark by RUT."""
    line = next(line for line in Line if line.label == document.line_label)
    threshold = policy.demanded_of(line)
    return [_line(one, threshold, provisional.get(one.rut_screen)) for one in document.participants]


def provisional_remarks(computed: Sequence[ParticipantAttendance]) -> dict[str, str]:
    """By RUT, what fingerprints not yet validated would add to the figure."""
    return {
        entry.person.rut.screen: _provisional(entry.result.provisional_seconds - entry.result.credited_seconds)
        for entry in computed
        if entry.result.provisional_seconds > entry.result.credited_seconds
    }


def _provisional(seconds: int) -> str:
    return f"{duration_text(seconds)} con huella por validar: no se cuentan en el certificado"


def _line(line: ParticipantLine, threshold: Fraction | None, provisional: str | None) -> PrintedLine:
    below = threshold is not None and Fraction(line.percentage) < threshold * 100
    remarks = [
        *([f"bajo el {share_text(threshold * 100)}"] if below and threshold is not None else []),
        *line.flags,
        *([provisional] if provisional else []),
    ]
    return PrintedLine(
        line.rut_screen, line.name, percent_text(line.percentage), tuple(remarks), below, bool(provisional)
    )


def _rut(rut: str) -> str:
    # A RUT is not parted from its name at the end of a line.
    return f"RUT\N{NO-BREAK SPACE}{rut}"


def _fact(label: str, value: str) -> Fact:
    return {"label": label, "value": value}
