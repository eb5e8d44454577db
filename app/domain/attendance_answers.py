"""The questions an attendance policy answers, and every answer the handbook's table lists for them."""

from app.domain.faces import Face


class LateEntry(Face):
    """What an entry after the grace is worth."""

    FROM_THE_MARK = "from_the_mark", "Se cuenta desde la marca"
    REDUCED_BY_THE_GRACE = "reduced_by_the_grace", "El atraso se reduce en la gracia"
    NO_CREDIT = "no_credit", "La clase no se cuenta"


class OutsideClass(Face):
    """What happens to time marked before the class starts or after it ends."""

    CLIPPED = "clipped", "Se recorta al tiempo de clase"


class UnpairedMark(Face):
    """What an entry without exit, or an exit without entry, is worth: nothing, until an approved request makes it good."""

    TO_CLASS_END_ONCE_APPROVED = "to_class_end_once_approved", "0 minutos, salvo solicitud aprobada"
    NO_CREDIT = "no_credit", "0 minutos, aunque se apruebe una solicitud"


class GracePer(Face):
    """How often the grace is given: for the first entry of each class, or of each day."""

    CLASS = "class", "Por clase iniciada"
    DAY = "day", "Por día"


class SharedClass(Face):
    """How the facilitators of one class combine: one class from the earliest start, or a block each with its own start."""

    UNION = "union", "Unión de sus tiempos, desde el primer inicio"
    PER_FACILITATOR = "per_facilitator", "Cada facilitador por separado"


class OverlappingClasses(Face):
    """How time that two classes of a participant share is counted."""

    UNITED = "united", "Se cuenta una sola vez"


class PendingMarks(Face):
    """What a fingerprint the Registro Civil has not answered for is worth."""

    PROVISIONAL = "provisional", "Provisional, fuera de la cifra que se emite"
    COUNTED = "counted", "Se cuenta"


class Denominator(Face):
    """What the credited time is divided by."""

    ACCREDITED_HOURS = "accredited_hours", "Horas del curso"
    TIME_HELD = "time_held", "Tiempo de clase dado"


class Rounding(Face):
    """How an exact percentage becomes the figure shown."""

    TRUNCATED = "truncated", "Truncado"
    HALF_UP = "half_up", "Redondeado, la mitad hacia arriba"


class BelowThreshold(Face):
    """What a percentage under the threshold does to the issue."""

    WARNS = "warns", "Advierte"
    BLOCKS = "blocks", "Impide emitir"


class Verdict(Face):
    """Where a percentage stands before the threshold of its programme."""

    REACHED = "reached", "Alcanza el mínimo"
    WARNED = "warned", "Bajo el mínimo: se advierte"
    BLOCKED = "blocked", "Bajo el mínimo: no se puede emitir"


QUESTIONS = {
    "grace": "Gracia",
    "late_entry": "Entrada pasada la gracia",
    "early_mark": "Marca antes del inicio",
    "mark_after_end": "Marca después del término",
    "unpaired_mark": "Falta la salida o la entrada",
    "grace_per": "La gracia se da",
    "shared_class": "Dos facilitadores en una clase",
    "overlapping_classes": "Clases que coinciden",
    "pending_marks": "Huella sin validar",
    "denominator": "Denominador",
    "cap": "Tope",
    "rounding": "Redondeo",
    "threshold": "Mínimo de asistencia",
    "programme_thresholds": "Mínimos por programa",
    "below_threshold": "Bajo el mínimo",
}
