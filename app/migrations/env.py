"""Alembic inside the application: the same tables, and the role that owns them."""

from alembic import context
from flask import current_app
from sqlalchemy import NullPool, create_engine

from app.db import db


def run() -> None:
    """Upgrade in one transaction: a migration that fails half-way leaves nothing behind."""
    owner = create_engine(current_app.extensions["settings"].owner_url, poolclass=NullPool, hide_parameters=True)
    with owner.connect() as connection:
        arguments = current_app.extensions["migrate"].configure_args
        context.configure(connection=connection, target_metadata=db.metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()


run()
