"""`flask process test`: what the folder of the analysts, or CI, is told."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.models import CoverageRule, ProcessDefinition
from app.process import definitions
from tests.factories import PersonFactory
from tests.support.database import rewriting


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A master copy of the analysts, laid out as ours."""
    return Path(shutil.copytree(definitions.FOLDER, tmp_path / "processes"))


def rows(app: Flask, *arguments: str) -> list[dict[str, object]]:
    result = app.test_cli_runner().invoke(args=["process", "test", "--json", *arguments])
    found: list[dict[str, object]] = json.loads(result.stdout)
    assert (result.exit_code == 0) == all(row["passed"] for row in found)
    return found


def test_our_own_scenarios_pass_and_go_through_everything(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["process", "test"])

    assert result.exit_code == 0
    assert result.stdout.count("(100 %)") == len(list(definitions.FOLDER.glob("*.bpmn")))


def test_what_is_published_is_named_by_its_process(app: Flask, session: Session) -> None:
    assert [row["process_id"] for row in rows(app, "annulment", "issuance")] == ["annulment", "issuance"]


def test_what_is_published_is_held_to_what_the_administrator_asks_for(app: Flask, session: Session) -> None:
    published = definitions.latest(session, "issuance")
    some = {"issued_at_once": published.scenarios["issued_at_once"]}
    with rewriting(session):
        session.execute(update(ProcessDefinition).where(ProcessDefinition.id == published.id).values(scenarios=some))
    session.commit()
    assert not rows(app, "issuance")[0]["passed"]

    session.add(CoverageRule(percent=80, set_at=datetime.now(UTC), set_by_id=PersonFactory().id))
    session.commit()

    assert rows(app, "issuance")[0]["passed"]
    assert not rows(app, "issuance", "--share", "100")[0]["passed"]


def test_a_wrong_expectation_fails(app: Flask, folder: Path) -> None:
    file = folder / "scenarios/annulment/denied_in_time.json"
    file.write_text(file.read_text().replace("annulment_denied", "annulment_granted"))

    failed = {row["process_id"]: row["problems"] for row in rows(app, str(folder)) if not row["passed"]}

    assert list(failed) == ["annulment"]
    assert "falla: Se esperaba que terminara en" in str(failed)


def test_a_missing_arrow_fails_below_the_share_that_is_asked(app: Flask, folder: Path) -> None:
    (folder / "scenarios/issuance/corrected_first.json").unlink()
    diagram = str(folder / "issuance.bpmn")

    assert "por «corregir antes»" in str(rows(app, diagram)[0]["problems"])
    assert rows(app, diagram, "--share", "80")[0]["passed"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("{", "no es JSON"), ('{"title": "x"}', "aquí va un objeto"), ("[" * 100_000, "no es JSON")],
    ids=["broken", "half", "deep"],
)
def test_a_file_that_is_no_scenario_is_told(app: Flask, folder: Path, text: str, sentence: str) -> None:
    (folder / "scenarios/issuance/strange.json").write_text(text)

    assert sentence in str(rows(app, str(folder / "issuance.bpmn"))[0]["problems"])


def test_forms_beside_the_diagram_are_the_ones_tried(app: Flask, folder: Path) -> None:
    file = folder / "forms/annulment_decision.json"
    file.write_text(file.read_text().replace('"name": "granted"', '"name": "accepted"'))

    assert not rows(app, str(folder / "annulment.bpmn"))[0]["passed"]


def test_a_name_that_is_nothing_and_an_empty_folder_are_told(app: Flask, session: Session, tmp_path: Path) -> None:
    assert "No hay una carpeta, un diagrama ni un proceso publicado" in str(rows(app, "nothing")[0]["problems"])
    result = app.test_cli_runner().invoke(args=["process", "test", str(tmp_path)])

    assert (result.exit_code, "Ahí no hay diagramas" in result.stderr) == (2, True)
