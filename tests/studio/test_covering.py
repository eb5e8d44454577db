"""A draft is proposed once its scenarios pass and go through as much of it as an administrator asks for."""

import pytest
from sqlalchemy.orm import Session

from app.domain.errors import NotAllowed
from app.domain.permissions import Profile
from app.models import DraftStatus, Person, ProcessDraft
from app.process import definitions
from app.process.studio import covering, drafts, proposals, scenarios
from app.process.studio.covering import NotCovered
from tests.factories import PersonFactory
from tests.studio.analysts import FIFTEEN_DAYS, TEN_DAYS, actor_of, analyst, with_scenarios


@pytest.fixture
def author(session: Session) -> Person:
    return analyst()


@pytest.fixture
def draft(session: Session, author: Person) -> ProcessDraft:
    """With another term, and with what its scenarios expect of it."""
    draft = with_scenarios(session, author, "annulment")
    later = draft.xml.replace(TEN_DAYS, FIFTEEN_DAYS)
    drafts.save(session, draft.id, xml=later, version=1, actor=actor_of(author))
    scenarios.accept_all(session, draft.id, actor_of(author))
    return draft


def proposed(session: Session, draft: ProcessDraft, author: Person) -> ProcessDraft:
    note, version = "Quince días.", draft.version
    return proposals.propose(session, draft.id, version=version, note=note, starts_at=None, actor=actor_of(author))


def without(draft: ProcessDraft, *names: str) -> None:
    draft.scenarios = {name: one for name, one in draft.scenarios.items() if name not in names}


def test_scenarios_travel_with_the_version_and_are_in_its_hash(
    session: Session, draft: ProcessDraft, author: Person
) -> None:
    proposed(session, draft, author)
    version = proposals.approve(session, draft.id, version=draft.version, against=1, actor=actor_of(analyst()))

    assert version.scenarios == draft.scenarios
    assert version.content_sha256 == definitions.content_hash(version.xml, version.forms, version.scenarios)
    assert version.content_sha256 != definitions.content_hash(version.xml, version.forms, {})


def test_what_is_installed_comes_with_its_scenarios(session: Session) -> None:
    for process_id in ("annulment", "issuance", "retroactive_attendance"):
        assert definitions.latest(session, process_id).scenarios


def test_a_scenario_that_fails_keeps_the_draft_from_being_proposed(session: Session, author: Person) -> None:
    draft = with_scenarios(session, author, "annulment")
    later = draft.xml.replace(TEN_DAYS, FIFTEEN_DAYS)
    drafts.save(session, draft.id, xml=later, version=1, actor=actor_of(author))

    with pytest.raises(NotCovered, match="El escenario «Se aprueba dentro del plazo» falla: Plazos, lugar 1"):
        proposed(session, draft, author)


def test_an_arrow_that_nobody_tries_keeps_it_too(session: Session, draft: ProcessDraft, author: Person) -> None:
    without(draft, "denied_in_time", "regional_holiday")

    with pytest.raises(NotCovered, match=r"6 de 7 flechas, el 85 %, y se pide el 100 %\. .* por «no»"):
        proposed(session, draft, author)

    covering.ask_for(session, 85, actor_of(PersonFactory(), Profile.SENCE_NATIONAL_ADMIN))
    assert proposed(session, draft, author).status is DraftStatus.PROPOSED


def test_the_last_share_holds_and_the_others_stay(session: Session) -> None:
    admin = actor_of(PersonFactory(), Profile.SENCE_NATIONAL_ADMIN)
    assert covering.percent(session) == 100

    covering.ask_for(session, 50, admin)
    covering.ask_for(session, 90, admin)

    assert [rule.percent for rule in covering.rules(session)] == [90, 50]
    assert covering.percent(session) == 90


def test_only_an_administrator_sets_the_share(session: Session, author: Person) -> None:
    with pytest.raises(NotAllowed):
        covering.ask_for(session, 0, actor_of(author))


def test_who_wrote_a_scenario_had_a_hand_in_the_draft(session: Session, draft: ProcessDraft) -> None:
    colleague = analyst()
    read = draft.version

    scenarios.remove(session, draft.id, "regional_holiday", actor_of(colleague))

    assert not proposals.may_approve(draft, colleague.id)
    assert draft.version == read


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Se aprueba dentro del plazo", "se_aprueba_dentro_del_plazo"),
        ("Ñandú: ¿qué pasa?", "nandu_que_pasa"),
        ("11 días hábiles", "s_11_dias_habiles"),
        ("¡¿!?", "s"),
        ("taken", "taken_2"),
    ],
)
def test_a_scenario_is_named_after_its_title(title: str, name: str) -> None:
    assert scenarios.name_for(title, {"taken"}) == name
