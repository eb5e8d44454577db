"""What people see when something is not allowed, not there or went wrong: one sentence and a way on."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, render_template, request
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from redis.exceptions import RedisError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from app.domain.errors import NotAllowed, NotFound, Refusal
from app.process.stuck import CaseStuck
from app.services import incidents
from app.unit_of_work import unit_of_work
from app.web import sessions, unsent
from app.web.api import problems

EXPIRED = "El formulario venció. Lo que escribió sigue aquí: revíselo y envíelo otra vez."
TOO_LARGE = (
    "Lo que envió pesa demasiado y no se pudo recibir. Vuelva atrás, elija archivos más livianos y envíe otra vez."
)
STUCK = (
    "El trámite no puede seguir por un problema de su diagrama, y no se guardó nada de lo que acaba de hacer. "
    "Avise a soporte que es el incidente N.º {number}; cuando lo hayan corregido, inténtelo de nuevo."
)
STUCK_REASON = "El diagrama del trámite no tiene cómo seguir. Corríjalo; la persona tiene que repetir lo que hizo."
Page = tuple[str, int]
logger = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])


def install(app: Flask) -> None:
    """Give `app` its error pages."""
    app.register_error_handler(NotFound, lambda _: _page(404))
    app.register_error_handler(NotAllowed, lambda refusal: _page(403, refusal.sentence))
    app.register_error_handler(Refusal, lambda refusal: _page(409, refusal.sentence))
    app.register_error_handler(CaseStuck, _stuck_case)
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(RateLimitExceeded, lambda error: error.response or _page(429))
    app.register_error_handler(DataError, _impossible_value)
    app.register_error_handler(OperationalError, _out_of_reach)
    app.register_error_handler(RedisError, _out_of_reach)
    for status in (400, 403, 404, 405, 413, 500, 503):
        app.register_error_handler(status, _http_error)


def keeps_what_was_typed(view: View) -> View:
    """Marks a view whose form, when it comes too late, is shown again as it was typed instead of an error page."""
    view.keeps_what_was_typed = True  # type: ignore[attr-defined]
    return view


def _expired_form(_error: CSRFError) -> Any:
    view = current_app.view_functions[request.endpoint or ""]
    if not getattr(view, "keeps_what_was_typed", False):
        return _page(400)
    # The view's own form fails the same check, so it renders what was typed and changes nothing.
    g.form_expired = True
    try:
        return view(**(request.view_args or {}))
    except (NotFound, Refusal) as refusal:
        # Flask looks for no handler of what is raised within a handler.
        return current_app.handle_user_exception(refusal)


def _impossible_value(error: DataError) -> Page:
    """An address may hold what no column can (a NUL, a number of thirty digits): there is no such page."""
    if request.method != "GET":
        raise error
    return _page(404)


def _out_of_reach(error: OperationalError | RedisError) -> Page:
    """A server of ours is away for a moment, or had to let go of what it was asked."""
    logger.error("a server of ours is out of reach", exc_info=error, extra={"page": request.endpoint})
    return _page(503)


def _stuck_case(error: CaseStuck) -> Page:
    """Everything was rolled back; the incident, in a transaction of its own, is what remains of it."""
    with unit_of_work() as database:
        number = incidents.open_for_instance(
            database, error.instance_id, f"process/{error.process_id}", STUCK_REASON, error.problem
        )
    return _page(500, STUCK.format(number=number))


def _http_error(error: HTTPException) -> Page | Response:
    # What no view was found for belongs to no blueprint: the address tells that a machine asked.
    if request.path.startswith(problems.PREFIX):
        return problems.of_http(error)
    return _page(error.code or 500, TOO_LARGE if error.code == 413 else None)


def _page(status: int, sentence: str | None = None) -> Page:
    known = status if status in (400, 403, 404, 409, 429, 500, 503) else 400
    given = {"message": sentence} if sentence else {}
    if status in (500, 503):
        given["way_back"] = _way_back()
    return render_template(f"errors/{known}.html", **given), status


def _way_back() -> str:
    """The form that something failed behind, which will be as it was typed; empty if there is none."""
    view = current_app.view_functions.get(request.endpoint or "")
    is_kept = request.method == "POST" and getattr(view, "keeps_what_was_typed", False)
    if not is_kept or sessions.are_away():
        return ""
    unsent.keep(request)
    return request.path
