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
from app.services.separation import NOT_SEPARATED


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
def of_one_role(app: Flask) -> Iterator[Flask]:
    """The application as who owns its database."""
    settings = app.extensions["settings"]
    owning = create_app(replace(settings, database_url=settings.owner_url, database_owner_url=""))
    yield owning
    with owning.app_context():
        db.engine.dispose()


def test_who_prepares_with_one_role_for_everything_is_told(app: Flask, of_one_role: Flask) -> None:
    separated, one = (each.test_cli_runner().invoke(args=["prepare"]) for each in (app, of_one_role))

    assert (separated.exit_code, separated.stderr) == (0, "")
    assert (one.exit_code, one.stderr.strip()) == (0, NOT_SEPARATED)


def test_the_audit_of_one_role_for_everything_is_red_and_its_triggers_hold(of_one_role: Flask) -> None:
    names = ("application_only_adds_to_history", "history_refuses_changes")
    only = [argument for name in names for argument in ("--only", name)]
    told = of_one_role.test_cli_runner().invoke(args=["audit", *only])

    assert told.exit_code == 1
    assert [line[0] for line in told.stdout.splitlines() if line[:1] in "✓✗?" and line] == ["✗", "✓"]


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
