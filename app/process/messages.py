"""Messages: the facts of a certificate that a diagram may wait for or begin with, by name."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.services.history import MESSAGES as NAMES
from app.services.history import EventKind


@dataclass(frozen=True)
class Message:
    """An entry of the catalogue that analysts choose from: `title` names the fact on pages, `description` says it whole."""

    kind: EventKind
    title: str
    description: str


_FACTS = (
    Message(EventKind.ISSUED, "Certificado emitido", "Se emitió el certificado del curso, por primera vez o de nuevo."),
    Message(EventKind.ANNULMENT_GRANTED, "Certificado anulado", "La Dirección Regional aprobó anular el certificado."),
    Message(EventKind.ANNULMENT_DENIED, "Anulación rechazada", "La Dirección Regional rechazó anular el certificado."),
    Message(EventKind.VOIDED, "Certificado anulado por SENCE", "SENCE anuló el certificado de oficio."),
    Message(
        EventKind.RETROACTIVE_GRANTED,
        "Asistencia retroactiva aprobada",
        "La Dirección Regional aprobó una asistencia retroactiva del curso.",
    ),
    Message(
        EventKind.RETROACTIVE_DENIED,
        "Asistencia retroactiva rechazada",
        "La Dirección Regional rechazó una asistencia retroactiva del curso.",
    ),
)
MESSAGES: Mapping[str, Message] = {NAMES[fact.kind]: fact for fact in _FACTS}
