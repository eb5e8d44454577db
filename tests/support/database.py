"""Clean data for every test: one transaction that never ends, or, for several connections at once, tables emptied after it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Thread
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, create_engine, insert, make_url, text
from sqlalchemy.orm import Session
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from app.config import Settings
from app.db import ENGINE_OPTIONS, db
from app.models import ProcessDefinition
from app.services import policies
from app.unit_of_work import unit_of_work

Work = Callable[[], AbstractContextManager[Session]]
# Made by the migrations, not by any test.
KEPT = {"alembic_version"}


class ArrangedClient(FlaskClient):
    """A client whose every request finds what the test arranged in its own session already committed."""

    arranged: Session

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        self.arranged.commit()
        return super().open(*args, **kwargs)


@pytest.fixture
def engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture(scope="session")
def owner(settings: Settings) -> Iterator[Engine]:
    """As who owns the tables, for what the application's role may not do."""
    engine = create_engine(settings.owner_url, **ENGINE_OPTIONS)
    yield engine
    engine.dispose()


@pytest.fixture
def session(app: Flask, owner: Engine, settings: Settings, empty_broker: None) -> Iterator[Session]:
    """For arranging and looking. All the test does, requests included, happens in one transaction that is rolled back.

    It has the rights of the application's role; in `rewriting` alone it is the owner again.
    """
    with app.app_context():
        engines = cast(dict[str | None, Any], db.engines)
        usual = dict(engines)
    with as_application(owner, settings) as connection:
        outer = connection.begin()
        engines.update(dict.fromkeys(usual, connection))
        try:
            with Session(connection, join_transaction_mode="create_savepoint") as arranged:
                yield arranged
        finally:
            engines.update(usual)
            outer.rollback()


@pytest.fixture
def client(app: Flask, session: Session) -> ArrangedClient:
    client = ArrangedClient(app, app.response_class, use_cookies=True)
    client.arranged = session
    return client


@pytest.fixture
def work(app: Flask, session: Session) -> Work:
    """`with work() as s:` is a unit of work as a view or a task opens it, after committing what was arranged."""

    @contextmanager
    def opened() -> Iterator[Session]:
        session.commit()
        with app.app_context(), unit_of_work() as inner:
            yield inner

    return opened


@contextmanager
def as_application(owner: Engine, settings: Settings) -> Iterator[Connection]:
    """A connection with the rights of the application's role, which can become the owner's again in `rewriting`."""
    with owner.connect() as connection:
        connection.execute(text(f"SET ROLE {make_url(settings.database_url).username}"))
        connection.commit()
        yield connection
        connection.rollback()
        connection.execute(text("RESET ROLE"))
        connection.commit()


@contextmanager
def rewriting(session: Session) -> Iterator[None]:
    """In here history can be changed and taken away, as the owner alone could: to arrange an old story or a loss."""
    session.flush()
    role = session.scalar(text("SELECT current_user"))
    session.execute(text("SET LOCAL ROLE NONE"))
    session.execute(text("SET LOCAL session_replication_role = replica"))
    yield
    session.flush()
    session.execute(text("SET LOCAL session_replication_role = origin"))
    session.execute(text(f"SET LOCAL ROLE {role}"))


@pytest.fixture
def live(app: Flask, owner: Engine, empty_broker: None, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application with real commits, for threads and other processes; every table is emptied afterwards."""
    assert "session" not in request.fixturenames, "live and session do not mix: arrange with live_session"
    yield app
    empty_tables(owner)


def empty_tables(owner: Engine) -> None:
    """Take away everything that real commits left; what was there before is put back, for its tables refer to people."""
    with owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        names = [table.name for table in db.metadata.sorted_tables if table.name not in KEPT]
        installed = (
            connection.execute(text("SELECT * FROM process_definition WHERE author_id IS NULL")).mappings().all()
        )
        connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY"))
        for row in installed:
            connection.execute(insert(ProcessDefinition), dict(row) | {"retired_at": None, "retired_by_id": None})
        connection.execute(text("SELECT setval('process_definition_id_seq', (SELECT max(id) FROM process_definition))"))
    with Session(owner) as session, session.begin():
        policies.load_standard(session)


@pytest.fixture
def live_session(live: Flask, owner: Engine, settings: Settings) -> Iterator[Session]:
    """For arranging (commit it!) and looking in a test with real commits."""
    with as_application(owner, settings) as connection, Session(connection) as session:
        yield session


@pytest.fixture
def live_server(live: Flask) -> Iterator[str]:
    """The site on a loopback port, one thread a request; its address."""
    server = make_server("127.0.0.1", 0, live, threaded=True)
    # Closing waits for what is being answered: the tables are emptied next.
    server.daemon_threads = False  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
