"""Puts the hand-written application together: the same database, session store and CSRF protection as ours."""

from datetime import timedelta

from flask import Flask, g
from flask_session import Session as ServerSession
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from redis import Redis
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.orm import sessionmaker

from app.config import Settings
from app.db import ENGINE_OPTIONS
from bench.handwritten.access import check_access
from bench.handwritten.models import SCHEMA, Base
from bench.handwritten.views import blueprint


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or Settings.from_env()
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_TYPE="redis",
        SESSION_REDIS=Redis.from_url(settings.sessions_url, socket_connect_timeout=2),
        SESSION_KEY_PREFIX="handwritten:",
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=2),
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    engine = create_engine(settings.database_url, **ENGINE_OPTIONS)
    app.extensions["engine"], app.extensions["sessions"] = engine, sessionmaker(engine)
    ServerSession(app)
    app.before_request(check_access)
    CSRFProtect(app)
    app.register_blueprint(blueprint)
    app.teardown_appcontext(_close)
    return app


def create_tables(settings: Settings) -> None:
    """As the owner, for the role that ours works with too."""
    role = make_url(settings.database_url).username
    with create_engine(settings.owner_url, poolclass=NullPool).begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        Base.metadata.create_all(connection)
        connection.execute(text(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {role}"))
        connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {role}"))
        connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {role}"))


def _close(_: BaseException | None) -> None:
    session = g.pop("database", None)
    if session is not None:
        session.close()
