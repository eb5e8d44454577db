"""Everything the pages need of Flask: templates, sessions, protection, headers and the routes."""

from datetime import timedelta

from flask import Flask
from werkzeug.wrappers import Response

from app.config import Settings
from app.web import errors, filters, health, sessions, templating, uploads
from app.web.access import check_access
from app.web.admin.views import blueprint as admin
from app.web.api.views import blueprint as api
from app.web.inbox.views import blueprint as inbox
from app.web.jobs.views import blueprint as jobs
from app.web.operations.views import blueprint as operations
from app.web.policy import CONTENT_POLICY
from app.web.portal.views import blueprint as portal
from app.web.portal_paths import PortalPaths
from app.web.protection import csrf, limiter
from app.web.public.views import machines, public, verification
from app.web.studio.views import blueprint as studio
from app.web.studio.views import for_the_editor
from app.web.turnstile import Turnstile

SESSION_IDLE = timedelta(hours=2)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def install(app: Flask, settings: Settings) -> None:
    """Give `app` its pages. The order matters: templates before what touches them, access before any view."""
    app.config.update(
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=SESSION_IDLE,
        # The token lives as long as the session it belongs to.
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_STORAGE_URI=settings.limits_url,
        RATELIMIT_STORAGE_OPTIONS={"socket_connect_timeout": 2, "socket_timeout": 5},
        # Each process counts by itself while Valkey is away: nobody is let in more often for that.
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
    )
    templating.install(app)
    filters.install(app)
    sessions.install(app, settings.sessions_url)
    app.before_request(uploads.allow_more)
    app.before_request(check_access)
    csrf.init_app(app)
    limiter.init_app(app)
    errors.install(app)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(portal)
    app.register_blueprint(inbox)
    app.register_blueprint(jobs)
    app.register_blueprint(admin)
    app.register_blueprint(operations)
    app.register_blueprint(api)
    app.register_blueprint(studio)
    app.register_blueprint(for_the_editor)
    app.register_blueprint(public)
    app.register_blueprint(machines)
    app.register_blueprint(verification)
    app.after_request(_headers)
    app.wsgi_app = Turnstile(PortalPaths(app), free=frozenset({health.ADDRESS}))  # type: ignore[method-assign]


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
