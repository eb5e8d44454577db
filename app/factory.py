"""Puts the application together from its settings; nothing else knows all the parts."""

import gc
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from sqlalchemy.orm import configure_mappers

from app import cli, faults, logs
from app.adapters import embedded
from app.adapters.log_key import LogKey
from app.adapters.mail import post_office
from app.adapters.queue import Queue
from app.adapters.signer import signer_of
from app.adapters.storage import Storage
from app.config import Settings
from app.db import ENGINE_OPTIONS, READING, READING_OPTIONS, db
from app.web import setup

TEMPLATES = "../templates"
MIGRATIONS = Path(__file__).parent / "migrations"
# Objects that may hold others, new since the last look for garbage: about those of one page.
COLLECT_EVERY = 20_000


def create_app(settings: Settings | None = None) -> Flask:
    """The application; without `settings` they are read from the environment, and what they leave empty is embedded."""
    logs.configure()
    settings = embedded.complete(settings or Settings.from_env())
    faults.arm(settings.fault, settings.faults_dir)
    app = Flask(__name__, template_folder=TEMPLATES, static_folder="static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=ENGINE_OPTIONS,
        SQLALCHEMY_BINDS={READING: {"url": settings.database_url, **READING_OPTIONS}},
    )
    app.extensions.update(settings=settings, queue=Queue(settings.broker_url), storage=Storage(settings.documents_dir))
    app.extensions.update(post_office=post_office(settings), log_key=LogKey(settings.log_key_path))
    app.extensions.update(signer=signer_of(settings))
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), compare_type=True)
    setup.install(app, settings)
    cli.register(app)
    return app


def create_site(settings: Settings | None = None) -> Flask:
    """The application of a web process, which the server names.

    What is there once it has started stays, so the collector of cyclic garbage need not look at it with every page.
    """
    app = create_app(settings)
    configure_mappers()
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY)
    return app
