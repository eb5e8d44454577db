"""What a published version asks is its own: under its hash, read once, and whole too where it is from before forms were data."""

import importlib.util
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ProcessDefinition
from app.process import definitions, diagrams, forms
from tests.support import second_review

FILES = sorted(definitions.FOLDER.glob("*.bpmn"))
MIGRATION = Path(definitions.__file__).parents[1] / "migrations" / "versions" / "0012_forms.py"


def migration() -> Any:
    found = importlib.util.spec_from_file_location("forms_0012", MIGRATION)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_a_version_carries_the_forms_it_names_and_no_other(session: Session) -> None:
    published = session.scalars(select(ProcessDefinition)).all()

    named = {one.id: {task.form for task in diagrams.stored(one.xml).user_tasks.values()} for one in published}
    assert len(published) == len(FILES)
    assert {one.id: set(one.forms) for one in published} == named


def test_another_form_is_another_content(session: Session) -> None:
    first = definitions.current(session, "annulment")
    second = second_review.published(session)

    assert first.content_sha256 != second.content_sha256
    assert second.content_sha256 == definitions.content_hash(second.xml, second.forms, second.scenarios)
    assert "amount_paid" in forms.of(second)["annulment_request"].needed
    assert "amount_paid" not in forms.of(first)["annulment_request"].answers


def test_loading_again_publishes_nothing(session: Session) -> None:
    before = {one.id for one in session.scalars(select(ProcessDefinition))}

    assert {one.id for one in definitions.load_files(session)} == before


def test_a_version_from_before_is_filled_with_forms_that_can_be_used_under_its_hash(session: Session) -> None:
    step = migration()

    for one in session.scalars(select(ProcessDefinition)):
        filled = step.named_in(one.xml)
        assert forms.read_all(filled).keys() == one.forms.keys()
        assert step.content_hash(one.xml, filled) == definitions.content_hash(one.xml, filled, {})
