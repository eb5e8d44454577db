"""One participant's classes in words and figures: by facilitator, with the arithmetic that a person can check by hand."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask import get_template_attribute
from markupsafe import Markup

from app.domain.attendance import AttendanceResult, ClassBreakdown
from app.domain.attendance_arithmetic import flags_in_words
from app.domain.explanations import duration_text, explain_class, explain_total
from app.domain.timeline import draw_timeline
from app.services.attendance_rows import first_entry, last_exit
from app.web.filters import local_date, local_time

HEAD = (
    {"text": "Sesión"},
    {"text": "Hora inicio"},
    {"text": "Hora Fin"},
    {"text": "Duración Participante"},
    {"text": "Cómo se cuenta"},
)
NO_MARK = "Sin marca"
_BEFORE_UNIT = re.compile(r"(?<=[0-9]) (?=(?:h|min|s)\b|%)")
Group = dict[str, Any]


def by_facilitator(result: AttendanceResult, facilitators: Mapping[str, str], zone: str) -> list[Group]:
    """The classes of each facilitator in order of time; the facilitators in the order they first appear."""
    rows: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for number, breakdown in enumerate(result.classes, 1):
        rows[facilitators[breakdown.class_held.class_id]].append(_row(breakdown, result, zone, number))
    return [{"facilitator": name, "head": HEAD, "rows": of_one} for name, of_one in rows.items()]


def sums(result: AttendanceResult) -> list[Group]:
    """The firm figure and, if a fingerprint is pending somewhere, the provisional one, each as a sum to follow."""
    told = explain_total(result)
    firm = [one.firm.seconds for one in result.classes]
    sums = [_sum("Asistencia firme", "Es la que se certifica.", firm, told.firm, result.firm.shown)]
    if result.provisional != result.firm:
        subtitle = "Es la que habrá si se validan las huellas pendientes. Todavía no se certifica."
        hoped = [one.provisional.seconds for one in result.classes]
        sums.append(_sum("Asistencia provisional", subtitle, hoped, told.provisional, result.provisional.shown))
    return sums


def remarks(result: AttendanceResult) -> str:
    """What to look at in the whole course, in words; empty where there is nothing."""
    return explain_total(result).flags


def _row(breakdown: ClassBreakdown, result: AttendanceResult, zone: str, number: int) -> tuple[str, ...]:
    entered, left = first_entry(breakdown), last_exit(breakdown)
    return (
        local_date(breakdown.class_held.started_at, zone),
        local_time(entered, zone) if entered else NO_MARK,
        local_time(left, zone) if left else NO_MARK,
        _duration(breakdown),
        _how_it_counts(breakdown, result, zone, number),
    )


def _how_it_counts(breakdown: ClassBreakdown, result: AttendanceResult, zone: str, number: int) -> Markup:
    """The sentence, the flags in words, and the picture."""
    told = Markup("{}").format(explain_class(breakdown, zone=zone, policy=result.policy))
    if flags := ", ".join(flags_in_words(breakdown)):
        told += Markup(" <strong>Por revisar: {}.</strong>").format(flags)
    picture = get_template_attribute("portal/timeline.svg.html", "class_picture")
    name = f"Línea de tiempo de la clase del {local_date(breakdown.class_held.started_at, zone)}"
    drawn: Markup = picture(draw_timeline(breakdown, zone=zone), f"clase-{number}", name)
    return told + drawn


def _duration(breakdown: ClassBreakdown) -> str:
    firm = duration_text(breakdown.firm.seconds)
    if breakdown.provisional.seconds == breakdown.firm.seconds:
        return firm
    return f"{firm} ({duration_text(breakdown.provisional.seconds)} provisional)"


def _sum(title: str, subtitle: str, credits: list[int], arithmetic: str, shown: int) -> Group:
    addition = f"Suma de las sesiones: {_addition(credits)} = {duration_text(sum(credits))}."
    lines = [_kept_together(line) for line in (addition, arithmetic)]
    return {"title": title, "subtitle": subtitle, "lines": lines, "shown": _kept_together(f"{shown} %")}


def _kept_together(text: str) -> str:
    """No line ends between a figure and its unit."""
    return _BEFORE_UNIT.sub("\N{NO-BREAK SPACE}", text)


def _addition(credits: list[int]) -> str:
    """The addends one by one; without the classes that give nothing, unless none gives anything."""
    counting = [duration_text(seconds) for seconds in credits if seconds]
    return " + ".join(counting) if counting else "0 min"
