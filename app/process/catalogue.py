"""What a diagram may name: forms with the answers they give, and the functions of a deadline. Operations are in `operations.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class FormSpec:
    """What a form asks. `decisions` go into the case's data and may be read by gateways; the other answers stay with the task.

    `outcomes` puts a decision in words: for each value of the one decision, what the person did.
    """

    name: str
    answers: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()
    outcomes: Mapping[bool, str] = field(default_factory=dict)


FORMS: Mapping[str, FormSpec] = {
    form.name: form
    for form in (
        FormSpec("document_reference", answers=frozenset({"document_reference"})),
        FormSpec(
            "accept_issuance",
            answers=frozenset({"content_sha256", "authenticated_by"}),
            decisions=frozenset({"accepted"}),
            outcomes={True: "aceptó emitir el certificado", False: "volvió a corregir antes de emitir"},
        ),
        FormSpec("annulment_request", answers=frozenset({"reason"})),
        FormSpec(
            "annulment_decision",
            answers=frozenset({"reason"}),
            decisions=frozenset({"granted"}),
            outcomes={True: "aprobó la anulación", False: "rechazó la anulación"},
        ),
        FormSpec("retroactive_request", answers=frozenset({"reason", "attachments"})),
        FormSpec(
            "retroactive_decision",
            answers=frozenset({"reason"}),
            decisions=frozenset({"granted"}),
            outcomes={True: "aprobó la asistencia retroactiva", False: "rechazó la asistencia retroactiva"},
        ),
    )
}

DEADLINE_FUNCTIONS = frozenset({"plazo_habil", "plazo_corrido"})
