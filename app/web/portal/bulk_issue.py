"""Emisión masiva: choose courses, have them reviewed, accept once, watch each being issued."""

from typing import Any

from flask import render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import Refusal
from app.domain.permissions import Action
from app.services import bulk_found, bulk_issues
from app.unit_of_work import reading
from app.web import actions, paging, unsent
from app.web.access import access, current_actor
from app.web.answering import problems, refused
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.filters import local_date
from app.web.portal import bulk_told, bulk_typed, selection
from app.web.portal.blueprint import portal
from app.web.portal.bulk_typed import Given
from app.web.uploads import takes_files

LISTED = 10
ACCEPT, AGAIN = "aceptar", "reintentar"
Page = Response | tuple[str, int]


@portal.route("/emision-masiva", methods=["GET", "POST"])
@access(Action.ISSUE)
@takes_files(bulk_typed.MAX_BYTES + 512 * 1024)
@keeps_what_was_typed
def bulk_issues_page() -> Page:
    """The courses of the last search that can be issued, each with a field for its number; or a file of them."""
    form = FlaskForm()
    if not form.is_submitted():
        return _choose(bulk_typed.typed(unsent.typed_before() or {}), (), 200)
    file = request.files.get(bulk_typed.FILE)
    given = bulk_typed.uploaded(file) if file else bulk_typed.typed(request.form)
    if not form.validate():
        return _choose(given, problems(form), 422)
    if given.errors:
        return _choose(given, given.errors, 422)

    def begin(session: Session) -> str:
        bulk = bulk_issues.begin(session, given.references, actor=current_actor())
        return url_for("portal.bulk_issue", bulk_id=bulk.id)

    try:
        return actions.once(begin)
    except Refusal as refusal:
        return _choose(given, refused(refusal), 409)


@portal.route("/emision-masiva/<int:bulk_id>", methods=["GET", "POST"])
@access(Action.ISSUE)
@keeps_what_was_typed
def bulk_issue(bulk_id: int) -> Page:
    """The review while it goes on and when it is done, then the issue; the POST accepts, or begins anew with the rest."""
    form = FlaskForm()
    if not form.is_submitted():
        return _run(bulk_id, (), 200)
    if not form.validate():
        return _run(bulk_id, problems(form), 422)
    do = bulk_issues.begin_again if AGAIN in request.form else bulk_issues.accept
    try:
        return actions.once(
            lambda session: url_for("portal.bulk_issue", bulk_id=do(session, bulk_id, actor=current_actor()).id)
        )
    except Refusal as refusal:
        return _run(bulk_id, refused(refusal), 409)


@portal.get("/emision-masiva/<int:bulk_id>/avance")
@access(Action.ISSUE)
def bulk_progress(bulk_id: int) -> str:
    """What moves on that page, in place of what is there."""
    return render_template("portal/bulk_progress.html", one_time_token=actions.one_time_token(), **_told(bulk_id))


def _choose(given: Given, errors: tuple[FieldError, ...], status: int) -> Page:
    criteria, actor = selection.criteria(), current_actor()
    after = request.args.get(paging.AFTER, "")
    with reading() as session:
        offered = (
            bulk_found.issuable(session, criteria.to_search(), actor=actor, after=after)
            if criteria
            else bulk_found.Offered((), None)
        )
        rows = [
            {
                "code": action.code,
                "name": action.name,
                "ends_on": local_date(action.ends_on),
                "field": bulk_typed.field_of(action.code),
                "typed": given.references.get(action.code, ""),
                "error": given.wrong.get(action.code, ""),
            }
            for action in offered.courses
        ]
        latest = [bulk_told.summary(bulk) for bulk in bulk_issues.latest(session, actor=actor, size=LISTED)]
    page = render_template(
        "portal/bulk_choose.html",
        searched=criteria is not None,
        rows=rows,
        next_url=url_for("portal.bulk_issues_page", despues=offered.next_after) if offered.next_after else None,
        file_field=bulk_typed.FILE,
        most=bulk_issues.MOST,
        latest=latest,
        errors=errors,
        one_time_token=actions.one_time_token(),
    )
    return page, status


def _run(bulk_id: int, errors: tuple[FieldError, ...], status: int) -> Page:
    token = actions.one_time_token()
    return render_template("portal/bulk_issue.html", errors=errors, one_time_token=token, **_told(bulk_id)), status


def _told(bulk_id: int) -> dict[str, Any]:
    with reading() as session:
        bulk = bulk_issues.get(session, bulk_id, current_actor())
        return bulk_told.whole(bulk, bulk_issues.rows_of(session, bulk_id))
