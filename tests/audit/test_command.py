"""`flask audit` as operators and other programs run it: what it prints, how it ends, and that it changes nothing."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import InternalError
from sqlalchemy.orm import Session

from app.process.audit import INVARIANTS
from app.services.audit.invariant import Invariant, in_sql
from app.unit_of_work import one_snapshot
from tests.audit.honest import Honest
from tests.support.tables import all_rows

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
COUNTER = "UPDATE folio_counter SET last_number = last_number + {}"


def run(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=["audit", *args])


@pytest.fixture
def counter_ahead(honest: Honest) -> Iterator[None]:
    """The counter of folios is one ahead, for everybody."""
    with honest.engine.begin() as connection:
        connection.execute(text(COUNTER.format(1)))
    yield
    with honest.engine.begin() as connection:
        connection.execute(text(COUNTER.format(-1)))


def test_all_green_ends_with_nought_and_a_line_each(app: Flask, honest: Honest) -> None:
    result = run(app, "--settled")

    assert result.exit_code == 0, result.stdout
    assert [line[2:].split()[0] for line in result.stdout.splitlines() if line.startswith("✓ ")] == [
        invariant.name for invariant in INVARIANTS
    ]
    assert "Todo se cumple." in result.stdout


def test_what_is_broken_ends_with_one_and_names_who(app: Flask, counter_ahead: None) -> None:
    result = run(app)

    assert result.exit_code == 1
    broken = [line for line in result.stdout.splitlines() if line.startswith("✗ ")]
    assert [line[2:].split()[0] for line in broken] == ["folio_counter_agrees"]
    assert "1: folio_counter:20" in result.stdout


def test_another_program_reads_it_as_json(honest: Honest, counter_ahead: None) -> None:
    command = [sys.executable, "-m", "flask", "audit", "--json", "--settled"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told: dict[str, Any] = json.loads(done.stdout)

    assert done.returncode == 1, done.stderr
    assert not told["holds"]
    assert [(one["name"], one["count"]) for one in told["invariants"] if not one["holds"]] == [
        ("folio_counter_agrees", 1)
    ]


def test_only_what_was_named_is_looked_at(app: Flask, honest: Honest, counter_ahead: None) -> None:
    told = json.loads(run(app, "--json", "--only", "folios_without_gaps").stdout)

    assert [one["name"] for one in told["invariants"]] == ["folios_without_gaps"]


def test_a_name_nobody_knows_is_answered_with_those_there_are(app: Flask, honest: Honest) -> None:
    result = run(app, "--only", "folios")

    assert result.exit_code == 2
    assert "No hay un invariante «folios». Elija entre: folios_without_gaps," in result.stderr


def test_it_changes_nothing(app: Flask, honest: Honest) -> None:
    with Session(honest.engine) as session:
        before = all_rows(session)
        session.rollback()
        run(app)

        assert all_rows(session) == before


def test_the_server_refuses_any_change_in_its_transaction(app: Flask, honest: Honest) -> None:
    with app.app_context(), one_snapshot(statement_timeout_s=10) as session, pytest.raises(InternalError):
        session.execute(text(COUNTER.format(1)))


def test_what_takes_too_long_is_told_apart_and_stops_nothing_else(
    app: Flask, honest: Honest, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = in_sql("slow", "Nada.", "SELECT pg_sleep(9)::text")
    monkeypatch.setattr(import_module("app.cli.audit"), "INVARIANTS", (slow, INVARIANTS[0]))
    result = run(app, "--timeout", "1", "--json")

    assert result.exit_code == 1
    assert [one["holds"] for one in json.loads(result.stdout)["invariants"]] == [None, True]


@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda invariant: invariant.name)
def test_operators_are_told_what_to_do(invariant: Invariant) -> None:
    rows = [line for line in OPERATIONS.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]

    assert sum(f"`{invariant.name}`" in row.split("|")[1] for row in rows) == 1
    assert invariant.holds.endswith(".")
