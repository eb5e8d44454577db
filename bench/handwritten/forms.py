"""Forms that act once: a one-time token claimed in the transaction of the action, and its answer kept for a repeat."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from flask import g, redirect, request
from sqlalchemy.dialects.postgresql import insert
from werkzeug.wrappers import Response

from bench.handwritten.access import database
from bench.handwritten.approval import Refused
from bench.handwritten.models import UsedToken

Page = Response | str | tuple[str, int]


def token() -> str:
    return f"{g.person.id}.{secrets.token_urlsafe(18)}"


def form(page: Callable[[str], str], act: Callable[[], str]) -> Page:
    """The page, or its action: once for each one-time token, in one transaction."""
    if request.method == "GET":
        return page("")
    try:
        # The reading of who asks has begun a transaction; what is decided is read again under the lock.
        address = _once(act)
        database().commit()
    except Refused as refused:
        database().rollback()
        return page(str(refused)), 409
    return redirect(address, code=303)


def _once(act: Callable[[], str]) -> str:
    used = request.form["one_time_token"]
    row = {"token": used, "person_id": g.person.id, "used_at": datetime.now(UTC)}
    is_first = database().scalar(insert(UsedToken).values(row).on_conflict_do_nothing().returning(UsedToken.token))
    known = database().get_one(UsedToken, used, populate_existing=True)
    if known.person_id != g.person.id:
        raise Refused("Este formulario ya se usó. Vuelva a abrirlo.")
    if is_first:
        known.answer = act()
    assert known.answer is not None
    return known.answer
