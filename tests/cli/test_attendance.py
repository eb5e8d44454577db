"""`flask attendance`: figures as exact texts, and stored figures made again for what was asked."""

import json
from decimal import Decimal
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models import AttendanceMark, AttendanceResult, TrainingAction
from tests.factories import TrainingActionFactory, mark_everybody, rows_of
from tests.support.database import rewriting


def run(app: Flask, session: Session, *args: str) -> Result:
    session.commit()
    return app.test_cli_runner().invoke(args=["attendance", *args])


@pytest.fixture
def action(session: Session) -> TrainingAction:
    """Two participants, two classes of five hours, thirty hours: a third, and one exit short of it."""
    found: TrainingAction = TrainingActionFactory(participants=2, classes=2, credited_hours=Decimal(30))
    mark_everybody(found)
    last = rows_of(session, found)["participants"][-1]
    exits = select(AttendanceMark.id).where(AttendanceMark.participant_id == last.id, AttendanceMark.kind == "out")
    with rewriting(session):
        session.execute(delete(AttendanceMark).where(AttendanceMark.id == exits.limit(1).scalar_subquery()))
    return found


def test_show_prints_the_figures_of_each_participant(app: Flask, session: Session, action: TrainingAction) -> None:
    shown: list[dict[str, Any]] = json.loads(run(app, session, "show", action.code, "--json").stdout)

    ruts = [participant.person.rut.wire for participant in rows_of(session, action)["participants"]]
    assert shown == [
        {
            "rut": ruts[0],
            "credited_seconds": 36_000,
            "percentage": "33.33",
            "shown": 33,
            "provisional_percentage": "33.33",
            "flags": [],
        },
        {
            "rut": ruts[1],
            "credited_seconds": 18_000,
            "percentage": "16.66",
            "shown": 16,
            "provisional_percentage": "16.66",
            "flags": ["missing_exit"],
        },
    ]


def test_show_names_the_courses_a_participant_is_in_at_the_same_time(
    app: Flask, session: Session, action: TrainingAction
) -> None:
    other = TrainingActionFactory(participants=1, classes=1)
    mark_everybody(other)
    rows_of(session, other)["participants"][0].person = rows_of(session, action)["participants"][0].person
    first, second = json.loads(run(app, session, "show", action.code, "--json").stdout)

    assert (first["conflicts"], first["flags"]) == ([other.code], [])
    assert "conflicts" not in second
    assert f"coincide con {other.code}" in run(app, session, "show", action.code).stdout


def test_show_computes_and_stores_nothing(app: Flask, session: Session, action: TrainingAction) -> None:
    assert run(app, session, "show", action.code).exit_code == 0

    assert stored(session) == set()


def test_show_without_json_is_a_table(app: Flask, session: Session, action: TrainingAction) -> None:
    lines = run(app, session, "show", action.code).stdout.splitlines()

    assert lines[0].split() == ["RUT", "Segundos", "Porcentaje", "Mostrado", "Provisorio", "Observaciones"]
    assert lines[2].split()[1:] == ["18000", "16.66", "16", "16.66", "missing_exit"]


def test_show_of_an_unknown_code_says_so(app: Flask, session: Session) -> None:
    result = run(app, session, "show", "nada")

    assert result.exit_code == 1
    assert "No hay un curso con el código nada" in result.output


def stored(session: Session) -> set[int]:
    session.commit()
    return set(session.scalars(select(AttendanceResult.action_id)))


@pytest.mark.parametrize("option", ["--action", "--organisation", "--region", "--all"])
def test_recompute_stores_what_was_asked_for_and_nothing_else(app: Flask, session: Session, option: str) -> None:
    mine = TrainingActionFactory(participants=1, classes=1, region="15")
    other = TrainingActionFactory(participants=1, classes=1, region="13")
    value = {"--action": [mine.code], "--organisation": [mine.otec.rut.wire], "--region": ["15"], "--all": []}[option]

    result = run(app, session, "recompute", option, *value)

    assert result.exit_code == 0, result.output
    assert stored(session) == ({mine.id, other.id} if option == "--all" else {mine.id})


@pytest.mark.parametrize(
    ("args", "status", "says"),
    [
        ((), 2, "Elija una sola opción"),
        (("--all", "--region", "13"), 2, "Elija una sola opción"),
        (("--region", "99"), 1, "no es el código de una región"),
        (("--organisation", "1-1"), 1, "dígito verificador"),
        (("--action", "nada"), 1, "No hay cursos que recalcular"),
    ],
)
def test_recompute_refuses_with_what_to_correct(
    app: Flask, session: Session, args: tuple[str, ...], status: int, says: str
) -> None:
    result = run(app, session, "recompute", *args)

    assert result.exit_code == status
    assert says in result.output
