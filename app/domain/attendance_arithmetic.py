"""The arithmetic of a participant's total in front of the reader: seconds ÷ hours, firm and provisional apart."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from app.domain.attendance import AttendanceFlag, AttendanceResult, ClassBreakdown, ClassCredit, Figure
from app.domain.attendance_figures import MICROSECOND
from app.domain.attendance_policy import Denominator, Rounding
from app.domain.attendance_wording import duration_text, join
from app.domain.intervals import total

SECOND = timedelta(seconds=1)
_MISSING = (AttendanceFlag.MISSING_ENTRY, AttendanceFlag.MISSING_EXIT)


@dataclass(frozen=True)
class TotalExplained:
    """The same total in Spanish: each part is plain sentences, and empty where there is nothing to say."""

    firm: str
    provisional: str
    flags: str

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(line for line in (self.firm, self.provisional, self.flags) if line)


def explain_total(result: AttendanceResult) -> TotalExplained:
    """How the figure of the certificate follows from the classes, the figure while validation is due, and what to look at."""
    firm = _arithmetic(result, result.firm, [own.firm for own in result.classes])
    provisional = _arithmetic(result, result.provisional, [own.provisional for own in result.classes])
    return TotalExplained(
        firm=firm,
        provisional=f"Con las huellas por validar: {provisional}" if provisional != firm else "",
        flags=_flags(result),
    )


def _arithmetic(result: AttendanceResult, figure: Figure, by_class: list[ClassCredit]) -> str:
    return f"{_sum(figure, by_class)} {_division(result, figure)}"


def _sum(figure: Figure, by_class: list[ClassCredit]) -> str:
    added = sum((total(credit.credited) for credit in by_class), timedelta())
    shared, seconds = (added - figure.credited) // SECOND, added // SECOND
    told = f"{_classes(len(by_class))}: {duration_text(seconds)} = {_number(seconds)} s."
    if shared:
        left = _number(figure.seconds)
        told += f" Coinciden entre clases {duration_text(shared)}, que se cuentan una vez: quedan {left} s."
    return told


def _division(result: AttendanceResult, figure: Figure) -> str:
    by_course = result.policy.denominator is Denominator.ACCREDITED_HOURS
    source = "Las horas del curso son" if by_course else "El tiempo de clase dado es"
    if not result.hours:
        return "Aún no hay clases cerradas: 0 %."
    divided_by = _number(result.hours * 3600)
    exact = Fraction(figure.credited // MICROSECOND, 1_000_000) / (result.hours * 3600)
    equals = "=" if figure.percentage == exact * 100 else "≈"
    return (
        f"{source} {_hours(result.hours)} = {divided_by} s. {_number(figure.seconds)} ÷ {divided_by} "
        f"{equals} {_percentage(exact, figure)}; {_shown(result, figure, exact)}."
    )


def _percentage(exact: Fraction, figure: Figure) -> str:
    """Two decimals of the share before the cap, written as the policy rounds."""
    text = f"{Figure(figure.credited, exact, figure.rounding).percentage}"
    return f"{text.replace('.', ',')} %"


def _shown(result: AttendanceResult, figure: Figure, exact: Fraction) -> str:
    if exact > result.policy.cap:
        return f"el tope es {result.policy.cap * 100} %, se muestra {figure.shown} %"
    how = "redondeado" if result.policy.rounding is Rounding.HALF_UP else "sin redondear"
    return f"se muestra {figure.shown} %" + ("" if figure.percentage == figure.shown else f", {how}")


def _flags(result: AttendanceResult) -> str:
    """`Por revisar: sin marca de salida (2 clases).`"""
    seen = Counter(words for own in result.classes for words in flags_in_words(own))
    told = (f"{words} ({_classes(times)})" for words, times in sorted(seen.items()))
    return f"Por revisar: {join(told)}." if seen else ""


def flags_in_words(breakdown: ClassBreakdown) -> list[str]:
    """The flags of the firm figure; a mark that is there and only waits for its fingerprint is not called missing."""
    hoped = breakdown.provisional.flags
    return [
        f"{flag.label} validada" if flag in _MISSING and flag not in hoped else flag.label
        for flag in breakdown.firm.flags
    ]


def _classes(count: int) -> str:
    return "1 clase" if count == 1 else f"{count} clases"


def _hours(hours: Fraction) -> str:
    """Durations to the second; hours that are not a whole number of seconds as a fraction."""
    seconds = hours * 3600
    return duration_text(int(seconds)) if seconds.denominator == 1 else f"{hours} h"


def _number(value: Fraction | int) -> str:
    """With the point of thousands: `14.400`."""
    exact = Fraction(value)
    return f"{int(exact):,}".replace(",", ".") if exact.denominator == 1 else f"{exact}"
