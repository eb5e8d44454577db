"""One person's one action: the form's one-time token is claimed, the work is one transaction, a repeat gets the same answer."""

import logging
import secrets
from collections.abc import Callable

from flask import g, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import faults
from app.domain.errors import Refusal
from app.services import claims
from app.unit_of_work import unit_of_work

FIELD = "one_time_token"
logger = logging.getLogger(__name__)


def one_time_token() -> str:
    """A new token for a form, bound to the person who opens it."""
    return f"{g.person_id}.{secrets.token_urlsafe(18)}"


def once(act: Callable[[Session], str]) -> Response:
    """Run `act` in one unit of work and go to the address it returns; the same form sent twice acts once.

    Raises what `act` raises, with nothing done and the token still good, and Refusal for a form without a token.
    """
    token = request.form.get(FIELD, "")
    if not token:
        raise Refusal("El formulario llegó incompleto. Vuelva a abrir la página e inténtelo de nuevo.")
    with unit_of_work() as session:
        claim = claims.claim(session, token, person_id=g.person_id)
        faults.point("request.claimed")
        if claim.is_first:
            claim.store_answer(act(session))
        address = claim.answer
    assert address is not None
    logger.info("action done", extra={"page": request.endpoint, "person": g.person_id, "first": claim.is_first})
    return redirect(address, code=303)
