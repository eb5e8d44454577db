"""What somebody is told who calls a command before the database has its tables."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url

from app.cli.prepared import NOT_PREPARED
from app.db import db
from app.factory import create_app


@pytest.fixture
def bare(app: Flask) -> Iterator[Flask]:
    """The application on the server's own database, in which nobody made a table."""
    settings = app.extensions["settings"]
    url = make_url(settings.database_url).set(database="postgres").render_as_string(hide_password=False)
    unprepared = create_app(replace(settings, database_url=url))
    yield unprepared
    with unprepared.app_context():
        db.engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "organisations.csv").write_text("rut,name,kind\n76000001-9,Quillay SpA,otec\n")
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [["attendance", "show", "1"], ["attendance", "recompute", "--all"], ["audit"], ["intake", "load"]],
    ids=str,
)
def test_a_database_without_tables_is_told_in_a_sentence(bare: Flask, folder: Path, command: Sequence[str]) -> None:
    told = bare.test_cli_runner().invoke(args=[*command, str(folder)] if command[0] == "intake" else [*command])

    assert (told.exit_code, told.output.strip().splitlines()[-1:]) == (1, [NOT_PREPARED]), told.exception
