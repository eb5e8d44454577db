"""Which marks a participant lacks in a class: what an approved request for retroactive attendance would make good."""

from app.domain.attendance import ClassBreakdown
from app.domain.attendance_pairing import in_place_of_the_missing
from app.domain.attendance_records import MarkKind, Validation
from app.domain.faces import Face


class Missing(Face):
    ENTRY = "entry", "Falta la marca de entrada"
    EXIT = "exit", "Falta la marca de salida"
    BOTH = "both", "Faltan las dos marcas"


def missing_in(breakdown: ClassBreakdown) -> Missing | None:
    """None where nothing is missing, or while the class is open: nobody knows yet when it will have ended.

    A rejected fingerprint is missing, one that waits for its validation is not.
    """
    blocks = breakdown.blocks
    if not breakdown.class_held.held:
        return None
    marks = [mark for mark in breakdown.marks if mark.validation is not Validation.REJECTED]
    found = in_place_of_the_missing(
        marks,
        class_id=breakdown.class_held.class_id,
        start=blocks[0].started_at,
        end=max(block.ended_at for block in blocks),
    )
    kinds = {mark.kind for mark in found}
    if len(kinds) == 2:
        return Missing.BOTH
    if not kinds:
        return None
    return Missing.ENTRY if MarkKind.IN in kinds else Missing.EXIT
