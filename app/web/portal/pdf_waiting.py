"""What a page says in place of a PDF that is not there yet, and who signed the one that is."""

from dataclasses import dataclass

from flask import current_app, url_for
from sqlalchemy.orm import Session

from app.adapters.signer import Signer
from app.domain.document import grouped_code
from app.models import Issuance
from app.services import documents
from app.services.documents import Stage

PREPARING = "Estamos preparando el PDF. El certificado ya está emitido; esta página se actualiza sola."
SIGNING = (
    "El certificado ya está emitido y es válido. Su PDF aparecerá aquí cuando quede firmado. "
    "Mientras tanto, use la página accesible."
)
LATE = (
    "El certificado ya está emitido y es válido. Su PDF tarda más de lo normal; lo seguimos intentando. "
    "Mientras tanto, use la página accesible."
)
UNSIGNED = "Sin firma electrónica en el archivo: aquí no hay una llave para firmar."


@dataclass(frozen=True)
class Waiting:
    """`title` only for one that is late; `progress_url` is asked until there is something new."""

    title: str
    sentence: str
    is_late: bool
    progress_url: str
    page_url: str


def told(session: Session, issuance: Issuance, code: str) -> Waiting | None:
    """None for a PDF that is there."""
    stage = documents.stage_of(session, issuance.id)
    if stage is Stage.READY:
        return None
    is_late = stage is Stage.LATE
    title, sentence = _late() if is_late else ("", PREPARING)
    return Waiting(
        title,
        sentence,
        is_late,
        # Who shows already that it is late is told only that it is there.
        url_for(
            "portal.certificate_progress", code=code, sequence=issuance.sequence, tardanza="1" if is_late else None
        ),
        url_for("portal.accessible_certificate", verification_code=grouped_code(issuance.verification_code)),
    )


def signed_by(session: Session, issuance: Issuance) -> str:
    """Who signed the stored PDF; empty while there is none."""
    document = documents.stored(session, issuance.id)
    if document is None:
        return ""
    return document.certificate.subject if document.certificate else UNSIGNED


def _late() -> tuple[str, str]:
    signer: Signer = current_app.extensions["signer"]
    return ("Firma en proceso", SIGNING) if signer.signs else ("El PDF está demorado", LATE)
