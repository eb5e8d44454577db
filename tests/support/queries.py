"""How many statements a request sends: a page that asks once per row shows it here."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

# Of the test's transaction alone: outside of tests a unit of work is a transaction and no savepoint.
SAVEPOINTS = ("SAVEPOINT", "RELEASE", "ROLLBACK TO")


@contextmanager
def all_statements(session: Session) -> Iterator[list[str]]:
    """Everything that the test's transaction sends while the block lasts, whoever asks for it."""
    connection = session.connection()
    sent: list[str] = []

    def note(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(SAVEPOINTS):
            sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", note)


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """The SELECTs among them."""
    selects: list[str] = []
    with all_statements(session) as sent:
        yield selects
    selects += (statement for statement in sent if statement.lstrip().upper().startswith("SELECT"))
