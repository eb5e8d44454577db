"""What somebody typed into a form whose session had ended: kept until the same person is back on that form."""

from typing import Any

from flask import Request, g, request, session
from werkzeug.datastructures import ImmutableMultiDict

KEY = "unsent_form"
MAX_CHARACTERS = 5000
TOKENS = ("csrf_token", "one_time_token")


def keep(posted: Request) -> None:
    """Put aside the fields of a refused POST, for the person its one-time token was made for."""
    fields = {name: value for name, value in posted.form.items() if name not in TOKENS}
    owner = posted.form.get("one_time_token", "").partition(".")[0]
    if owner.isdigit() and sum(len(value) for value in fields.values()) <= MAX_CHARACTERS:
        session[KEY] = {"path": posted.path, "person_id": int(owner), "fields": fields}


def kept() -> dict[str, Any] | None:
    found: dict[str, Any] | None = session.get(KEY)
    return found


def put_back(found: dict[str, Any] | None) -> None:
    if found is not None:
        session[KEY] = found


def return_address() -> str | None:
    """Where the person who just signed in left something half-done; None if it was somebody else."""
    found = kept()
    return found["path"] if found and found["person_id"] == g.person_id else None


def typed_before() -> ImmutableMultiDict[str, str] | None:
    """The fields typed on this page before the session ended, once; None if there are none for this person."""
    found = kept()
    if request.method != "GET" or not found or found["path"] != request.path or found["person_id"] != g.person_id:
        return None
    session.pop(KEY)
    return ImmutableMultiDict(found["fields"])
