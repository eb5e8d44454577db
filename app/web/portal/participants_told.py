"""*Listado de Participantes* and what a reviewer should look at before issuing, in words."""

from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.domain import attendance_conflicts
from app.domain.attendance import AttendanceFlag
from app.domain.attendance_policy import AttendancePolicy, BelowThreshold
from app.domain.permissions import Actor
from app.domain.terms import Line
from app.models import AttendanceResult, TrainingAction
from app.services import participants, policies
from app.services.changes import percentage_of
from app.services.participants import Listed, Overview
from app.web import paging
from app.web.printed import percent_text, share_text

HEAD = (
    {"text": "Rut Participante"},
    {"text": "Nombre Participante"},
    {"text": "N° sesiones", "numeric": True},
    {"text": "Porcentaje Asistencia", "numeric": True},
    {"text": "Estado"},
    {"text": "Ver"},
)
COMPUTING = "En cálculo"
PROGRAMMES = {
    Line.TAX_FRANCHISE: "la Franquicia Tributaria",
    Line.SOCIAL_PROGRAMMES: "Programas Sociales",
    Line.WORKPLACE_TRAINING: "la Formación en el Puesto de Trabajo",
}
ANCHOR = "participantes"


def grid(session: Session, action: TrainingAction, actor: Actor, *, after: int, before_issue: bool) -> dict[str, Any]:
    """The page of participants that the address asks for, with the warnings about the whole course."""
    page = participants.page(session, action, actor=actor, after=after, size=paging.asked_size())
    policy = policies.policy_of(session, action)
    overview = participants.overview(session, action, actor)
    return {
        "participants": {"head": HEAD, "rows": [_row(action, policy, row) for row in page.rows]},
        "pager_values": paging.pager(
            shown=len(page.rows),
            before=page.before,
            total=overview.total,
            previous_after=page.previous_after,
            next_after=page.next_after,
            anchor=ANCHOR,
        ),
        "warnings": warnings(action, policy, overview, before_issue=before_issue),
    }


def warnings(action: TrainingAction, policy: AttendancePolicy, found: Overview, *, before_issue: bool) -> list[str]:
    """They warn, and who issues decides, unless the policy says that the minimum blocks. Source: domain handbook §4."""
    sentences = []
    if found.not_computed:
        sentences.append("La asistencia se está calculando. Vuelva a abrir esta página en un momento.")
    demanded = policy.demanded_of(action.line)
    if found.below_threshold and demanded is not None:
        people = _people(found.below_threshold, "está", "están")
        below = f"{people} bajo el {share_text(demanded * 100)} que pide {PROGRAMMES[action.line]}."
        may = policy.below_threshold is BelowThreshold.WARNS
        advice = (
            "Puede emitir igual; revise antes sus sesiones." if may else "Así no se puede emitir: revise sus sesiones."
        )
        sentences.append(f"{below} {advice}" if before_issue else below)
    if found.provisional:
        pending = f"{_people(found.provisional, 'tiene', 'tienen')} huellas por validar."
        outside = "Si emite ahora, ese tiempo queda fuera del certificado."
        sentences.append(f"{pending} {outside}" if before_issue else pending)
    return sentences


def state_text(action: TrainingAction, policy: AttendancePolicy, row: Listed) -> str:
    """The state of one participant's figure: threshold, pending fingerprints, flags and other courses at the same time."""
    stored = row.figures
    if stored is None:
        return COMPUTING
    remarks = [AttendanceFlag(flag).label for flag in stored.flags]
    if stored.provisional_seconds != stored.credited_seconds:
        remarks.append("huellas por validar")
    if row.conflicts:
        remarks.append(attendance_conflicts.IN_WORDS)
    return ". ".join(filter(None, (_threshold(action, policy, stored), ", ".join(remarks).capitalize())))


def percentage_text(policy: AttendancePolicy, stored: AttendanceResult | None) -> str:
    return COMPUTING if stored is None else percent_text(f"{percentage_of(stored, policy.rounding)}")


def _threshold(action: TrainingAction, policy: AttendancePolicy, stored: AttendanceResult) -> str:
    demanded = policy.demanded_of(action.line)
    if demanded is None:
        return ""
    reaches = stored.credited_seconds >= demanded * stored.required_seconds
    return f"{'Alcanza' if reaches else 'Bajo'} el {share_text(demanded * 100)}"


def _row(action: TrainingAction, policy: AttendancePolicy, row: Listed) -> tuple[str, ...]:
    address = url_for("portal.participant", code=action.code, participant_id=row.participant_id)
    view = Markup('<a class="govuk-link" href="{}">Ver<span class="govuk-visually-hidden"> sesiones de {}</span></a>')
    return (
        row.person.rut.screen,
        row.person.full_name,
        str(row.sessions),
        percentage_text(policy, row.figures),
        state_text(action, policy, row) or "Sin observaciones",
        view.format(address, row.person.full_name),
    )


def _people(count: int, one: str, several: str) -> str:
    return f"1 participante {one}" if count == 1 else f"{count} participantes {several}"
