"""History stays: the application's role may add to it and no more, and a trigger refuses everybody else."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import psycopg
import pytest
from flask import Flask
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, make_url, text
from sqlalchemy.orm import Session

from app.adapters import roles
from app.cli.prepare import NO_ROLE, hold_history
from app.config import Settings
from app.db import db
from app.models.history_tables import HISTORY, LOCKED, WORKED_ON
from app.services import separation

Change = tuple[str, str]

MAY_CHANGE = {(table, column) for table, columns in HISTORY.items() for column in columns}
TRIGGERS = "SELECT tgrelid::regclass::text, oid, tgenabled FROM pg_trigger WHERE tgname = 'history_stays' ORDER BY 1"


@pytest.fixture
def application(app: Flask, settings: Settings) -> Iterator[psycopg.Connection]:
    """A connection as the site and the workers have it."""
    with roles.connect(settings.database_url) as connection:
        yield connection


@pytest.fixture
def superuser(app: Flask, settings: Settings) -> Iterator[psycopg.Connection]:
    with roles.connect(settings.owner_url) as connection:
        yield connection


def update(table: str, column: str) -> sql.Composed:
    # No row is met, and it is refused all the same.
    return sql.SQL("UPDATE {} SET {} = DEFAULT WHERE false").format(sql.Identifier(table), sql.Identifier(column))


def updates() -> dict[Change, sql.Composed]:
    """A statement for each column of history."""
    return {
        (table, column.name): update(table, column.name)
        for table in HISTORY
        for column in db.metadata.tables[table].columns
    }


def losses() -> dict[Change, sql.Composed]:
    """Both ways to take rows of each table away."""
    ways = ("DELETE FROM {} WHERE false", "TRUNCATE {} CASCADE")
    return {(table, way): sql.SQL(way).format(sql.Identifier(table)) for table in HISTORY for way in ways}


def done(connection: psycopg.Connection, statements: Mapping[Change, sql.Composed], *, refusal: str) -> set[Change]:
    """Those that are not refused with these words."""
    through = set()
    for change, statement in statements.items():
        try:
            connection.execute(statement)
            through.add(change)
        except InsufficientPrivilege as refused:
            if refusal not in str(refused):
                through.add(change)
    return through


def test_every_table_is_history_or_is_worked_on() -> None:
    assert set(HISTORY) | WORKED_ON == set(db.metadata.tables)
    assert set(HISTORY) & WORKED_ON == set()


def test_what_may_change_of_history_are_columns_it_has() -> None:
    assert MAY_CHANGE.issubset(updates())


def test_the_application_may_change_what_was_left_open_and_nothing_else(application: psycopg.Connection) -> None:
    locking = {(table, "id") for table in LOCKED}
    by_right = {change: statement for change, statement in updates().items() if change not in locking}

    assert done(application, by_right, refusal="permission denied") == MAY_CHANGE
    assert done(application, losses(), refusal="permission denied") == set()


def test_the_trigger_refuses_the_same_to_everybody(
    application: psycopg.Connection, superuser: psycopg.Connection
) -> None:
    locking = {(table, "id"): update(table, "id") for table in LOCKED}

    assert done(superuser, updates(), refusal="History stays") == MAY_CHANGE
    assert done(superuser, losses(), refusal="History stays") == set()
    assert done(application, locking, refusal="History stays") == set()


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE issuance DISABLE TRIGGER history_stays",
        "DROP TABLE log_leaf CASCADE",
        "CREATE TABLE mine (n int)",
        "CREATE TRIGGER mine BEFORE INSERT ON issuance FOR EACH ROW EXECUTE FUNCTION await_log()",
        "SET session_replication_role = replica",
        "SET ROLE postgres",
        "SELECT * FROM alembic_version",
    ],
)
def test_the_application_has_no_way_round(application: psycopg.Connection, statement: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        application.execute(statement.encode())


@pytest.mark.parametrize("table", sorted(LOCKED))
def test_a_row_of_history_that_others_wait_for_can_be_locked(application: psycopg.Connection, table: str) -> None:
    locked = application.execute(sql.SQL("SELECT FROM {} FOR UPDATE").format(sql.Identifier(table)))

    assert locked.rowcount == 0


def test_the_owner_can_on_purpose(superuser: psycopg.Connection) -> None:
    """As docs/operations.md says it."""
    with superuser.transaction(force_rollback=True):
        superuser.execute("ALTER TABLE issuance DISABLE TRIGGER history_stays")

        assert superuser.execute(update("issuance", "evidence")).rowcount == 0


def test_preparing_again_leaves_standing_triggers_alone_and_puts_up_those_that_are_not(
    app: Flask, settings: Settings, superuser: psycopg.Connection
) -> None:
    before = superuser.execute(TRIGGERS).fetchall()
    superuser.execute("ALTER TABLE document DISABLE TRIGGER history_stays")
    superuser.execute("DROP TRIGGER history_stays ON log_head")
    hold_history(settings)
    after = superuser.execute(TRIGGERS).fetchall()

    assert {table for table, _, _ in after} == set(HISTORY)
    assert {enabled for _, _, enabled in after} == {"O"}
    assert {table for table, oid, _ in set(after) - set(before)} == {"log_head"}


def test_a_role_that_is_not_there_is_made(settings: Settings, owner: Engine, superuser: psycopg.Connection) -> None:
    url = make_url(settings.database_url).set(username="another", password="it's-100%-secret")
    given = replace(settings, database_url=url.render_as_string(hide_password=False))
    hold_history(given)
    try:
        with roles.connect(given.database_url) as connection:
            assert connection.execute("SELECT count(*) FROM issuance").fetchone() == (0,)
            with pytest.raises(InsufficientPrivilege):
                connection.execute("DELETE FROM issuance")
    finally:
        superuser.execute("DROP OWNED BY another; DROP ROLE another")


def test_an_owner_who_may_make_none_says_what_to_ask_for(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise roles.NoSuchRole("another")

    monkeypatch.setattr(roles, "grant", refuse)

    with pytest.raises(SystemExit, match=r"CREATE ROLE another LOGIN PASSWORD '…'") as told:
        hold_history(settings)
    assert str(told.value) == NO_ROLE.format(role="another")


def test_the_roles_are_known_to_be_separated_or_not(session: Session, owner: Engine) -> None:
    with Session(owner) as owned:
        assert not separation.holds(owned)
    assert separation.holds(session)


def test_who_may_become_the_owner_is_not_separated(session: Session) -> None:
    role = session.scalar(text("SELECT current_user"))
    session.execute(text("RESET ROLE"))
    session.execute(text(f"GRANT postgres TO {role}"))
    session.execute(text(f"SET LOCAL ROLE {role}"))

    assert not separation.holds(session)
