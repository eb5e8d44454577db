"""Where the measurements happen: an embedded database of their own, filled once and kept."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any

import click
from flask import Flask
from psycopg import Connection, connect, sql

from app.adapters.embedded.lease import Lease
from app.adapters.embedded.postgres import Postgres
from app.adapters.embedded.valkey import Valkey
from app.cli.prepare import bring_up_to_date
from app.config import Settings
from app.factory import create_app
from bench.country import Country
from bench.loading import load


def app_with(country: Country) -> Flask:
    """The application on a database that holds `country` and nothing else, in a folder of its own below DATA_DIR.

    DATABASE_URL is not looked at: nobody's data are measured with. The first time takes minutes.
    """
    settings = Settings.from_env()
    folder = settings.data_dir / "bench" / f"{country.courses}x{country.participants}x{country.classes}"
    folder.mkdir(parents=True, exist_ok=True)
    # No effect is asked for here, so nobody rings a queue.
    app = create_app(
        replace(settings, database_url="", database_owner_url="", redis_url="redis://localhost", data_dir=folder)
    )
    with app.app_context():
        bring_up_to_date()
    with connection_to(app) as connection:
        if connection.execute("SELECT FROM training_action LIMIT 1").fetchone() is None:
            _build(connection, country)
    with connection_to(app) as connection:
        connection.autocommit = True
        # As the server's own housekeeping leaves a table that has been at rest.
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
        # Whoever came first would otherwise wait for the disk in the place of all.
        connection.execute("SELECT count(marked_at) FROM attendance_mark")
    return app


@contextmanager
def app_on_own_servers(name: str) -> Iterator[Flask]:
    """The application on an empty database and a Valkey of its own, durable as everybody's, all gone afterwards.

    Its `data_dir` is a folder below DATA_DIR, for whatever else is measured with.
    """
    settings = Settings.from_env()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"bench-{name}-", dir=settings.data_dir))
    # PostgreSQL's system user must pass, if we are root.
    folder.chmod(0o711)
    postgres, valkey = Postgres(folder), Valkey(folder)
    leases = [Lease(postgres, folder), Lease(valkey, folder)]
    try:
        urls = {"database_url": postgres.url, "database_owner_url": postgres.owner_url, "redis_url": valkey.url}
        own = {**urls, "data_dir": folder, "secret_key": token_hex(16)}
        app = create_app(replace(settings, **own))
        with app.app_context():
            bring_up_to_date()
        yield app
    finally:
        for lease in leases:
            lease.release()
        postgres.remove()
        shutil.rmtree(folder)


@contextmanager
def connection_to(app: Flask) -> Iterator[Connection[Any]]:
    """The owner's, beside the application's; what it did is committed at the end."""
    settings: Settings = app.extensions["settings"]
    with connect(settings.owner_url.replace("+psycopg", "")) as connection:
        yield connection


def _build(connection: Connection[Any], country: Country) -> None:
    """The country in one transaction: a build that was interrupted leaves nothing."""
    click.echo(f"Building a country of {country.courses} courses (once)…", err=True)
    begun = time.perf_counter()
    # The rows refer to each other by construction; to look up every reference would take most of the time.
    connection.execute("SET LOCAL session_replication_role = replica")
    with _without_indexes(connection, "attendance_mark"):
        marks = load(connection, country)
    click.echo(f"… {marks} marks in {time.perf_counter() - begun:.0f} s", err=True)


@contextmanager
def _without_indexes(connection: Connection[Any], table: str) -> Iterator[None]:
    """Drop the table's plain indexes and make them again at the end: sorting once is faster than inserting each."""
    query = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexdef NOT LIKE 'CREATE UNIQUE%%'"
    indexes = connection.execute(query, (table,)).fetchall()
    for name, _ in indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _, definition in indexes:
        connection.execute(definition)
