"""What a diagram may name: forms with the answers they give, and the functions of a deadline. Operations are in `operations.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.process.expression_types import BOOL, DAY, FILES, TEXT, Signature, Type, within


@dataclass(frozen=True)
class FormSpec:
    """What a form asks, each answer with its type.

    What it `decides` goes into the case's data and may be read by gateways; what else it `asks` stays with the task.
    `outcomes` puts a decision in words: for each value of the one decision, what the person did.
    """

    name: str
    asks: Mapping[str, Type] = field(default_factory=dict)
    decides: Mapping[str, Type] = field(default_factory=dict)
    outcomes: Mapping[bool, str] = field(default_factory=dict)

    @property
    def answers(self) -> frozenset[str]:
        return frozenset(self.asks)

    @property
    def decisions(self) -> frozenset[str]:
        return frozenset(self.decides)


FORMS: Mapping[str, FormSpec] = {
    form.name: form
    for form in (
        FormSpec("document_reference", asks={"document_reference": TEXT}),
        FormSpec(
            "accept_issuance",
            asks={"content_sha256": TEXT, "authenticated_by": TEXT},
            decides={"accepted": BOOL},
            outcomes={True: "aceptó emitir el certificado", False: "volvió a corregir antes de emitir"},
        ),
        FormSpec("annulment_request", asks={"reason": TEXT}),
        FormSpec(
            "annulment_decision",
            asks={"reason": TEXT},
            decides={"granted": BOOL},
            outcomes={True: "aprobó la anulación", False: "rechazó la anulación"},
        ),
        FormSpec("retroactive_request", asks={"reason": TEXT, "attachments": FILES}),
        FormSpec(
            "retroactive_decision",
            asks={"reason": TEXT},
            decides={"granted": BOOL},
            outcomes={True: "aprobó la asistencia retroactiva", False: "rechazó la asistencia retroactiva"},
        ),
    )
}

TERM = Signature(takes=[within(1, 365)], gives=DAY)
DEADLINE_FUNCTIONS: Mapping[str, Signature] = {"plazo_habil": TERM, "plazo_corrido": TERM}
