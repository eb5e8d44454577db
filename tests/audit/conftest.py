"""The honest history, told once for all tests of the audit."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from app.adapters.storage import Storage
from app.config import Settings
from tests.audit.honest import Honest, told


@pytest.fixture(scope="package")
def honest(app: Flask, owner: Engine, settings: Settings) -> Iterator[Honest]:
    # Where the other processes of this run look, which read the same settings.
    with told(app, owner, Storage(settings.documents_dir)) as history:
        yield history
