"""A decision table in the drawing: it is chosen for a step, leads to its page, and conditions read what it gives."""

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from app.models import ProcessDraft
from app.process import definitions
from app.process.diagrams import read
from app.process.studio import drafts
from tests.browser.editing import Editor, stored_xml
from tests.studio.analysts import actor_of, address

TABLE = "annulment_review"


@pytest.fixture
def draft(live_session: Session, draft: ProcessDraft) -> ProcessDraft:
    """With the table of who reviews an annulment, which gives `review_level`."""
    text = (definitions.FOLDER / "decisions" / f"{TABLE}.dmn").read_text(encoding="utf-8")
    actor = actor_of(draft.author)
    drafts.save(
        live_session, draft.id, xml=draft.xml, version=draft.version, actor=actor, decision_tables={TABLE: text}
    )
    live_session.commit()
    return draft


def test_a_table_is_chosen_by_its_title_and_what_it_gives_is_offered_to_conditions(
    editor: Editor, live_session: Session, draft: ProcessDraft
) -> None:
    editor.choose("record_request")
    editor.add("Tabla de decisión")
    editor.write("name", "Decidir quién revisa")
    editor.pick("decision", "Quién revisa una anulación")
    expect(editor.property("table")).to_have_attribute("href", address(draft, f"/decisiones/{TABLE}"))
    assert editor.complaints_of_axe() == []
    editor.choose("granted_yes")
    editor.property("condition").fill("")
    editor.property("condition").press_sequentially("rev")

    expect(editor.page.get_by_role("option", name="review_level")).to_be_visible()
    editor.expect_saving_done()
    assert read(stored_xml(live_session, draft).encode()).decisions == {"decidir_quien_revisa": TABLE}
