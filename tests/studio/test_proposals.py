"""Proposing, returning and approving: who may, what is asked for, and from when new cases follow."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.errors import AlreadyDecided, NotAllowed, Refusal
from app.domain.permissions import Profile
from app.models import DraftEventKind, DraftStatus, Person, ProcessDefinition, ProcessDraft
from app.process import definitions, gate
from app.process.studio import drafts, listing, proposals
from app.process.studio.listing import VersionState
from tests.factories import CertificateFactory
from tests.studio.analysts import FIFTEEN_DAYS, TEN_DAYS, actor_of, analyst, begun, with_scenarios
from tests.support.database import rewriting

NOTE = "Quince días, según la resolución 12."


@pytest.fixture
def author(session: Session) -> Person:
    return analyst()


@pytest.fixture
def draft(session: Session, author: Person) -> ProcessDraft:
    """With something changed."""
    draft = begun(session, author)
    later = draft.xml.replace(TEN_DAYS, FIFTEEN_DAYS)
    return drafts.save(session, draft.id, xml=later, version=draft.version, actor=actor_of(author))


def proposed(
    session: Session, draft: ProcessDraft, by: Person, note: str = NOTE, starts_at: datetime | None = None
) -> ProcessDraft:
    actor = actor_of(by)
    return proposals.propose(session, draft.id, version=draft.version, note=note, starts_at=starts_at, actor=actor)


def approved(session: Session, draft: ProcessDraft, by: Person) -> ProcessDefinition:
    against = definitions.latest(session, draft.process_id).version
    return proposals.approve(session, draft.id, version=draft.version, against=against, actor=actor_of(by))


def test_what_a_colleague_approves_is_the_version_new_cases_follow(
    session: Session, draft: ProcessDraft, author: Person
) -> None:
    running = CertificateFactory(requested=True)
    colleague = analyst()

    version = approved(session, proposed(session, draft, author), colleague)

    assert (version.version, version.author_id, version.approver_id) == (2, author.id, colleague.id)
    assert (version.note, FIFTEEN_DAYS in version.xml) == (NOTE, True)
    assert definitions.current(session, "annulment") is version
    first = definitions.numbered(session, "annulment", 1)
    session.refresh(first)
    assert (first.retired_at, first.retired_by_id) == (version.starts_at, colleague.id)
    (process,) = listing.processes(session, "annulment")
    assert [(one.number, one.running, one.state) for one in process.versions] == [
        (2, 0, VersionState.CURRENT),
        (1, 1, VersionState.RETIRED),
    ]
    assert running.id


def test_what_was_done_to_a_draft_is_kept(session: Session, draft: ProcessDraft, author: Person) -> None:
    colleague = analyst()
    proposed(session, draft, author)
    proposals.give_back(session, draft.id, reason="Falta citar la norma.", actor=actor_of(colleague))
    proposed(session, draft, author)
    approved(session, draft, colleague)

    assert [(event.kind, event.person_id, event.note) for event in draft.events] == [
        (DraftEventKind.STARTED, author.id, ""),
        (DraftEventKind.PROPOSED, author.id, NOTE),
        (DraftEventKind.RETURNED, colleague.id, "Falta citar la norma."),
        (DraftEventKind.PROPOSED, author.id, NOTE),
        (DraftEventKind.PUBLISHED, colleague.id, ""),
    ]


def test_a_later_start_leaves_the_version_before_in_force(
    session: Session, draft: ProcessDraft, author: Person
) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    version = approved(session, proposed(session, draft, author, starts_at=tomorrow), analyst())

    assert version.starts_at == tomorrow
    assert definitions.current(session, "annulment").version == 1
    with rewriting(session):
        session.execute(text("UPDATE process_definition SET starts_at = published_at"))
    assert definitions.current(session, "annulment").version == 2


def test_a_version_that_another_overtakes_never_begins(session: Session, draft: ProcessDraft, author: Person) -> None:
    colleague = analyst()
    next_week = datetime.now(UTC) + timedelta(days=7)
    second = approved(session, proposed(session, draft, author, starts_at=next_week), colleague)
    again = drafts.start(session, definitions.numbered(session, "annulment", 1), actor_of(author))

    third = approved(session, proposed(session, again, author), colleague)

    session.expire_all()
    assert definitions.current(session, "annulment").version == 3
    assert second.retired_at == third.starts_at
    (process,) = listing.processes(session, "annulment")
    assert [one.state for one in process.versions] == [VersionState.CURRENT, VersionState.RETIRED, VersionState.RETIRED]


def test_nobody_approves_what_they_wrote_or_proposed(session: Session, draft: ProcessDraft, author: Person) -> None:
    helper, proposer = analyst(), analyst()
    actor = actor_of(helper)
    drafts.save(session, draft.id, xml=draft.xml.replace(FIFTEEN_DAYS, "plazo_habil(16)"), version=2, actor=actor)
    proposed(session, draft, proposer)

    for person in (author, helper, proposer):
        with pytest.raises(Refusal, match="Pida a un colega"):
            approved(session, draft, person)

    assert draft.status is DraftStatus.PROPOSED


def test_the_database_refuses_it_too(session: Session, draft: ProcessDraft, author: Person) -> None:
    proposed(session, draft, author)
    changes = "status = 'published', decided_at = now(), definition_id = (SELECT min(id) FROM process_definition)"

    with pytest.raises(IntegrityError, match="who_wrote_it_does_not_approve"), session.begin_nested():
        session.execute(text(f"UPDATE process_draft SET {changes}, decided_by_id = author_id"))
    with pytest.raises(IntegrityError, match="who_wrote_it_does_not_approve"), session.begin_nested():
        session.execute(
            text(
                "INSERT INTO process_definition (process_id, version, content_sha256, xml, author_id, approver_id, note,"
                " published_at, starts_at) SELECT 'x', 1, 'x', 'x', id, id, 'x', now(), now() FROM person LIMIT 1"
            )
        )


def test_an_unsound_draft_is_not_proposed(session: Session, draft: ProcessDraft, author: Person) -> None:
    wrong = draft.xml.replace(FIFTEEN_DAYS, "plazo_habil(0)")
    drafts.save(session, draft.id, xml=wrong, version=draft.version, actor=actor_of(author))

    with pytest.raises(gate.Refused, match="decide_annulment"):
        proposed(session, draft, author)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"note": "  "}, "Falta la nota del cambio"),
        ({"note": "x" * 1001}, "el máximo es 1000"),
        ({"starts_at": datetime(2026, 1, 1, tzinfo=UTC)}, "La fecha de inicio ya pasó"),
    ],
    ids=str,
)
def test_a_proposal_says_why_and_begins_later(
    session: Session, draft: ProcessDraft, author: Person, change: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence):
        proposed(session, draft, author, **change)  # type: ignore[arg-type]


def test_a_draft_without_a_change_is_not_proposed(session: Session, author: Person) -> None:
    with pytest.raises(Refusal, match="igual a la versión 1"):
        proposed(session, with_scenarios(session, author), author)


def test_a_proposal_is_not_saved_over(session: Session, draft: ProcessDraft, author: Person) -> None:
    proposed(session, draft, author)

    with pytest.raises(AlreadyDecided, match="lo propuso el"):
        drafts.save(session, draft.id, xml=draft.xml, version=draft.version, actor=actor_of(author))


def test_what_is_approved_is_what_was_compared(session: Session, draft: ProcessDraft, author: Person) -> None:
    colleague = analyst()
    other = begun(session, author)
    drafts.save(session, other.id, xml=other.xml.replace(TEN_DAYS, "plazo_habil(8)"), version=1, actor=actor_of(author))
    proposed(session, draft, author)
    seen = draft.version
    approved(session, proposed(session, other, author), colleague)

    with pytest.raises(AlreadyDecided, match="se publicó otra versión"):
        proposals.approve(session, draft.id, version=seen, against=1, actor=actor_of(colleague))
    with pytest.raises(AlreadyDecided, match="La propuesta cambió"):
        proposals.approve(session, draft.id, version=seen - 1, against=2, actor=actor_of(colleague))


def test_back_to_an_earlier_version_is_a_proposal_of_its_content(
    session: Session, draft: ProcessDraft, author: Person
) -> None:
    colleague = analyst()
    approved(session, proposed(session, draft, author), colleague)

    back = proposals.propose_earlier(session, "annulment", 1, actor_of(colleague))

    assert (back.status, back.note[:22]) == (DraftStatus.PROPOSED, "Volver a la versión 1,")
    version = approved(session, back, author)
    first = definitions.numbered(session, "annulment", 1)
    assert (version.version, version.content_sha256) == (3, first.content_sha256)
    with pytest.raises(Refusal, match="última versión"):
        proposals.propose_earlier(session, "annulment", 3, actor_of(author))


def test_files_do_not_take_over_what_people_published(session: Session, draft: ProcessDraft, author: Person) -> None:
    approved(session, proposed(session, draft, author), analyst())

    definitions.load_files(session)

    assert definitions.latest(session, "annulment").version == 2


@pytest.mark.parametrize("profile", [one for one in Profile if one is not Profile.PROCESS_ANALYST])
def test_only_analysts_do_any_of_it(session: Session, draft: ProcessDraft, profile: Profile) -> None:
    stranger = actor_of(analyst(), profile)
    first = definitions.latest(session, "annulment")

    for act in (
        lambda: drafts.start(session, first, stranger),
        lambda: drafts.save(session, draft.id, xml=draft.xml, version=2, actor=stranger),
        lambda: drafts.discard(session, draft.id, stranger),
        lambda: proposals.propose(session, draft.id, version=2, note=NOTE, starts_at=None, actor=stranger),
        lambda: proposals.give_back(session, draft.id, reason="x", actor=stranger),
        lambda: proposals.approve(session, draft.id, version=2, against=1, actor=stranger),
    ):
        with pytest.raises(NotAllowed):
            act()
