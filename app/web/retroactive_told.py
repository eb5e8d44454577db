"""Retroactive attendance as the pages tell it: plain values, in the hours of the place."""

from dataclasses import dataclass

from flask import url_for

from app.domain.attendance import AttendanceResult, ClassBreakdown, Mark
from app.domain.attendance_policy import UnpairedMark
from app.domain.attendance_wording import KINDS, duration_text
from app.models import ClassHeld, RetroactiveRequest, TrainingAction
from app.web.filters import local_date, local_moment, local_time
from app.web.printed import percent_text

PENDING = "Pendiente: la Dirección Regional todavía no resuelve."
GRANTED = "Aprobada: la clase tiene una marca retroactiva."
DENIED = "Rechazada: la asistencia no cambia."


@dataclass(frozen=True)
class ToldFile:
    name: str
    size: str
    url: str


@dataclass(frozen=True)
class ToldRequest:
    """`decided` and `decision_reason` are empty while nobody has decided."""

    participant: str
    rut: str
    held: str
    reason: str
    asked: str
    outcome: str
    decided: str
    decision_reason: str
    files: tuple[ToldFile, ...]


def told(request: RetroactiveRequest, action: TrainingAction) -> ToldRequest:
    decision, zone = request.decision, action.time_zone
    person = request.participant.person
    return ToldRequest(
        participant=person.full_name,
        rut=person.rut.screen,
        held=held_text(request.class_held, zone),
        reason=request.reason,
        asked=f"{request.requested_by.full_name}, el {local_moment(request.requested_at, zone)}",
        outcome=outcome_text(request),
        decided=f"{decision.decided_by.full_name}, el {local_moment(decision.decided_at, zone)}" if decision else "",
        decision_reason=decision.reason if decision else "",
        files=tuple(
            ToldFile(
                name=one.filename,
                size=size_text(one.size),
                url=url_for(
                    "portal.retroactive_attachment", code=action.code, request_id=request.id, number=one.number
                ),
            )
            for one in request.attachments
        ),
    )


def outcome_text(request: RetroactiveRequest) -> str:
    if request.decision is None:
        return PENDING
    return GRANTED if request.decision.granted else DENIED


def held_text(held: ClassHeld, zone: str) -> str:
    """`30/11/2026, de 09:05 a 13:00`."""
    started = min(one.started_at for one in held.instructors)
    ended = [one.ended_at for one in held.instructors if one.ended_at is not None]
    until = f"a {local_time(max(ended), zone)}" if len(ended) == len(held.instructors) else "en adelante"
    return f"{local_date(started, zone)}, de {local_time(started, zone)} {until}"


def marks_text(breakdown: ClassBreakdown, zone: str) -> list[str]:
    """Each mark taken, in order: `Entrada a las 09:24, validada`."""
    return [_mark(mark, zone) for mark in breakdown.marks]


def effect_text(now: AttendanceResult, then: AttendanceResult, held: ClassHeld) -> str:
    """What approving changes: a policy may give an approved request no time, and then everybody should know before."""
    before, after = (_seconds(result, held) for result in (now, then))
    if now.policy.unpaired_mark is UnpairedMark.NO_CREDIT:
        return (
            f"Aunque se apruebe, la cifra no cambia: la política {now.policy_id} de este curso "
            "no suma tiempo por asistencia retroactiva."
        )
    if before == after:
        return f"Aunque se apruebe, la cifra no cambia: la clase queda en {duration_text(before)}."
    figures = [percent_text(f"{result.provisional.percentage}") for result in (now, then)]
    return (
        f"Si se aprueba, la clase pasa de {duration_text(before)} a {duration_text(after)} "
        f"y la asistencia del participante, de {figures[0]} a {figures[1]}."
    )


def size_text(size: int) -> str:
    """`340 KB`, `2,1 MB`."""
    kilobytes = -(-size // 1024)
    return f"{kilobytes} KB" if kilobytes < 1024 else f"{size / 1024**2:.1f} MB".replace(".", ",")


def _mark(mark: Mark, zone: str) -> str:
    return f"{KINDS[mark.kind].capitalize()} a las {local_time(mark.marked_at, zone)}, {mark.validation.label.lower()}"


def _seconds(result: AttendanceResult, held: ClassHeld) -> int:
    return sum(one.provisional.seconds for one in result.classes if one.class_held.class_id == held.class_id)
