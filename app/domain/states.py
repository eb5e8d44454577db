"""The certificate's states (domain handbook §5) and the one rule table that derives them from facts.

The table is read top-down over the latest issuance: the first row whose facts match names the state. Python and
the SQL CASE of `app.models.certificates` are both built from it, so they cannot drift apart.
"""

from dataclasses import dataclass

from app.domain.faces import Face


class CertificateState(Face):
    PENDING_ISSUANCE = "pending_issuance", "Certificado Pendiente de emitir"
    ISSUED = "issued", "Certificado Emitido"
    PENDING_VALIDATION = "pending_validation", "Certificado pendiente de validación"
    APPROVED_FOR_REISSUE = "approved_for_reissue", "Certificado aprobado para su Re-emisión"
    REJECTED = "rejected", "Certificado Rechazado"
    VOIDED = "voided", "Certificado Anulado"

    @property
    def may_issue(self) -> bool:
        return self in (self.PENDING_ISSUANCE, self.APPROVED_FOR_REISSUE, self.VOIDED)

    @property
    def may_request_annulment(self) -> bool:
        """True for a first request; after a rejection it is a reconsideration, within its term."""
        return self in (self.ISSUED, self.REJECTED)

    @property
    def is_valid_document(self) -> bool:
        """Whether the document last issued may still be presented."""
        return self in (self.ISSUED, self.PENDING_VALIDATION, self.REJECTED)


@dataclass(frozen=True)
class LatestIssuance:
    """The facts about the latest issuance of a certificate; all False when there is none."""

    exists: bool = False
    voided: bool = False
    has_open_request: bool = False
    last_request_granted: bool = False
    last_request_denied: bool = False


@dataclass(frozen=True)
class Rule:
    """`state` holds when the named fact has the given value and no earlier rule matched."""

    fact: str
    value: bool
    state: CertificateState


RULES: tuple[Rule, ...] = (
    Rule("exists", False, CertificateState.PENDING_ISSUANCE),
    Rule("voided", True, CertificateState.VOIDED),
    Rule("has_open_request", True, CertificateState.PENDING_VALIDATION),
    Rule("last_request_granted", True, CertificateState.APPROVED_FOR_REISSUE),
    Rule("last_request_denied", True, CertificateState.REJECTED),
    Rule("exists", True, CertificateState.ISSUED),
)


def derive(facts: LatestIssuance) -> CertificateState:
    """The state that the first matching rule names."""
    return next(rule.state for rule in RULES if getattr(facts, rule.fact) is rule.value)
