"""Decision tables in an analyst's folder: written out beside the diagram, checked with it, and read back as they were."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from app.models import CoverageRule
from app.process import definitions
from app.process.definitions import content_hash
from app.process.studio import drafts, folder, readiness
from tests.factories import CUS, PersonFactory
from tests.studio.analysts import ANALYST, actor_of, analyst
from tests.support import reviewed_by_table

NATIONAL = '<text>"national"</text>'


@pytest.fixture
def exported(session: Session, tmp_path: Path) -> Path:
    """The diagram, with its table at `decisions/annulment_review.dmn`."""
    folder.export(reviewed_by_table.published(session), tmp_path)
    return tmp_path / "annulment.bpmn"


def table_of(exported: Path) -> Path:
    return exported.parent / "decisions" / "annulment_review.dmn"


def edit(exported: Path, old: str, new: str) -> None:
    file = table_of(exported)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def check(app: Flask, exported: Path) -> Result:
    return app.test_cli_runner().invoke(args=["process", "check", str(exported), "--json"])


def test_what_was_written_out_passes(app: Flask, exported: Path) -> None:
    assert check(app, exported).exit_code == 0


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('<text>"tax_credit","on_the_job"</text>', '<text>"tax_credit"</text>', "decision_incomplete"),
        ('<text>"social_programmes"</text>', "<text>-</text>", "decision_overlap"),
        (NATIONAL, "<text>national</text>", "decision"),
    ],
)
def test_a_table_spoiled_in_the_folder_is_told(app: Flask, exported: Path, old: str, new: str, code: str) -> None:
    edit(exported, old, new)

    checked = check(app, exported)

    assert checked.exit_code == 1
    assert json.loads(checked.output)[0]["findings"][0]["code"] == code


def test_read_back_it_is_the_version_that_was_written(session: Session, exported: Path) -> None:
    content, forms = folder.read(exported)
    tables = folder.tables_beside(exported)

    draft = drafts.start_from_file(session, content, actor_of(analyst()), forms, None, tables)

    version = definitions.latest(session, "annulment")
    assert draft.decision_tables == version.decision_tables
    assert content_hash(draft.xml, draft.forms, draft.scenarios, draft.decision_tables) == version.content_sha256
    assert readiness.of(session, draft).unchanged


def test_a_table_alone_is_a_change(session: Session, exported: Path) -> None:
    edit(exported, "Cambia lo que la empresa descuenta.", "Cambia el descuento.")
    content, forms = folder.read(exported)

    draft = drafts.start_from_file(session, content, actor_of(analyst()), forms, None, folder.tables_beside(exported))

    assert readiness.of(session, draft).unchanged == ""


def test_a_changed_table_is_proposed_by_command(app: Flask, session: Session, exported: Path) -> None:
    edit(exported, "Cambia lo que la empresa descuenta.", "Cambia el descuento.")
    author = PersonFactory(profiles=[(ANALYST, None, None)], cus=True)
    session.add(CoverageRule(percent=0, set_at=datetime.now(UTC), set_by_id=author.id))
    session.commit()

    words = ["process", "propose", str(exported), "--note", "Otra nota", "--rut", author.rut.wire, "--json"]
    proposed = app.test_cli_runner().invoke(args=words, input=f"{CUS}\n")

    assert proposed.exit_code == 0, proposed.output
    (told,) = json.loads(proposed.output)
    assert [one for one in told["changes"] if "Cambia el descuento." in one] == told["changes"]
    assert len(told["changes"]) == 1
