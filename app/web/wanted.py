"""The page somebody asked for before signing in, by a link in a letter as a rule: they are led to it once they have.

The portal's own pages are not remembered: its clients know what comes after signing in.
"""

from flask import Request, session

from app.web.context import PORTAL

KEY = "wanted_page"


def keep(asked: Request) -> None:
    """Remember the page; never what a script asks for by itself, nor another site's address."""
    is_page = asked.method == "GET" and "HX-Request" not in asked.headers
    if is_page and not asked.path.lower().startswith(("//", PORTAL.lower())):
        session[KEY] = asked.path


def kept() -> str | None:
    found: str | None = session.get(KEY)
    return found


def put_back(found: str | None) -> None:
    if found is not None:
        session[KEY] = found


def taken() -> str | None:
    """The page, once."""
    found: str | None = session.pop(KEY, None)
    return found
