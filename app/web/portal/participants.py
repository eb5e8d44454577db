"""The participants of a course: the portal's grid as JSON, and the page that explains one participant's figure."""

from typing import Any

from flask import Response as FlaskResponse
from flask import jsonify, render_template, request

from app.domain.attendance_policy import AttendancePolicy
from app.domain.errors import NotFound
from app.domain.permissions import Action
from app.models import TrainingAction
from app.services import attendance, courses, participants, policies
from app.services.attendance_rows import facilitators_of
from app.services.participants import Listed
from app.unit_of_work import reading
from app.web import paging, policies_told
from app.web.access import access, current_actor
from app.web.portal import conflicts_told, participants_told, retroactive_offered, selection, sessions_told
from app.web.portal.blueprint import PREFIX, portal
from app.web.protection import csrf

NOT_SELECTED = "Seleccione un curso en la búsqueda y vuelva a intentar."


# Read only, and the portal's clients send no token.
@csrf.exempt  # type: ignore[untyped-decorator]
@portal.post(f"{PREFIX}/DetalleAccion/ParticipantesList")
@access(Action.VIEW_ATTENDANCE)
def participants_list() -> FlaskResponse:
    """The jTable answer about the course selected in the session."""
    actor, code = current_actor(), selection.selected_course()
    start = max(0, request.args.get("jtStartIndex", 0, type=int))
    size = request.args.get("jtPageSize", paging.SIZES[0], type=int)
    column, _, direction = request.args.get("jtSorting", "").partition(" ")
    with reading() as session:
        try:
            action = courses.get(session, code or "", actor)
        except NotFound:
            return jsonify(Result="ERROR", Message=NOT_SELECTED)
        policy = policies.policy_of(session, action)
        rows, total = participants.slice_by(
            session,
            action,
            actor=actor,
            start=start,
            size=min(max(1, size), paging.SIZES[-1]),
            by_rut=column.lower() != "nombre",
            descending=direction.strip().upper() == "DESC",
        )
        return jsonify(Result="OK", Records=[_record(action, policy, row) for row in rows], TotalRecordCount=total)


@portal.get("/acciones/<code>/participantes/<int:participant_id>")
@access(Action.VIEW_ATTENDANCE)
def participant(code: str, participant_id: int) -> str:
    """Every class with its marks, what is credited and why, and the sum in front of the reader."""
    with reading() as session:
        actor = current_actor()
        action = courses.get(session, code, actor)
        found = participants.get(session, action, participant_id, actor)
        result = attendance.compute_one(session, found)
        facilitators = facilitators_of(attendance.class_rows(session, action))
        values: dict[str, Any] = {
            "course": {"code": action.code, "name": action.name},
            "person": {"rut": found.person.rut.screen, "name": found.person.full_name},
            "groups": sessions_told.by_facilitator(result, facilitators, action.time_zone),
            "sums": sessions_told.sums(result),
            "remarks": sessions_told.remarks(result),
            "conflicts": conflicts_told.sentences(session, found, actor),
            "policy": policies_told.in_short(result.policy),
            "retroactive": retroactive_offered.offered(session, action, found, result, actor),
        }
    return render_template("portal/participant.html", **values)


def _record(action: TrainingAction, policy: AttendancePolicy, row: Listed) -> dict[str, Any]:
    return {
        "Id": row.participant_id,
        "Rut": row.person.rut.wire,
        "Nombre": row.person.full_name,
        "NumeroSesiones": row.sessions,
        "PorcentajeAsistencia": participants_told.percentage_text(policy, row.figures),
        "Estado": participants_told.state_text(action, policy, row),
    }
