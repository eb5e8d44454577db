"""Sessions live in Valkey. While it is away there are none: pages that need one say so, and whatever needs none goes on."""

import logging

from flask import Flask, Request, Response, abort, request, session
from flask.sessions import NullSession
from flask_session.base import ServerSideSession
from flask_session.redis import RedisSessionInterface
from redis import Redis
from redis.exceptions import RedisError

COOKIE = "ASP.NET_SessionId"
# Who comes here proves itself with a token, or asks only whether we live.
NEED_NONE = {"api", "health"}
logger = logging.getLogger(__name__)


class Sessions(RedisSessionInterface):  # type: ignore[misc]
    def open_session(self, app: Flask, request: Request) -> ServerSideSession | None:
        """None while Valkey does not answer; Flask then gives the request one that holds nothing and keeps nothing."""
        try:
            return super().open_session(app, request)
        except RedisError:
            logger.warning("sessions not reached")
            return None

    def save_session(self, app: Flask, session: ServerSideSession, response: Response) -> None:
        """What was done is told even if the session cannot be kept: the answer is worth more than the flashed sentence."""
        try:
            super().save_session(app, session, response)
        except RedisError:
            logger.warning("session not kept")


def install(app: Flask, url: str) -> None:
    app.config["SESSION_COOKIE_NAME"] = COOKIE
    app.session_interface = Sessions(app, client=Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5))
    app.before_request(_need_one)


def are_away() -> bool:
    return isinstance(session._get_current_object(), NullSession)  # type: ignore[attr-defined]


def _need_one() -> None:
    if are_away() and request.blueprint not in NEED_NONE and request.endpoint != "static":
        abort(503)
