"""What is missing before a draft can be proposed: the same answer for the editor, its pages and proposing."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.models import Person, ProcessDraft
from app.process import gate
from app.process.studio import drafts, readiness, scenarios
from app.process.studio.covering import NotCovered
from app.process.studio.readiness import Lack
from tests.studio.analysts import FIFTEEN_DAYS, TEN_DAYS, actor_of, address
from tests.web.visitor import Visitor, words

READY = "No falta nada: se puede proponer."
PAGES = ("", "/tabla", "/proponer")


@pytest.fixture
def changed(session: Session, draft: ProcessDraft, author: Person) -> ProcessDraft:
    """With another term, which its scenarios do not expect."""
    later = draft.xml.replace(TEN_DAYS, FIFTEEN_DAYS)
    return drafts.save(session, draft.id, xml=later, version=1, actor=actor_of(author))


def lacks(session: Session, draft: ProcessDraft) -> list[Lack]:
    return [one.what for one in readiness.of(session, draft).missing]


def test_a_draft_as_the_last_version_changes_nothing(session: Session, draft: ProcessDraft) -> None:
    assert lacks(session, draft) == [Lack.CHANGE]
    with pytest.raises(Refusal, match="igual a la versión 1"):
        readiness.require(session, draft)


def test_scenarios_that_fail_are_counted_and_named(session: Session, changed: ProcessDraft) -> None:
    failing, share = readiness.of(session, changed).missing

    assert (failing.what, share.what) == (Lack.SCENARIOS, Lack.SHARE)
    assert failing.sentence.startswith("Fallan 5 de 5 escenarios: «Se ")
    assert "» y 2 más." in failing.sentence
    with pytest.raises(NotCovered, match="falla: Plazos"):
        readiness.require(session, changed)


def test_a_scenario_that_cannot_be_read_is_missing_too(session: Session, changed: ProcessDraft) -> None:
    changed.scenarios = {"odd": {"title": "Raro"}}

    assert lacks(session, changed) == [Lack.SCENARIOS]


def test_findings_come_first(session: Session, changed: ProcessDraft) -> None:
    changed.xml = changed.xml.replace(FIFTEEN_DAYS, "plazo_habil(0)")

    assert lacks(session, changed)[0] is Lack.FINDINGS
    with pytest.raises(gate.Refused):
        readiness.require(session, changed)


def test_nothing_is_missing_once_its_scenarios_expect_what_happens(
    session: Session, changed: ProcessDraft, author: Person
) -> None:
    scenarios.accept_all(session, changed.id, actor_of(author))

    assert lacks(session, changed) == []
    readiness.require(session, changed)


def test_the_editor_and_every_page_give_the_same_answer(
    session: Session, visitor: Visitor, changed: ProcessDraft, author: Person
) -> None:
    told = visitor.client.get(address(changed, "/falta")).get_json()
    sentences = [one["sentence"] for one in told["missing"]]
    assert (told["version"], len(sentences)) == (2, 2)
    for where in PAGES:
        page = visitor.read(address(changed, where))
        assert [sentence for sentence in sentences if sentence not in _list(page)] == []
        assert READY not in words(page)

    scenarios.accept_all(session, changed.id, actor_of(author))

    assert visitor.client.get(address(changed, "/falta")).get_json()["missing"] == []
    assert [words(visitor.read(address(changed, where)), "#falta") for where in PAGES] == [READY] * 3


def _list(page: BeautifulSoup) -> str:
    return words(page, "#falta")
