"""Whether the role that the application works with is another than the one that owns history."""

from sqlalchemy import text
from sqlalchemy.orm import Session

NOT_SEPARATED = (
    "El sistema trabaja con el rol dueño de la base de datos, que podría reescribir el historial. "
    "Pida que le den un rol aparte: lo explica docs/operations.md, «Two roles of the database»."
)


def holds(session: Session) -> bool:
    """False for the owner, for who may act as the owner, and for a superuser."""
    owned = text("SELECT pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = to_regclass('history_event')")
    return session.scalar(owned) is False
