"""Búsqueda de acción: programme, criterion and the grid *Listado de Cursos* with the state of each certificate."""

from typing import Any

from flask import redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from app.domain.permissions import Action, Profile
from app.domain.states import CertificateState
from app.domain.terms import Line
from app.services import attendance, courses
from app.services.courses import Criterion, Found, FoundCourse
from app.services.printing import hours_text
from app.unit_of_work import reading
from app.web import actions, paging, unsent
from app.web.access import access, current_actor
from app.web.answering import problems
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.filters import local_date
from app.web.portal import selection
from app.web.portal.blueprint import PREFIX, portal
from app.web.portal.search_form import SearchForm
from app.web.portal.selection import Criteria

HEAD = (
    {"text": "Código Curso"},
    {"text": "Código SENCE"},
    {"text": "Curso"},
    {"text": "Programa"},
    {"text": "Hora(s) Acreditadas"},
    {"text": "Fecha Inicio"},
    {"text": "Fecha Término"},
    {"text": "Ver Estado"},
)
RESULT = "resultado"
Errors = tuple[FieldError, ...]
Page = Response | tuple[str, int]


@portal.route(f"{PREFIX}/BusquedaAccion", methods=["GET", "POST"])
@access(Action.VIEW_COURSES)
@keeps_what_was_typed
def search() -> Page:
    """The criteria are kept in the session, so that Back works and no RUT is in an address."""
    form = SearchForm(formdata=_typed())
    form.offer(current_actor())
    if not form.is_submitted():
        return _page(form, (), 200)
    if "Limpiar" in request.form:
        selection.forget_criteria()
        return redirect(url_for("portal.search"), code=303)
    if not form.validate():
        return _page(form, problems(form), 422)
    selection.keep_criteria(form.criteria())
    return redirect(url_for("portal.search", ver=RESULT, _anchor=RESULT), code=303)


@portal.get(f"{PREFIX}/BusquedaAccion/CursoSeleccionado")
@access(Action.VIEW_COURSES)
def select_course() -> Response:
    """The grid's link: remembers the course for the pages that have no code in their address, and opens it."""
    with reading() as session:
        code = courses.get(session, request.args.get("codigo", ""), current_actor()).code
    selection.select_course(code)
    return redirect(url_for("portal.selected_course"))


def _typed() -> Any:
    """What is being sent, was typed before the session ended, or was last searched for; the form's defaults else."""
    if request.method == "POST":
        return request.form
    last = selection.criteria()
    shown = last and {
        "FilterTipoPrograma": last.line,
        "FilterTipobusqueda": last.criterion,
        "FilterCodigoCurso": last.text,
    }
    return unsent.typed_before() or (ImmutableMultiDict(shown) if shown else None)


def _page(form: SearchForm, errors: Errors, status: int) -> Page:
    criteria = selection.criteria()
    result = None
    if criteria is not None and request.args.get("ver") == RESULT and not errors:
        with reading() as session:
            result = _result(session, criteria)
    page = render_template(
        "portal/search.html",
        form=form,
        errors=errors,
        result=result,
        lines=[(line.value, line.label) for line in Line],
        one_time_token=actions.one_time_token(),
        may_issue=current_actor().may(Action.ISSUE),
        may_open_pdfs=current_actor().profile is not Profile.PARTICIPANT,
        legend=[{"label": state.label, "code": state.value} for state in CertificateState],
    )
    return page, status


def _result(session: Session, criteria: Criteria) -> dict[str, Any]:
    found = courses.search(
        session,
        criteria.to_search(),
        actor=current_actor(),
        after=request.args.get(paging.AFTER, ""),
        size=paging.asked_size(),
    )
    return {
        "head": HEAD,
        "rows": [_row(course) for course in found.courses],
        "pager": _pager(found),
        "nothing": None if found.total else _nothing(criteria),
    }


def _pager(found: Found) -> paging.Pager:
    return paging.pager(
        shown=len(found.courses),
        before=found.before,
        total=found.total,
        previous_after=found.previous_after,
        next_after=found.next_after,
        anchor=RESULT,
        ver=RESULT,
    )


def _row(course: FoundCourse) -> tuple[str, ...]:
    action = course.action
    return (
        action.code,
        action.sence_code or "–",
        action.name,
        action.line.label,
        f"{hours_text(attendance.hours_of(action))} Hrs",
        local_date(action.starts_on),
        local_date(action.ends_on),
        _state_link(action.code, course.state),
    )


def _state_link(code: str, state: CertificateState) -> Markup:
    """The title is the state, as the portal's clients read it; the words are there for everybody."""
    return Markup(
        '<a class="govuk-link" href="{}" title="{}"><span class="app-state app-state--{}">{}</span></a>'
    ).format(url_for("portal.select_course", codigo=code), state.label, state.value, state.label)


def _nothing(criteria: Criteria) -> str:
    programme = Line(criteria.line).label
    if criteria.criterion == Criterion.ALL:
        return f"No tiene cursos de {programme}. Pruebe con otro programa."
    if criteria.criterion == Criterion.PARTICIPANT:
        return f"Ese RUT no participa en sus cursos de {programme}. Revíselo o cambie el programa."
    return f"No hay un curso suyo de {programme} con el código {criteria.text}. Revíselo o cambie el programa."
