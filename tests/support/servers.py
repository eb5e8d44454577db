"""The servers of a test run: a PostgreSQL and a Valkey of its own, in a folder that goes away with it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.adapters.embedded.lease import Lease
from app.adapters.embedded.postgres import Postgres
from app.adapters.embedded.valkey import Valkey
from app.cli.prepare import bring_up_to_date
from app.config import Settings
from app.factory import create_app


@pytest.fixture(scope="session")
def data_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="constancia-test-"))
    # PostgreSQL's system user must pass, if we are root.
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def settings(data_dir: Path) -> Iterator[Settings]:
    """Settings of the run's servers. The environment says the same, so that no code can stray to a developer's data."""
    postgres, valkey = Postgres(data_dir, durable=False), Valkey(data_dir, durable=False)
    leases = [Lease(postgres, data_dir), Lease(valkey, data_dir)]
    settings = Settings(
        database_url=postgres.url,
        database_owner_url=postgres.owner_url,
        redis_url=valkey.url,
        data_dir=data_dir,
        secret_key=os.urandom(16).hex(),
    )
    with pytest.MonkeyPatch.context() as environment:
        for name, value in settings.to_env().items():
            environment.setenv(name, value)
        yield settings
    for lease in leases:
        lease.release()
    postgres.remove()


@pytest.fixture(scope="session")
def app(settings: Settings) -> Flask:
    """The application on a database made by the migrations, diagrams loaded."""
    app = create_app(settings)
    app.testing = True
    with app.app_context():
        bring_up_to_date()
    return app
