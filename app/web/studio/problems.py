"""What the editor is told when something cannot be done: problem+json, also where a page would send to sign in."""

import json
from typing import Any

from flask import Response
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app.domain.errors import NotAllowed, NotFound, Refusal
from app.process.safe_xml import InvalidDiagram
from app.process.studio.drafts import DraftChanged
from app.web import wanted
from app.web.api.problems import MEDIA_TYPE
from app.web.studio.blueprint import machine

# The editor's page carries the token of the session it was opened in, so no other tab can renew it.
OPEN_AGAIN = "vuelva a abrir el borrador y recupere sus cambios: este navegador los guarda."
SESSION_OVER = f"Su sesión terminó. Ingrese de nuevo, {OPEN_AGAIN}"
OTHER_SESSION = f"Su sesión ya no es la de antes: {OPEN_AGAIN}"
STATUS: dict[type[Refusal], int] = {NotAllowed: 403, InvalidDiagram: 422, DraftChanged: 409, Refusal: 409}


class Unreadable(Refusal):
    """The body is not what this address takes."""

    code = "not_json"


def answer(status: int, code: str, detail: str, **more: Any) -> Response:
    body = {"type": f"urn:constancia:problem:{code}", "title": detail, "status": status, "code": code, "detail": detail}
    return Response(json.dumps(body | more, ensure_ascii=False), status=status, mimetype=MEDIA_TYPE)


@machine.errorhandler(Refusal)
def refused(refusal: Refusal) -> Response:
    more = {}
    if isinstance(refusal, DraftChanged):
        more = {"saved_by": refusal.saved_by, "saved_at": refusal.saved_at.isoformat()}
    status = next((status for kind, status in STATUS.items() if isinstance(refusal, kind)), 409)
    return answer(422 if isinstance(refusal, Unreadable) else status, refusal.code, refusal.sentence, **more)


@machine.errorhandler(NotFound)
def not_found(_: NotFound) -> Response:
    return answer(404, "not_found", "No hay nada en esta dirección. Revísela.")


@machine.errorhandler(CSRFError)
def expired(_: CSRFError) -> Response:
    return answer(400, "form_expired", OTHER_SESSION)


@machine.errorhandler(HTTPException)
def failed(error: HTTPException) -> Response:
    status = error.code or 500
    return answer(status, "bad_request" if status < 500 else "internal_error", "No se guardó nada. Inténtelo de nuevo.")


@machine.after_request
def say_that_the_session_is_over(response: AnyResponse) -> AnyResponse:
    """A program that is sent to a page to sign in would take it for an answer."""
    if response.status_code not in (302, 303):
        return response
    wanted.taken()
    return answer(401, "session_over", SESSION_OVER)
