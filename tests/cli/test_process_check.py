"""`flask process check` and `layout`: what is wrong with files, for people and as JSON, and never a stack trace."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app.process.definitions import FOLDER

ANNULMENT = (FOLDER / "annulment.bpmn").read_text(encoding="utf-8")


def check(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(args=["process", "check", *map(str, words)])


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    file = tmp_path / "faulty.bpmn"
    file.write_text(ANNULMENT.replace('sourceRef="record_decision"', 'sourceRef="is_granted"'), encoding="utf-8")
    return file


def test_sound_files_are_told_and_end_well(app: Flask) -> None:
    checked = check(app, FOLDER)

    assert checked.exit_code == 0
    assert [line.rpartition(": ")[2] for line in checked.output.splitlines()] == ["sin observaciones"] * 3


def test_what_is_wrong_is_told_with_its_code_and_ends_badly(app: Flask, faulty: Path) -> None:
    checked = check(app, faulty)

    assert checked.exit_code == 1
    assert f"{faulty}: record_decision: Del paso no sale ninguna flecha." in checked.output
    assert "[dead_end]" in checked.output


def test_json_has_the_way_into_the_trouble(app: Flask, faulty: Path) -> None:
    checked = check(app, faulty, "--json")
    ((file, findings),) = [row.values() for row in json.loads(checked.output)]

    assert checked.exit_code == 1
    assert file == str(faulty)
    (dead_end,) = [finding for finding in findings if finding["code"] == "dead_end"]
    assert dead_end["element"] == "record_decision"
    assert dead_end["path"][0] == "annulment_wanted"
    assert dead_end["path"][-1] == "record_decision"


@pytest.mark.parametrize("content", [b"", b"{}", b"\x89PNG", b"<html/>", b"<?xml version='1.0'?><a>"])
def test_a_file_that_is_no_diagram_is_one_finding(app: Flask, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other.bpmn"
    file.write_bytes(content)

    ((_, findings),) = [row.values() for row in json.loads(check(app, file, "--json").output)]

    assert [finding["code"] for finding in findings] == ["invalid_diagram"]


def test_an_id_that_is_there_twice_names_the_element(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "twice.bpmn"
    file.write_text(ANNULMENT.replace('id="record_decision"', 'id="decide_annulment"'), encoding="utf-8")

    ((_, findings),) = [row.values() for row in json.loads(check(app, file, "--json").output)]

    assert [(finding["code"], finding["element"]) for finding in findings] == [("invalid_diagram", "decide_annulment")]


def test_a_file_without_a_drawing_is_drawn_once(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "plain.bpmn"
    file.write_text(ANNULMENT[: ANNULMENT.index("<bpmndi:BPMNDiagram")] + "</definitions>", encoding="utf-8")

    said = [app.test_cli_runner().invoke(args=["process", "layout", str(file)]).output for _ in range(2)]

    assert said == [f"{file}: dibujado\n", f"{file}: ya tenía dibujo\n"]
    assert check(app, file).exit_code == 0


def test_what_cannot_be_drawn_is_said(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "other.bpmn"
    file.write_bytes(b"<html/>")

    refused = app.test_cli_runner().invoke(args=["process", "layout", str(file)])

    assert refused.exit_code == 1
    assert "un proceso ejecutable" in refused.output


FORM = '{"title": "Motivo", "button": "Enviar", "fields": [{"name": "reason", "type": "text", "label": "Motivo", "maximum": 99}]}'


def beside(folder: Path, form: str) -> Path:
    """A diagram whose first task asks a form that lies beside it."""
    (folder / "forms").mkdir()
    (folder / "forms/own_motive.json").write_text(form, encoding="utf-8")
    file = folder / "own.bpmn"
    # Another process: the portal begins an annulment with the form of the house.
    file.write_text(ANNULMENT.replace('"annulment"', '"own"').replace('"annulment_request"', '"own_motive"'), "utf-8")
    return file


def test_forms_beside_a_diagram_are_known(app: Flask, tmp_path: Path) -> None:
    assert check(app, beside(tmp_path, FORM)).exit_code == 0


@pytest.mark.parametrize("form", ["{", "{}", FORM.replace('"text"', '"telepathy"')])
def test_a_faulty_form_beside_a_diagram_is_a_finding(app: Flask, tmp_path: Path, form: str) -> None:
    ((_, findings),) = [row.values() for row in json.loads(check(app, beside(tmp_path, form), "--json").output)]

    assert [finding["code"] for finding in findings] == ["form"]
    assert "own_motive" in findings[0]["sentence"]
