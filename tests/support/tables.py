"""Everything the database holds, to say that an action left no trace."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db


def all_rows(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in order of primary key."""
    session.expire_all()
    return {
        table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
        for table in db.metadata.sorted_tables
    }
