"""Detalle de la acción: the course, its certificate's state, what can be done now, and its participants."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.permissions import Action, Actor, Profile
from app.models import TrainingAction
from app.process import case_files
from app.services import certificates, courses
from app.unit_of_work import reading
from app.web import case_told, paging
from app.web.access import access, current_actor
from app.web.portal import attendance_files, course_buttons, course_history, course_told, participants_told, selection
from app.web.portal.blueprint import PREFIX, portal


@portal.get(f"{PREFIX}/DetalleAccion")
@access(Action.VIEW_COURSES)
def selected_course() -> Response | str:
    """The course selected in the grid; `course` is the same page under its own address."""
    code = selection.selected_course()
    if code is None:
        flash("Busque un curso y elíjalo por su estado.")
        return redirect(url_for("portal.search"))
    return _page(code)


@portal.get("/acciones/<code>")
@access(Action.VIEW_COURSES)
def course(code: str) -> str:
    return _page(code)


def _page(code: str) -> str:
    with reading() as session:
        action = courses.get(session, code, current_actor())
        values = _values(session, action)
    return render_template("portal/course.html", back_url=back_to_search(), **values)


def back_to_search() -> str:
    """*Volver*: the grid one came from, or the empty search."""
    return url_for("portal.search", ver="resultado") if selection.criteria() else url_for("portal.search")


def _values(session: Session, action: TrainingAction) -> dict[str, Any]:
    actor = current_actor()
    state = certificates.state_of_action(session, action.id)
    issued = certificates.issuances_of(session, action.id)
    return {
        "course": {"code": action.code, "name": action.name},
        "state": {"label": state.label, "code": state.value},
        "facts": course_told.facts(action),
        "corrections_url": _corrections(action, actor),
        "case_file_url": url_for("portal.case_file", code=action.code)
        if issued and actor.may(Action.VIEW_CASE_FILE)
        else None,
        "deadlines": course_told.deadlines(action, state),
        "downloads": attendance_files.downloads(action.code),
        "buttons": course_buttons.offered(session, action, state, issued, actor),
        "open_cases": _open_cases(session, action, actor),
        "chain": course_history.chain(action, issued, state),
        "changes": course_history.changes(session, action, issued, state, actor),
        "events": [] if actor.profile is Profile.PARTICIPANT else course_history.events(session, action, issued),
        **participants_told.grid(
            session,
            action,
            actor,
            after=request.args.get(paging.AFTER, 0, type=int),
            before_issue=state.may_issue and actor.may(Action.ISSUE),
        ),
    }


def _open_cases(session: Session, action: TrainingAction, actor: Actor) -> list[dict[str, Any]]:
    """Not for participants: what is asked about another one is not theirs to know."""
    if actor.profile is Profile.PARTICIPANT:
        return []
    with_names = actor.may(Action.VIEW_CASE_FILE)
    cases = case_files.open_cases(session, action)
    return [case_told.told(case, action.time_zone, with_names=with_names) for case in cases]


def _corrections(action: TrainingAction, actor: Actor) -> str | None:
    may = actor.may(Action.VIEW_CORRECTIONS)
    return url_for("portal.course_corrections", code=action.code) if may else None
