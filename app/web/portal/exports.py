"""What people take with them: Descargar Asistencia Total, and Exportar a Excel of the search."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Response as FlaskResponse
from flask import current_app, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.adapters import workbook
from app.adapters.workbook import AttendanceSession, AttendanceTotal, ListedAction
from app.domain.permissions import Action, Actor, Profile
from app.models import TrainingAction
from app.services import attendance, courses
from app.services.attendance import ParticipantAttendance
from app.services.courses import FoundCourse, Search
from app.services.printing import hours_text
from app.unit_of_work import reading
from app.web.access import access, current_actor
from app.web.paging import SIZES
from app.web.portal import selection, sessions_told
from app.web.portal.blueprint import PREFIX, portal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@portal.get("/acciones/<code>/asistencia.xlsx")
@access(Action.VIEW_ATTENDANCE)
def attendance_workbook(code: str) -> FlaskResponse:
    """*Descargar Asistencia Total*: from the marks as they are now."""
    with reading() as session:
        actor = current_actor()
        action = courses.get(session, code, actor)
        computed = _visible(attendance.compute(session, action), actor)
        facilitators = sessions_told.facilitators_of(attendance.class_rows(session, action))
        content = workbook.attendance_workbook(
            [_total(entry) for entry in computed], _sessions(computed, facilitators, action.time_zone)
        )
    return _download(content, f"asistencia-{code}.xlsx")


@portal.get(f"{PREFIX}/BusquedaAccion/Listado.xlsx")
@access(Action.VIEW_COURSES)
def search_workbook() -> Response:
    """*Exportar a Excel*: everything the last search found, not only the page in view."""
    criteria = selection.criteria()
    if criteria is None:
        return redirect(url_for("portal.search"))
    with reading() as session:
        content = workbook.actions_workbook(map(_listed, _everything(session, criteria.to_search(), current_actor())))
    return _download(content, "listado-de-cursos.xlsx")


def _visible(computed: list[ParticipantAttendance], actor: Actor) -> list[ParticipantAttendance]:
    """A participant takes the own data only."""
    if actor.profile is not Profile.PARTICIPANT:
        return computed
    return [entry for entry in computed if entry.person.id == actor.person_id]


def _everything(session: Session, search: Search, actor: Actor) -> Iterator[FoundCourse]:
    after: str | None = ""
    while after is not None:
        found = courses.search(session, search, actor=actor, after=after, size=SIZES[-1])
        yield from found.courses
        after = found.next_after


def _total(entry: ParticipantAttendance) -> AttendanceTotal:
    result = entry.result
    return AttendanceTotal(
        rut=entry.person.rut.screen,
        name=entry.person.full_name,
        credited=result.firm.credited,
        percentage=result.percentage,
        shown=result.shown,
        provisional_percentage=result.provisional.percentage,
        flags=", ".join(flag.label for flag in result.flags),
    )


def _sessions(
    computed: list[ParticipantAttendance], facilitators: dict[str, str], zone: str
) -> Iterator[AttendanceSession]:
    for entry in computed:
        for breakdown in entry.result.classes:
            entered, left = sessions_told.first_entry(breakdown), sessions_told.last_exit(breakdown)
            yield AttendanceSession(
                rut=entry.person.rut.screen,
                name=entry.person.full_name,
                class_id=breakdown.class_held.class_id,
                instructor=facilitators[breakdown.class_held.class_id],
                entered_at=entered.astimezone(ZoneInfo(zone)) if entered else None,
                left_at=left.astimezone(ZoneInfo(zone)) if left else None,
                duration=timedelta(seconds=breakdown.firm.seconds),
                explanation=sessions_told.explanation(breakdown, entry.result.policy_id, zone),
            )


def _listed(found: FoundCourse) -> ListedAction:
    action: TrainingAction = found.action
    return ListedAction(
        action_code=action.code,
        sence_code=action.sence_code,
        name=action.name,
        programme=action.line.label,
        credited_hours=f"{hours_text(attendance.hours_of(action))} Hrs",
        starts_on=action.starts_on,
        ends_on=action.ends_on,
        state=found.state.label,
    )


def _download(content: bytes, name: str) -> FlaskResponse:
    response = current_app.response_class(content, mimetype=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
