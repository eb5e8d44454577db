"""Exportar a Excel: the courses that a search found."""

from collections.abc import Iterator

from flask import Response as FlaskResponse
from flask import current_app, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.adapters import workbook
from app.adapters.workbook import ListedAction
from app.domain.export_formats import ExportFormat
from app.domain.permissions import Action, Actor
from app.models import TrainingAction
from app.services import attendance, courses
from app.services.courses import FoundCourse, Search
from app.services.printing import hours_text
from app.unit_of_work import reading
from app.web.access import access, current_actor
from app.web.paging import SIZES
from app.web.portal import selection
from app.web.portal.blueprint import PREFIX, portal


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


def _everything(session: Session, search: Search, actor: Actor) -> Iterator[FoundCourse]:
    after: str | None = ""
    while after is not None:
        found = courses.search(session, search, actor=actor, after=after, size=SIZES[-1])
        yield from found.courses
        after = found.next_after


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
    response = current_app.response_class(content, mimetype=ExportFormat.XLSX.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
