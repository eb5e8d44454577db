"""What one issued document is worth today, in a sentence for whoever holds it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.states import CertificateState
from app.models import Issuance

SENTENCES = {
    CertificateState.ISSUED: "Este certificado está vigente.",
    CertificateState.PENDING_VALIDATION: "Sigue vigente mientras la Dirección Regional resuelve la solicitud de anulación.",
    CertificateState.REJECTED: "Sigue vigente: la Dirección Regional rechazó la solicitud de anulación.",
    CertificateState.APPROVED_FOR_REISSUE: "Ya no es válido: la Dirección Regional aprobó su anulación. No lo presente.",
    CertificateState.VOIDED: "Ya no es válido: SENCE lo anuló por rectificación del curso. No lo presente.",
}


@dataclass(frozen=True)
class Validity:
    """`label` and `code` for the state tag; the sentence says whether the document may be presented."""

    label: str
    code: str
    sentence: str
    is_valid: bool


def of_issue(issuance: Issuance, newest_first: Sequence[Issuance], state: CertificateState) -> Validity:
    """`state` is the certificate's, which is about its latest issue; an earlier one was replaced by the next."""
    if issuance.id == newest_first[0].id:
        return Validity(state.label, state.value, SENTENCES[state], state.is_valid_document)
    following = next(later for later in newest_first if later.sequence == issuance.sequence + 1)
    sentence = f"Ya no es válido: lo reemplazó el folio {following.folio}. No lo presente."
    return Validity("Certificado reemplazado", CertificateState.VOIDED.value, sentence, is_valid=False)
