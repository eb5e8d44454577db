"""/transparencia/: the public log in plain words, its heads, and whether one continues another."""

from dataclasses import dataclass
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.adapters.log_key import is_signed
from app.domain.log_format import head_bytes
from app.domain.merkle import proves_consistency
from app.domain.permissions import Action
from app.models import LogHead
from app.services import transparency
from app.services.transparency import heads
from app.unit_of_work import reading, unit_of_work
from app.web.access import access
from app.web.context import FieldError
from app.web.filters import local_moment
from app.web.protection import limiter
from app.web.public.asked import FROM, TO, CannotTell, two_heads
from app.web.public.blueprint import public

SIZE = 25
LARGEST = 2**62
AN_ADDRESS, SIGNATURES = "60 per minute", "5 per hour"
ASKED = "Se pidió una firma. La cabeza nueva aparece aquí en unos segundos: recargue la página."
FRESH = "La última cabeza se firmó hace menos de un minuto: es la que se muestra."


@dataclass(frozen=True)
class ToldHead:
    """A head in the words of the page."""

    number: int
    size: int
    signed: str
    root: str
    key_id: str
    url: str
    key_url: str


@dataclass(frozen=True)
class Checked:
    """Whether the head of `second` leaves continues the one of `first`."""

    first: int
    second: int
    holds: bool
    url: str


@public.get("/transparencia/")
@access(Action.ANYONE)
@limiter.limit(AN_ADDRESS)
def log() -> tuple[str, int]:
    """`?desde=` and `?hasta=` check two heads against each other, `?despues=` goes on after the last one of the page before."""
    after = request.args.get("despues", type=int)
    before = None if after is None else max(0, min(after, LARGEST))
    asked = {name: request.args.get(name, "") for name in (FROM, TO)}
    with reading() as session:
        checked, errors = _checked(session, asked) if any(asked.values()) else (None, ())
        latest = transparency.latest(session)
        page = heads.page(session, before=before, size=SIZE)
        listed = [_told(head) for head in page.heads]
        told = _told(latest) if latest else None
    again = partial(url_for, "public.log", _anchor="cabezas")
    return render_template(
        "public/transparency.html",
        latest=told,
        listed=listed,
        asked=asked,
        checked=checked,
        errors=errors,
        first_url=None if before is None else again(),
        next_url=None if page.next_after is None else again(despues=page.next_after),
    ), 422 if errors else 200


@public.post("/transparencia/firmar")
@access(Action.ANYONE)
@limiter.limit(SIGNATURES)
def sign() -> Response:
    """Ask for a head now; the worker, who has the key, signs it."""
    with unit_of_work() as session:
        is_asked = transparency.ask_seal(session)
    flash(ASKED if is_asked else FRESH, "success")
    return redirect(url_for("public.log"))


def _checked(session: Session, asked: dict[str, str]) -> tuple[Checked | None, tuple[FieldError, ...]]:
    try:
        first, second = two_heads(session, asked)
    except CannotTell as problem:
        return None, (FieldError(problem.sentence, f"#{problem.field}"),)
    path = transparency.consistency(session, first, second).path
    holds = proves_consistency(first.size, second.size, path, first.root, second.root)
    url = url_for("public_json.consistency", desde=first.size, hasta=second.size)
    return Checked(first.size, second.size, holds and _is_signed(first) and _is_signed(second), url), ()


def _is_signed(head: LogHead) -> bool:
    return is_signed(head.key.public_key, head.signature, head_bytes(head.size, head.root, head.signed_at))


def _told(head: LogHead) -> ToldHead:
    return ToldHead(
        number=head.id,
        size=head.size,
        signed=local_moment(head.signed_at),
        root=head.root.hex(),
        key_id=head.key_id,
        url=url_for("public_json.head", number=head.id),
        key_url=url_for("public_json.public_key", key_id=head.key_id),
    )
