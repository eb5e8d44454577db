"""What the verification pages say: what a certificate is worth today, and what was found out about a person or a file."""

from dataclasses import dataclass

from flask import current_app, url_for

from app.adapters.signer import Signer
from app.adapters.signer.checking import Seal
from app.domain.document import grouped_code
from app.domain.states import CertificateState
from app.services.verification import FileChecked, PublicCertificate
from app.web.filters import local_date

UNSIGNED = "El PDF no lleva firma electrónica."
SIGNING, NO_PDF = "Firma en proceso: el PDF todavía no está.", "El PDF todavía no está."


@dataclass(frozen=True)
class Standing:
    """`label` and `state` for the tag, the sentence for whoever was given the document."""

    label: str
    state: str
    sentence: str


@dataclass(frozen=True)
class Finding:
    """The answer about a person or a file: whether it is good news, in one line, and what it follows from."""

    is_good: bool
    title: str
    lines: tuple[str, ...]
    link: tuple[str, str] | None = None


def standing(found: PublicCertificate) -> Standing:
    ended = f"Anulado el {local_date(found.ended_at, found.time_zone)}" if found.ended_at else "Anulado"
    voided = CertificateState.VOIDED.value
    if found.replaced_by is not None:
        sentence = f"Ya no es válido. {ended}; lo reemplaza el folio {found.replaced_by}: pida ese documento."
        return Standing(f"Reemplazado por el folio {found.replaced_by}", voided, sentence)
    if not found.is_valid:
        return Standing(ended, voided, "Ya no es válido y todavía no hay otro que lo reemplace. No lo acepte.")
    if found.state is CertificateState.PENDING_VALIDATION:
        sentence = "Es válido. Se pidió anularlo y la Dirección Regional todavía no resuelve: vuelva a comprobarlo antes de pagar."
        return Standing("Vigente, con solicitud de anulación en revisión", found.state.value, sentence)
    return Standing("Vigente", CertificateState.ISSUED.value, "Es válido: fue emitido y no se ha anulado.")


def facts(found: PublicCertificate) -> list[dict[str, str]]:
    rows = (
        ("Folio", found.folio),
        ("Institución", found.institution),
        ("Curso", found.course),
        ("Código Curso", found.course_code),
        ("Fecha Inicio", local_date(found.starts_on)),
        ("Fecha Término", local_date(found.ends_on)),
        ("Emitido el", local_date(found.issued_at, found.time_zone)),
        ("Participantes", str(found.participants)),
        ("Código de verificación", grouped_code(found.code)),
        ("Firma electrónica del PDF", _signed(found)),
        ("Huella del PDF (SHA-256)", found.sha256 or ""),
    )
    return [{"label": label, "value": value} for label, value in rows]


def _signed(found: PublicCertificate) -> str:
    if found.sha256 is not None:
        return found.signed_by or UNSIGNED
    signer: Signer = current_app.extensions["signer"]
    return SIGNING if signer.signs else NO_PDF


def person(shown: int | None) -> Finding:
    """`shown` is the percentage printed for the RUT, None if it is not listed."""
    if shown is None:
        return Finding(
            False,
            "Ese RUT no está en este certificado",
            ("Revise que el RUT y el certificado sean los de la persona.",),
        )
    return Finding(True, "Ese RUT está en este certificado", (f"En él consta con {shown} % de asistencia.",))


def file(checked: FileChecked, code: str | None) -> Finding:
    """What a file is, for who looks at the certificate of `code`, or at none."""
    signature = _signature(checked)
    if checked.code is None:
        return Finding(False, *_not_stored(checked, signature))
    if code is not None and code != checked.code:
        lines = (
            f"Es el PDF original del folio {checked.folio}, no de este. Compruebe el código impreso en él.",
            signature,
        )
        return Finding(False, "El archivo es de otro certificado", lines, _to(checked))
    title = "Es el PDF original de este certificado" if code else f"Es el PDF original del folio {checked.folio}"
    lines = ("Su huella (SHA-256) es la que se guardó al emitirlo: no cambió ni un byte.", signature)
    return Finding(True, title, lines, None if code else _to(checked))


def _not_stored(checked: FileChecked, signature: str) -> tuple[str, tuple[str, ...]]:
    hash_line = "Su huella (SHA-256) no es la de ningún PDF que se haya emitido aquí."
    if checked.seal is Seal.BROKEN:
        return "El archivo fue modificado: no lo acepte", (hash_line, signature)
    if checked.seal is Seal.INTACT and checked.is_ours:
        return "El archivo no es el original", (hash_line, signature, "Pida el PDF original a quien se lo entregó.")
    lines = (hash_line, signature, "Una copia escaneada o vuelta a guardar no sirve: pida el PDF original.")
    return "No es un PDF emitido aquí", lines


def _signature(checked: FileChecked) -> str:
    if checked.seal is Seal.NONE:
        return "No lleva firma electrónica."
    if checked.seal is Seal.BROKEN:
        return "Su firma electrónica no calza con el contenido, o no cubre el archivo entero."
    whose = "es nuestra" if checked.is_ours else "no es nuestra"
    return f"Su firma electrónica está intacta, cubre el archivo entero y {whose}. Firmó: {checked.signer}."


def _to(checked: FileChecked) -> tuple[str, str]:
    address = url_for("verification.certificate", verification_code=checked.code)
    return f"Ver si el folio {checked.folio} está vigente", address
