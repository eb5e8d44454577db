"""What a participant's figure in one class comes from, told in Spanish and in the hours of the place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.attendance import (
    AttendanceFlag,
    AttendancePolicy,
    ClassBreakdown,
    ClassCredit,
    ClassHeld,
    Mark,
    MarkKind,
    Remark,
    Stay,
    Validation,
)
from app.domain.intervals import Interval


def explain_class(breakdown: ClassBreakdown, *, zone: str, policy: AttendancePolicy) -> str:
    """One line that a participant can check by hand: entry, exit, what counts of them and what does not.

    While a fingerprint is pending it tells the provisional figure and says what is firm so far.
    """
    clock = WallClock(zone, breakdown.class_held.started_at)
    pending = [mark for mark in breakdown.marks if mark.validation == Validation.PENDING]
    credit = breakdown.provisional if pending else breakdown.firm
    sentences = [
        *_about_credit(credit, breakdown.class_held, clock, policy),
        *_about_rejected(breakdown.marks, clock),
        *_about_pending(pending, breakdown.firm, clock),
    ]
    return " ".join(sentences)


def duration_text(seconds: int) -> str:
    """A duration in words, without the units that are zero: `3 h 15 min`."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [f"{amount} {unit}" for amount, unit in ((hours, "h"), (minutes, "min"), (left, "s")) if amount]
    return " ".join(parts) or "0 min"


@dataclass(frozen=True)
class WallClock:
    """Writes instants as the wall clock of `zone` shows them to somebody whose class began at `began_at`."""

    zone: str
    began_at: datetime

    def at(self, instant: datetime) -> str:
        """`09:14`; with seconds, date or offset only where the hour alone would mislead."""
        local = instant.astimezone(ZoneInfo(self.zone))
        text = local.strftime("%H:%M:%S" if local.second else "%H:%M")
        if _happens_twice(local):
            text += f" (UTC{local.strftime('%z')[:3]})"
        if local.date() != self._first_day:
            text += local.strftime(" del %d/%m")
        return text

    def the(self, instant: datetime) -> str:
        """`las 09:14`, `la 01:00`."""
        text = self.at(instant)
        return f"la {text}" if text.startswith("01:") else f"las {text}"

    def span(self, interval: Interval) -> str:
        return f"{self.at(interval.start)}–{self.at(interval.end)}"

    @property
    def _first_day(self) -> date:
        return self.began_at.astimezone(ZoneInfo(self.zone)).date()


def _happens_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _about_credit(
    credit: ClassCredit, class_held: ClassHeld, clock: WallClock, policy: AttendancePolicy
) -> Iterator[str]:
    ended_at = class_held.ended_at
    if ended_at is None:
        yield f"La clase empezó {clock.at(class_held.started_at)} y sigue abierta; no cuenta hasta que se cierre."
    else:
        yield from _about_stays(credit, Interval(class_held.started_at, ended_at), clock, policy)
    for remark in credit.remarks:
        yield _about_remark(remark, clock)
    if ended_at is not None and not credit.marks:
        yield "No hay marcas que cuenten en esta clase: 0 min."


def _about_stays(
    credit: ClassCredit, class_time: Interval, clock: WallClock, policy: AttendancePolicy
) -> Iterator[str]:
    counting = [stay for stay in credit.stays if stay.credited]
    for stay in credit.stays:
        if not stay.credited:
            yield _about_time_outside(stay, clock)
            continue
        if stay is counting[0]:
            is_first_entry = stay is credit.stays[0]
            yield _about_entry(stay, class_time, clock, policy, is_first_entry=is_first_entry)
        if stay is counting[-1]:
            yield from _about_exit(stay, class_time, clock)
    if len(credit.credited) > 1:
        yield f"Se cuentan {len(credit.credited)} tramos: {_join(clock.span(part) for part in credit.credited)}."


def _about_time_outside(stay: Stay, clock: WallClock) -> str:
    entered, left = clock.at(stay.marked.start), clock.at(stay.marked.end)
    return f"Entró {entered} y salió {left}, fuera del tiempo de clase; eso no se cuenta."


def _about_entry(
    stay: Stay, class_time: Interval, clock: WallClock, policy: AttendancePolicy, *, is_first_entry: bool
) -> str:
    entered, grace = stay.marked.start, policy.grace // timedelta(minutes=1)
    counted_from = f"se cuenta desde {clock.the(stay.credited[0].start)}."
    if entered < class_time.start:
        return f"Entró {clock.at(entered)}, antes de empezar la clase; {counted_from}"
    if entered == class_time.start:
        return f"Entró {clock.at(entered)}, al empezar la clase; {counted_from}"
    if not is_first_entry:
        return f"Volvió a entrar {clock.at(entered)}; la gracia es solo para la primera entrada, {counted_from}"
    within = "dentro de" if stay.grace_applied else "pasados"
    started = f"la clase empezó {clock.at(class_time.start)}"
    return f"Entró {clock.at(entered)}; {started}; {within} los {grace} minutos de gracia, {counted_from}"


def _about_exit(stay: Stay, class_time: Interval, clock: WallClock) -> Iterator[str]:
    left, counted_until = stay.marked.end, f"se cuenta hasta {clock.the(stay.credited[-1].end)}."
    if left > class_time.end:
        yield f"Salió {clock.at(left)}, después de terminar la clase; {counted_until}"
    elif left < class_time.end:
        yield f"Salió {clock.at(left)}; la clase terminó {clock.at(class_time.end)}; {counted_until}"


def _about_remark(remark: Remark, clock: WallClock) -> str:
    at = clock.at(remark.mark.marked_at)
    if remark.flag is AttendanceFlag.MISSING_EXIT:
        return f"Entró {at} y queda sin marca de salida; desde ahí no se cuenta."
    if remark.flag is AttendanceFlag.MISSING_ENTRY:
        return f"Salió {at} y queda sin marca de entrada; esa salida no se cuenta."
    return f"La entrada repetida de {clock.the(remark.mark.marked_at)} no cambia nada."


def _about_rejected(marks: Iterable[Mark], clock: WallClock) -> Iterator[str]:
    rejected = [mark for mark in marks if mark.validation == Validation.REJECTED]
    if rejected:
        yield f"La huella no fue reconocida y no cuenta: {_list(rejected, clock)}."


def _about_pending(pending: list[Mark], firm: ClassCredit, clock: WallClock) -> Iterator[str]:
    if pending:
        so_far = duration_text(firm.seconds)
        yield f"Es provisional: falta validar la huella ({_list(pending, clock)}); por ahora se cuentan {so_far}."


def _list(marks: Iterable[Mark], clock: WallClock) -> str:
    names = {MarkKind.IN: "entrada", MarkKind.OUT: "salida"}
    return _join(f"{names[mark.kind]} de {clock.the(mark.marked_at)}" for mark in marks)


def _join(items: Iterable[str]) -> str:
    *head, last = items
    return f"{', '.join(head)} y {last}" if head else last
