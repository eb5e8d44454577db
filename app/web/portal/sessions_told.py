"""One participant's classes in words and figures: by facilitator, with the arithmetic that a person can check by hand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from app.domain.attendance import AttendanceResult, ClassBreakdown, Figure, MarkKind
from app.domain.explanations import duration_text, explain_class
from app.models import ClassHeld
from app.services.attendance import policy_called
from app.services.printing import hours_text
from app.web.filters import local_date, local_time
from app.web.printed import percent_text

HEAD = (
    {"text": "Sesión"},
    {"text": "Hora inicio"},
    {"text": "Hora Fin"},
    {"text": "Duración Participante"},
    {"text": "Cómo se cuenta"},
)
NO_MARK = "Sin marca"
Group = dict[str, Any]


def facilitators_of(rows: Iterable[ClassHeld]) -> dict[str, str]:
    """Who held each class, by the class's id."""
    return {row.class_id: " y ".join(held.person.full_name for held in row.instructors) for row in rows}


def by_facilitator(result: AttendanceResult, facilitators: Mapping[str, str], zone: str) -> list[Group]:
    """The classes of each facilitator in order of time; the facilitators in the order they first appear."""
    rows: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for breakdown in result.classes:
        rows[facilitators[breakdown.class_held.class_id]].append(_row(breakdown, result.policy_id, zone))
    return [{"facilitator": name, "head": HEAD, "rows": of_one} for name, of_one in rows.items()]


def sums(result: AttendanceResult) -> list[Group]:
    """The firm figure and, if a fingerprint is pending somewhere, the provisional one, each as a sum to follow."""
    told = [_sum("Asistencia firme", "Es la que se certifica.", result, result.firm, provisional=False)]
    if result.provisional != result.firm:
        subtitle = "Es la que habrá si se validan las huellas pendientes. Todavía no se certifica."
        told.append(_sum("Asistencia provisional", subtitle, result, result.provisional, provisional=True))
    return told


def first_entry(breakdown: ClassBreakdown) -> datetime | None:
    return next((mark.marked_at for mark in breakdown.marks if mark.kind is MarkKind.IN), None)


def last_exit(breakdown: ClassBreakdown) -> datetime | None:
    return next((mark.marked_at for mark in reversed(breakdown.marks) if mark.kind is MarkKind.OUT), None)


def explanation(breakdown: ClassBreakdown, policy_id: str, zone: str) -> str:
    return explain_class(breakdown, zone=zone, policy=policy_called(policy_id))


def _row(breakdown: ClassBreakdown, policy_id: str, zone: str) -> tuple[str, ...]:
    entered, left = first_entry(breakdown), last_exit(breakdown)
    return (
        local_date(breakdown.class_held.started_at, zone),
        local_time(entered, zone) if entered else NO_MARK,
        local_time(left, zone) if left else NO_MARK,
        _duration(breakdown),
        explanation(breakdown, policy_id, zone),
    )


def _duration(breakdown: ClassBreakdown) -> str:
    firm = duration_text(breakdown.firm.seconds)
    if breakdown.provisional.seconds == breakdown.firm.seconds:
        return firm
    return f"{firm} ({duration_text(breakdown.provisional.seconds)} provisional)"


def _sum(title: str, subtitle: str, result: AttendanceResult, figure: Figure, *, provisional: bool) -> Group:
    credits = [(one.provisional if provisional else one.firm).seconds for one in result.classes]
    shared = sum(credits) - figure.seconds
    lines = [f"Suma de las sesiones: {_addition(credits)} = {duration_text(sum(credits))}."]
    if shared > 0:
        lines.append(f"Menos {duration_text(shared)} en que coinciden dos clases, que se cuentan una sola vez.")
    required = int(result.hours * 3600)
    lines.append(
        f"{duration_text(figure.seconds)} de {hours_text(result.hours)} horas: "
        f"{_number(figure.seconds)} s ÷ {_number(required)} s × 100 = {percent_text(f'{figure.percentage}')}"
        f"{_capped(figure, result.hours)}."
    )
    return {"title": title, "subtitle": subtitle, "lines": lines, "shown": f"{figure.shown} %"}


def _addition(credits: list[int]) -> str:
    """The addends one by one; without the classes that give nothing, unless none gives anything."""
    counting = [duration_text(seconds) for seconds in credits if seconds]
    return " + ".join(counting) if counting else "0 min"


def _capped(figure: Figure, hours: Fraction) -> str:
    return ", que es el máximo" if figure.seconds > hours * 3600 else ""


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
