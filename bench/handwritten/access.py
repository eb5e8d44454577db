"""Who asks, as granted today, and the session with the database that one request has."""

from flask import abort, current_app, g, redirect, request, session, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response

from app.domain.permissions import Profile
from app.models import ProfileGrant
from bench.handwritten.models import Request


def database() -> Session:
    if "database" not in g:
        g.database = current_app.extensions["sessions"]()
    found: Session = g.database
    return found


def check_access() -> Response | None:
    """Everything but the sign-in needs somebody, in a profile that is still granted."""
    if request.endpoint in ("approval.login", "static"):
        return None
    if "person_id" not in session:
        return redirect(url_for("approval.login"))
    grant = database().scalar(
        select(ProfileGrant)
        .where(ProfileGrant.person_id == session["person_id"])
        .options(joinedload(ProfileGrant.person), joinedload(ProfileGrant.organisation))
        .order_by(ProfileGrant.id)
        .limit(1)
    )
    if grant is None:
        abort(403)
    g.person, g.grant, g.waiting = grant.person, grant, None
    if grant.profile is Profile.REGIONAL_DIRECTOR:
        g.waiting = database().scalar(
            select(func.count()).where(Request.region == grant.region, Request.decided_at.is_(None))
        )
    return None
