"""Whether this process can serve people: for balancers and for whoever starts the server. Tells nothing about the data."""

import redis
from flask import Blueprint, current_app
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.config import Settings
from app.domain.permissions import Action
from app.unit_of_work import reading
from app.web.access import access

ADDRESS = "/salud"
blueprint = Blueprint("health", __name__)


@blueprint.get(ADDRESS)
@access(Action.ANYONE)
def health() -> tuple[dict[str, bool], int]:
    """200 while the database answers. A broker that is down is told and does not count: effects wait in the outbox."""
    database, broker = _database_answers(), _broker_answers()
    return {"database": database, "broker": broker}, 200 if database else 503


def _database_answers() -> bool:
    try:
        with reading() as session:
            session.execute(text("SELECT 1"))
    except OperationalError:
        return False
    return True


def _broker_answers() -> bool:
    settings: Settings = current_app.extensions["settings"]
    try:
        with redis.Redis.from_url(settings.broker_url, socket_timeout=2, socket_connect_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
