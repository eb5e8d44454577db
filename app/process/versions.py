"""Which version of a process new cases follow."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import ProcessDefinition


def current_or_none(session: Session, process_id: str) -> ProcessDefinition | None:
    """The highest that has begun; None for a process that was never published, or whose first version has yet to begin."""
    return session.scalar(
        select(ProcessDefinition)
        .where(ProcessDefinition.process_id == process_id, ProcessDefinition.starts_at <= func.clock_timestamp())
        .order_by(ProcessDefinition.version.desc())
        .limit(1)
    )
