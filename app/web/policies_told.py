"""An attendance policy in plain Spanish: one short explanation, and every question with its answer."""

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

from app.domain.attendance_answers import (
    QUESTIONS,
    BelowThreshold,
    Denominator,
    GracePer,
    LateEntry,
    PendingMarks,
    Rounding,
    SharedClass,
    UnpairedMark,
)
from app.domain.attendance_policy import AttendancePolicy
from app.domain.faces import Face
from app.web.printed import Fact, share_text

MINUTE = timedelta(minutes=1)
LATE = {
    LateEntry.FROM_THE_MARK: "después, desde la marca",
    LateEntry.REDUCED_BY_THE_GRACE: "después, el atraso se reduce en la gracia",
    LateEntry.NO_CREDIT: "después, la clase no se cuenta",
}


def in_short(policy: AttendancePolicy) -> str:
    """How this policy counts, in a few sentences that begin with its name."""
    return " ".join((f"Se calcula con la política {policy.policy_id}.", *_sentences(policy)))


def explained(policy: AttendancePolicy) -> str:
    """The same for a list that has its name already."""
    return " ".join(_sentences(policy))


def answers(policy: AttendancePolicy) -> list[Fact]:
    """Every question of the handbook with the answer of this policy."""
    return [{"label": label, "value": _answer(policy, name)} for name, label in QUESTIONS.items()]


def minutes_text(grace: timedelta) -> str:
    """`20 minutos`, `1 minuto`, `90 segundos`."""
    if grace % MINUTE:
        return f"{grace // timedelta(seconds=1)} segundos"
    minutes = grace // MINUTE
    return "1 minuto" if minutes == 1 else f"{minutes} minutos"


def _sentences(policy: AttendancePolicy) -> Iterator[str]:
    if policy.grace:
        per = "" if policy.grace_per is GracePer.CLASS else " Hay una sola gracia por día."
        yield (
            f"Quien entra hasta {minutes_text(policy.grace)} después del inicio cuenta desde el inicio;"
            f" {LATE[policy.late_entry]}.{per}"
        )
    else:
        yield f"No hay minutos de gracia: se cuenta desde el inicio; {LATE[policy.late_entry]}."
    if policy.unpaired_mark is UnpairedMark.NO_CREDIT:
        yield "Sin marca de entrada o de salida no se cuenta tiempo, tampoco con asistencia retroactiva aprobada."
    else:
        yield "Sin marca de entrada o de salida no se cuenta tiempo, salvo con asistencia retroactiva aprobada."
    if policy.shared_class is SharedClass.PER_FACILITATOR:
        yield "Con dos facilitadores, cada uno tiene su propio inicio."
    if policy.pending_marks is PendingMarks.PROVISIONAL:
        yield "Lo que tiene la huella por validar queda fuera de la cifra que se emite."
    else:
        yield "Lo que tiene la huella por validar se cuenta."
    if policy.denominator is Denominator.TIME_HELD:
        yield "El porcentaje se saca sobre el tiempo de clase dado."
    cut = policy.rounding is Rounding.TRUNCATED
    yield "El porcentaje se corta, nunca se redondea hacia arriba." if cut else "El porcentaje se redondea."
    if policy.below_threshold is BelowThreshold.BLOCKS:
        yield "Bajo el mínimo no se puede emitir."


def _answer(policy: AttendancePolicy, name: str) -> str:
    value = getattr(policy, name)
    match value:
        case Face():
            return value.label
        case timedelta():
            return minutes_text(value)
        case Fraction():
            return share_text(value * 100)
    return "; ".join(f"{line.label}, {share_text(share * 100)}" for line, share in value) or "Ninguno propio"
