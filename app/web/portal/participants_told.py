"""*Listado de Participantes* and what a reviewer should look at before issuing, in words."""

from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.domain.attendance import AttendanceFlag
from app.domain.permissions import Actor
from app.domain.terms import Line
from app.models import AttendanceResult, TrainingAction
from app.services import attendance, participants
from app.services.participants import Listed, Overview
from app.web import paging
from app.web.printed import percent_text

HEAD = (
    {"text": "Rut Participante"},
    {"text": "Nombre Participante"},
    {"text": "N° sesiones", "numeric": True},
    {"text": "Porcentaje Asistencia", "numeric": True},
    {"text": "Estado"},
    {"text": "Ver"},
)
COMPUTING = "En cálculo"
ANCHOR = "participantes"


def grid(session: Session, action: TrainingAction, actor: Actor, *, after: int, before_issue: bool) -> dict[str, Any]:
    """The page of participants that the address asks for, with the warnings about the whole course."""
    page = participants.page(session, action, actor=actor, after=after, size=paging.asked_size())
    return {
        "participants": {"head": HEAD, "rows": [_row(action, row) for row in page.rows]},
        "pager_values": paging.pager(
            shown=len(page.rows),
            before=page.before,
            total=page.total,
            previous_after=page.previous_after,
            next_after=page.next_after,
            anchor=ANCHOR,
        ),
        "warnings": warnings(action, participants.overview(session, action, actor), before_issue=before_issue),
    }


def warnings(action: TrainingAction, found: Overview, *, before_issue: bool) -> list[str]:
    """They warn and never block: who issues decides. Source: domain handbook §4."""
    sentences = []
    if found.not_computed:
        sentences.append("La asistencia se está calculando. Vuelva a abrir esta página en un momento.")
    if found.below_threshold and action.line is Line.TAX_FRANCHISE:
        below = f"{_people(found.below_threshold, 'está', 'están')} bajo el 75 % que pide la Franquicia Tributaria."
        sentences.append(f"{below} Puede emitir igual; revise antes sus sesiones." if before_issue else below)
    if found.provisional:
        pending = f"{_people(found.provisional, 'tiene', 'tienen')} huellas por validar."
        outside = "Si emite ahora, ese tiempo queda fuera del certificado."
        sentences.append(f"{pending} {outside}" if before_issue else pending)
    return sentences


def state_text(action: TrainingAction, stored: AttendanceResult | None) -> str:
    """The state of one participant's figure: threshold, pending fingerprints and flags."""
    if stored is None:
        return COMPUTING
    remarks = [AttendanceFlag(flag).label for flag in stored.flags]
    if stored.provisional_seconds != stored.credited_seconds:
        remarks.append("huellas por validar")
    return ". ".join(filter(None, (_threshold(action, stored), ", ".join(remarks).capitalize())))


def percentage_text(stored: AttendanceResult | None) -> str:
    return COMPUTING if stored is None else percent_text(f"{attendance.percentage_of(stored)}")


def _threshold(action: TrainingAction, stored: AttendanceResult) -> str:
    if action.line is not Line.TAX_FRANCHISE:
        return ""
    reaches = stored.credited_seconds >= attendance.POLICY.threshold * stored.required_seconds
    return "Alcanza el 75 %" if reaches else "Bajo el 75 %"


def _row(action: TrainingAction, row: Listed) -> tuple[str, ...]:
    address = url_for("portal.participant", code=action.code, participant_id=row.participant_id)
    view = Markup('<a class="govuk-link" href="{}">Ver<span class="govuk-visually-hidden"> sesiones de {}</span></a>')
    return (
        row.person.rut.screen,
        row.person.full_name,
        str(row.sessions),
        percentage_text(row.figures),
        state_text(action, row.figures) or "Sin observaciones",
        view.format(address, row.person.full_name),
    )


def _people(count: int, one: str, several: str) -> str:
    return f"1 participante {one}" if count == 1 else f"{count} participantes {several}"
