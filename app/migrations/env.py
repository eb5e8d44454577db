"""Alembic inside the application: the same engine, the same tables."""

from alembic import context
from flask import current_app

from app.db import db


def run() -> None:
    """Upgrade in one transaction: a migration that fails half-way leaves nothing behind."""
    with db.engine.connect() as connection:
        arguments = current_app.extensions["migrate"].configure_args
        context.configure(connection=connection, target_metadata=db.metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()


run()
