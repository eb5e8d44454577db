"""`flask process list|export|propose|approve`: a folder under git as the master copy, with two people and their CUS."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.models import Person, ProcessDraft
from app.process import definitions, diagrams
from app.process.studio import drafts
from app.process.trials import files
from app.process.trials.judging import expected_of
from app.process.trials.scenarios import as_data
from tests.factories import CUS, PersonFactory
from tests.studio.analysts import ANALYST, FIFTEEN_DAYS, TEN_DAYS, actor_of

SENTENCE = "El plazo de «Resolver la solicitud de anulación» pasa de 10 a 15 días hábiles."
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, session: Session) -> Run:
    def invoke(*words: object, cus: str = CUS) -> Result:
        session.commit()
        return app.test_cli_runner().invoke(args=["process", *map(str, words)], input=f"{cus}\n")

    return invoke


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    """What was published, with a deadline changed and with what its scenarios then expect."""
    assert run("export", tmp_path).exit_code == 0
    file = tmp_path / "annulment.bpmn"
    file.write_text(file.read_text(encoding="utf-8").replace(TEN_DAYS, FIFTEEN_DAYS), encoding="utf-8")
    for verdict in files.reported(file).verdicts:
        scenario = replace(verdict.scenario, then=expected_of(verdict.trial))
        where = tmp_path / "scenarios" / "annulment" / f"{scenario.name}.json"
        where.write_text(json.dumps(as_data(scenario)), encoding="utf-8")
    return tmp_path


def analyst(profile: Profile = ANALYST) -> Person:
    person: Person = PersonFactory(profiles=[(profile, None, None)], cus=True)
    return person


def titles(folder: Path) -> list[str]:
    """What the scenarios of the process are called, in the order of their names."""
    found = sorted((folder / "scenarios" / "annulment").glob("*.json"))
    return [json.loads(file.read_text(encoding="utf-8"))["title"] for file in found]


def told(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_what_is_exported_is_what_runs_in_lines(run: Run, session: Session, tmp_path: Path) -> None:
    written = told(run("export", tmp_path / "new", "--json"))

    assert [one["process_id"] for one in written] == ["annulment", "retroactive_attendance", "issuance"]
    content = (tmp_path / "new" / "annulment.bpmn").read_bytes()
    assert content.count(b"\n") > 100
    assert diagrams.read(content).xml == definitions.latest(session, "annulment").xml


def test_a_changed_file_is_proposed_by_one_and_published_by_another(run: Run, session: Session, folder: Path) -> None:
    author, colleague = analyst(), analyst()

    (proposed,) = told(run("propose", folder, "--note", "Resolución 12", "--rut", author.rut.wire, "--json"))
    assert proposed["changes"][0] == SENTENCE
    assert proposed["changes"][1:] == [f"Cambia lo que espera el escenario «{title}»." for title in titles(folder)]
    refused = run("approve", proposed["proposal"], "--rut", author.rut.wire, "--json")
    assert (refused.exit_code, json.loads(refused.output)["code"]) == (1, "refused")
    approved = told(run("approve", proposed["proposal"], "--rut", colleague.rut.wire, "--json"))

    assert (approved["process_id"], approved["version"]) == ("annulment", 2)
    (row,) = (one for one in told(run("list", "--json")) if one["process_id"] == "annulment")
    assert (row["current"], row["versions"][0]["note"]) == (2, "Resolución 12")
    again = run("propose", folder, "--note", "x", "--rut", author.rut.wire)
    assert again.output.strip().splitlines()[-1] == "Nada cambia: no hay qué proponer."


def test_what_changes_is_shown_before_it_is_approved(run: Run, session: Session, folder: Path) -> None:
    author, colleague = analyst(), analyst()
    (proposed,) = told(run("propose", folder, "--note", "Resolución 12", "--rut", author.rut.wire, "--json"))
    number, who = proposed["proposal"], ("--rut", colleague.rut.wire)

    shown = told(run("approve", number, *who, "--show", "--json"))
    assert (shown["against"], shown["changes"], shown["note"]) == (1, proposed["changes"], "Resolución 12")
    assert "version" not in shown
    assert definitions.latest(session, "annulment").version == 1

    lines = run("approve", number, *who).output.splitlines()
    assert lines.index(f"  {SENTENCE}") < lines.index("annulment: versión 2 publicada")


def test_what_was_discarded_is_listed(run: Run, session: Session) -> None:
    author = analyst()
    for process_id in ("annulment", "issuance"):
        draft = drafts.start(session, definitions.latest(session, process_id), actor_of(author))
        drafts.discard(session, draft.id, actor_of(author))

    both = told(run("list", "--discarded", "--json"))
    (one,) = told(run("list", "--discarded", "--process", "annulment", "--json"))

    assert [row["process_id"] for row in both] == ["issuance", "annulment"]
    assert (one["process_id"], one["discarded_by"], one["base"]) == ("annulment", author.full_name, 1)


def test_a_folder_that_changes_nothing_proposes_nothing(run: Run, session: Session, tmp_path: Path) -> None:
    run("export", tmp_path)

    result = run("propose", tmp_path, "--note", "x", "--rut", analyst().rut.wire)

    assert (result.exit_code, result.output.strip().splitlines()[-1]) == (0, "Nada cambia: no hay qué proponer.")
    assert session.query(ProcessDraft).count() == 0


@pytest.mark.parametrize("wrong", ["cus", "profile"])
def test_nobody_proposes_in_anothers_name(run: Run, session: Session, folder: Path, wrong: str) -> None:
    person = analyst(Profile.OPERATOR if wrong == "profile" else ANALYST)
    cus = "otra-clave-cualquiera" if wrong == "cus" else CUS

    result = run("propose", folder, "--note", "x", "--rut", person.rut.wire, cus=cus)

    assert result.exit_code == 1
    assert "no es de un analista de procesos" in result.output
    assert session.query(ProcessDraft).count() == 0


def test_a_faulty_file_is_refused_with_its_findings_and_nothing_stays(run: Run, session: Session, folder: Path) -> None:
    file = folder / "annulment.bpmn"
    file.write_text(file.read_text(encoding="utf-8").replace("granted == True", "aprobado == 1"), encoding="utf-8")

    result = run("propose", folder, "--note", "x", "--rut", analyst().rut.wire, "--json")

    answer = json.loads(result.output)
    assert (result.exit_code, answer["code"]) == (1, "diagram_refused")
    assert [finding["element"] for finding in answer["findings"]] == ["granted_yes"]
    assert session.query(ProcessDraft).count() == 0


@pytest.mark.parametrize("words", [("approve", "999"), ("export", "x", "--process", "none")])
def test_what_is_not_there_is_told(run: Run, session: Session, words: tuple[str, ...], tmp_path: Path) -> None:
    given = [str(tmp_path / word) if word == "x" else word for word in words]
    rut = ("--rut", analyst().rut.wire) if words[0] == "approve" else ()

    result = run(*given, *rut)

    assert (result.exit_code, "No hay tal proceso" in result.output) == (1, True)


def test_a_folder_whose_scenarios_fail_is_not_proposed(run: Run, session: Session, tmp_path: Path) -> None:
    run("export", tmp_path)
    file = tmp_path / "annulment.bpmn"
    file.write_text(file.read_text(encoding="utf-8").replace(TEN_DAYS, FIFTEEN_DAYS), encoding="utf-8")

    refused = run("propose", tmp_path, "--note", "x", "--rut", analyst().rut.wire, "--json")

    assert (refused.exit_code, json.loads(refused.output)["code"]) == (1, "scenarios_refused")
    assert session.query(ProcessDraft).count() == 0
