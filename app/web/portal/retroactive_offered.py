"""What a participant's page says of retroactive attendance: the classes where a mark is missing, and what was asked."""

from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.domain.attendance import AttendanceResult
from app.domain.attendance_missing import missing_in
from app.domain.permissions import Action, Actor
from app.models import ClassHeld, Participant, RetroactiveRequest, TrainingAction
from app.services import attendance, retroactive, retroactive_found
from app.web.retroactive_told import held_text, outcome_text

HEAD = ({"text": "Sesión"}, {"text": "Qué falta"}, {"text": "Solicitud"}, {"text": "Ver"})
NOT_ASKED = "Sin solicitud"


def offered(
    session: Session, action: TrainingAction, participant: Participant, result: AttendanceResult, actor: Actor
) -> dict[str, Any]:
    """A row for each class with something missing or asked; none for profiles that have no say in it."""
    if not actor.may(Action.VIEW_RETROACTIVE):
        return {"head": HEAD, "rows": [], "may_ask": False}
    # Oldest first, so that the last request of each class is the one that stays.
    requests = reversed(retroactive_found.of_participant(session, participant.id))
    last = {request.class_held_id: request for request in requests}
    rows_by_class = {row.class_id: row for row in attendance.class_rows(session, action)}
    may_ask = actor.may(Action.REQUEST_RETROACTIVE) and retroactive.why_closed(action) is None

    rows = []
    for breakdown in result.classes:
        held = rows_by_class[breakdown.class_held.class_id]
        missing, request = missing_in(breakdown), last.get(held.id)
        if missing is None and request is None:
            continue
        can_ask = may_ask and missing is not None and (request is None or _was_denied(request))
        rows.append(
            (
                held_text(held, action.time_zone),
                missing.label if missing else "Nada",
                outcome_text(request) if request else NOT_ASKED,
                _links(action, participant, held, request, can_ask=can_ask),
            )
        )
    return {"head": HEAD, "rows": rows, "may_ask": may_ask}


def _was_denied(request: RetroactiveRequest) -> bool:
    return request.decision is not None and not request.decision.granted


def _links(
    action: TrainingAction,
    participant: Participant,
    held: ClassHeld,
    request: RetroactiveRequest | None,
    *,
    can_ask: bool,
) -> Markup:
    about = Markup('<span class="govuk-visually-hidden"> de la clase del {}</span>').format(
        held_text(held, action.time_zone)
    )
    link = Markup('<a class="govuk-link" href="{}">{}{}</a>')
    links = []
    if request is not None:
        view = url_for("portal.retroactive_request", code=action.code, request_id=request.id)
        links.append(link.format(view, "Ver la solicitud", about))
    if can_ask:
        ask = url_for(
            "portal.request_retroactive", code=action.code, participant_id=participant.id, class_held_id=held.id
        )
        links.append(link.format(ask, "Pedir otra vez" if request else "Pedir asistencia retroactiva", about))
    return Markup("<br>").join(links) or Markup("–")
