"""The certificate as issued beside the attendance as of now, person by person, with each difference in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.document import CertificateDocument
from app.services.attendance import ParticipantAttendance, differences
from app.services.changes import Difference
from app.web.printed import percent_text

SAME = "Sin cambios"


@dataclass(frozen=True)
class ComparedLine:
    """A figure that is missing on one side is told as such, never as zero."""

    rut: str
    name: str
    issued: str
    now: str
    difference: str

    @property
    def changed(self) -> bool:
        return self.difference != SAME


def compared(document: CertificateDocument, computed: Sequence[ParticipantAttendance]) -> list[ComparedLine]:
    """All participants of either side; those that differ come first."""
    different = differences(document, computed)
    ruts = {difference.rut_screen for difference in different}
    same = [
        ComparedLine(line.rut_screen, line.name, percent_text(line.percentage), percent_text(line.percentage), SAME)
        for line in document.participants
        if line.rut_screen not in ruts
    ]
    return [*(compared_line(difference) for difference in different), *same]


def compared_line(difference: Difference) -> ComparedLine:
    """One participant whose figure differs."""
    return ComparedLine(
        rut=difference.rut_screen,
        name=difference.name,
        issued=percent_text(difference.issued) if difference.issued else "No figura",
        now=percent_text(difference.now) if difference.now else "No figura",
        difference=in_words(difference),
    )


def in_words(difference: Difference) -> str:
    """The change of one participant's percentage."""
    if difference.issued is None:
        return "Se agregó después de la emisión"
    if difference.now is None:
        return "Ya no está en el curso"
    change = Decimal(difference.now) - Decimal(difference.issued)
    verb = "Sube" if change > 0 else "Baja"
    return f"{verb} {abs(change)}".replace(".", ",") + " puntos"
