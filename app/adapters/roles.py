"""What only the owner of the database can do: have history refuse changes, and tell the application's role its rights.

Another role than the owner works with the database, so whoever takes over the site or a worker can add to history at the most.
"""

from collections.abc import Collection
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import make_url

GUARD = sql.Identifier("history_stays")
# By statement: an attempt is refused even where it would meet no row, and TRUNCATE has no rows.
REFUSE = sql.SQL("""
    CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'History stays: % of % is refused, in the columns that never change or of whole rows', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege', HINT = 'docs/operations.md, "Two roles of the database"';
    END $$
""")
# Before UPDATE, DELETE and TRUNCATE, once a statement, switched on.
STANDING = """
    SELECT c.relname AS name, array(
        SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum = ANY (tgattr) ORDER BY attname
    ) AS frozen
    FROM pg_trigger JOIN pg_class AS c ON c.oid = tgrelid
    WHERE tgname = 'history_stays' AND tgtype = 58 AND tgenabled IN ('O', 'A')
        AND relnamespace = current_schema()::regnamespace
"""


@dataclass(frozen=True)
class Table:
    """A table of history: the columns that never change, those that may, and whether its rows are locked."""

    name: str
    frozen: tuple[str, ...]
    changing: tuple[str, ...] = ()
    is_locked: bool = False


class NoSuchRole(Exception):
    """The application's role is not there and this owner may make none. Its text is the role's name."""


def connect(url: str) -> psycopg.Connection:
    """As the owner; every statement is true at once."""
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def hold_history(owner: psycopg.Connection, tables: Collection[Table]) -> None:
    """Put the trigger on each of these tables and on no other one.

    A table that has it already is left alone, for to put it there waits for everybody who is writing to it. One after the
    other, so that nobody waits for two.
    """
    owner.execute(REFUSE.format(GUARD))
    standing = {name: tuple(frozen) for name, frozen in owner.execute(STANDING)}
    for table in tables:
        frozen = table.frozen if table.changing else ()
        if standing.pop(table.name, None) != frozen:
            _put_guard(owner, table.name, frozen)
    for name in standing:
        owner.execute(sql.SQL("DROP TRIGGER {} ON {}").format(GUARD, sql.Identifier(name)))


def _put_guard(owner: psycopg.Connection, table: str, frozen: Collection[str]) -> None:
    of_columns = sql.SQL("OF {}").format(_listed(frozen)) if frozen else sql.SQL("")
    statement = sql.SQL(
        "CREATE OR REPLACE TRIGGER {guard} BEFORE UPDATE {of} OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION {guard}()"
    )
    owner.execute(statement.format(guard=GUARD, of=of_columns, table=sql.Identifier(table)))


def grant(owner: psycopg.Connection, url: str, history: Collection[Table], worked_on: Collection[str]) -> None:
    """Give the role of `url` its rights on these tables and none else; it is made if it is not there.

    Nothing where that role is the owner itself. Raises NoSuchRole.
    """
    role = make_url(url).username or owner.info.user
    if role == owner.info.user:
        return
    _have_role(owner, role, make_url(url).password or "")
    names = _listed([*(table.name for table in history), *worked_on])
    to = sql.Identifier(role)
    with owner.transaction():
        owner.execute(sql.SQL("REVOKE ALL ON {} FROM PUBLIC, {}").format(names, to))
        owner.execute(sql.SQL("GRANT SELECT, INSERT ON {} TO {}").format(names, to))
        owner.execute(sql.SQL("GRANT UPDATE, DELETE ON {} TO {}").format(_listed(worked_on), to))
        for table in history:
            if columns := [*table.changing, *(["id"] if table.is_locked else [])]:
                change = sql.SQL("GRANT UPDATE ({}) ON {} TO {}")
                owner.execute(change.format(_listed(columns), sql.Identifier(table.name), to))


def _have_role(owner: psycopg.Connection, name: str, password: str) -> None:
    if owner.execute("SELECT FROM pg_roles WHERE rolname = %s", (name,)).fetchone() is not None:
        return
    make = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), sql.Literal(password))
    try:
        owner.execute(make)
    except InsufficientPrivilege as refused:
        raise NoSuchRole(name) from refused


def _listed(names: Collection[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
