"""Who may open which page: every view names one Action, and a view that names none is closed to everybody."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, current_app, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.domain.permissions import Action, Actor, Profile
from app.services import profiles
from app.unit_of_work import reading
from app.web import unsent, wanted

View = TypeVar("View", bound=Callable[..., Any])

PERSON, PROFILE, ORGANISATION, AUTHENTICATED_BY = "person_id", "profile", "organisation_id", "authenticated_by"


def access(action: Action) -> Callable[[View], View]:
    """Marks a view with the one thing a profile must be able to do to open it."""

    def mark(view: View) -> View:
        view.access_rule = action  # type: ignore[attr-defined]
        return view

    return mark


def rule_of(endpoint: str) -> Action | None:
    """The access rule of an endpoint; files of the front end are for anyone."""
    if endpoint == "static":
        return Action.ANYONE
    rule: Action | None = getattr(current_app.view_functions[endpoint], "access_rule", None)
    return rule


def check_access() -> Response | None:
    """Runs before every request: finds out who it is, and lets through what the view's rule allows."""
    g.actor = None
    if request.endpoint is None:
        return None
    rule = rule_of(request.endpoint)
    if rule is None:
        abort(403)
    if request.endpoint == "static":
        return None

    load_actor()
    if rule is Action.ANYONE:
        return None
    if g.person_id is None:
        return _sign_in_first()
    if rule is Action.SIGNED_IN:
        return None
    if g.actor is None:
        wanted.keep(request)
        return redirect(url_for("portal.select_profile"))
    g.actor.require(rule)
    return None


def load_actor() -> None:
    """Who the session belongs to, in the profile chosen, as granted today."""
    g.person_id = session.get(PERSON)
    g.actor = None
    if g.person_id is None or PROFILE not in session:
        return
    with reading() as database:
        g.actor = profiles.actor_for(
            database,
            g.person_id,
            Profile(session[PROFILE]),
            session[ORGANISATION],
            authenticated_by=session[AUTHENTICATED_BY],
        )


def current_actor() -> Actor:
    """The actor of a view whose rule demands a profile."""
    actor: Actor = g.actor
    return actor


def sign_in(person_id: int, *, person_name: str, authenticated_by: str) -> None:
    """Begin a session for the person under a new id: what an attacker may have planted before is worth nothing."""
    kept, asked_for = unsent.kept(), wanted.kept()
    session.clear()
    session[PERSON] = person_id
    session["person_name"] = person_name
    session[AUTHENTICATED_BY] = authenticated_by
    unsent.put_back(kept)
    wanted.put_back(asked_for)
    _renew_id()


def sign_out() -> None:
    """End the session on the server: its cookie opens nothing any more, wherever a copy of it may be."""
    session["ended"] = True
    _renew_id()
    session.clear()


def _renew_id() -> None:
    # An empty session keeps its id whatever one asks, so there must be something in it by now.
    current_app.session_interface.regenerate(session)  # type: ignore[attr-defined]


def _sign_in_first() -> Response:
    if request.method == "POST":
        unsent.keep(request)
        flash("Su sesión venció. Ingrese de nuevo: lo que escribió se conservó.")
    else:
        wanted.keep(request)
    return redirect(url_for("portal.login"))
