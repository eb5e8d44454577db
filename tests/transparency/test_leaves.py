"""What becomes a leaf of the log, in which order, and that nothing personal is in it."""

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.domain.log_format import FactKind, leaf_content, sealed
from app.models import AnnulmentRequest, Issuance, LogLeaf, LogPending, Person, RetroactiveRequest
from app.services import transparency
from app.services.transparency import contents
from tests.factories import CertificateFactory
from tests.support.stories import WHY_ANNUL, WHY_DECIDED, WHY_RETROACTIVE
from tests.support.transparency import TABLES, content, facts, leaves, root_over

KINDS = {
    "issued": ["issuance"],
    "requested": ["issuance", "annulment_request"],
    "rejected": ["issuance", "annulment_request", "annulment_decision"],
    "reissued": ["issuance", "annulment_request", "annulment_decision", "issuance"],
    "voided": ["issuance", "issuance_void"],
    "retroactive_asked": ["retroactive_request"],
    "retroactive_granted": ["retroactive_request", "retroactive_decision"],
}


@pytest.mark.parametrize("trait", KINDS)
def test_every_fact_becomes_a_leaf_in_the_order_in_which_it_happened(session: Session, trait: str) -> None:
    CertificateFactory(**{trait: True})

    transparency.integrate(session)

    assert [leaf.kind.value for leaf in leaves(session)] == KINDS[trait]
    assert [leaf.index for leaf in leaves(session)] == list(range(len(KINDS[trait])))
    assert sorted((leaf.kind, leaf.fact_id) for leaf in leaves(session)) == sorted(facts(session))


def test_a_second_time_nothing_is_left_to_do(session: Session) -> None:
    CertificateFactory(reissued=True)
    size = transparency.integrate(session)

    assert transparency.integrate(session) == size == len(leaves(session)) == 4
    assert session.query(LogPending).count() == 0


def test_what_comes_later_stands_behind(session: Session) -> None:
    for size in range(1, 8):
        CertificateFactory(issued=True)

        assert transparency.integrate(session) == size
    assert len({leaf.hash for leaf in leaves(session)}) == len(leaves(session))


def test_facts_are_taken_in_many_at_a_time(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.transparency.sequencing.AT_A_TIME", 3)
    CertificateFactory(reissued=True)
    CertificateFactory(rejected=True)

    assert transparency.integrate(session) == 7


def test_a_fact_written_past_our_code_waits_for_the_log_too(session: Session) -> None:
    CertificateFactory(issued=True)
    session.execute(delete(LogPending))
    columns = "reason, requested_at, requested_by_id, requested_for_id"
    session.connection().exec_driver_sql(
        f"INSERT INTO annulment_request (issuance_id, sequence, {columns})"
        " SELECT id, 1, 'motivo', now(), issued_by_id, issued_for_id FROM issuance"
    )

    waiting = session.query(LogPending).one()

    assert (waiting.kind, waiting.fact_id) == (FactKind.ANNULMENT_REQUEST, session.query(AnnulmentRequest).one().id)


def test_a_leaf_says_what_anybody_may_read(session: Session) -> None:
    certificate = CertificateFactory(requested=True)
    transparency.integrate(session)
    issue, request = leaves(session)
    issuance = session.query(Issuance).one()

    about = {"version": 1, "course": certificate.action.code, "folio": str(issuance.folio)}
    assert content(issue).items() >= (about | {"snapshot_sha256": issuance.snapshot_sha256}).items()
    assert content(request).items() >= (about | {"kind": "annulment_request", "number": 1}).items()


@pytest.mark.parametrize("trait", ["reissued", "voided", "retroactive_granted"])
def test_a_leaf_holds_nothing_personal(session: Session, trait: str) -> None:
    CertificateFactory(**{trait: True})
    transparency.integrate(session)
    told = "\n".join(leaf.content for leaf in leaves(session))

    people = session.query(Person).all()
    personal = [f"{person.rut_body}" for person in people] + [person.first_surname for person in people]
    reasons = [WHY_ANNUL, WHY_DECIDED, WHY_RETROACTIVE]
    codes = [issuance.verification_code for issuance in session.query(Issuance)]
    assert people
    assert [text for text in [*personal, *reasons, *codes] if text in told] == []


def test_the_whole_record_is_sealed_in_its_leaf(session: Session) -> None:
    CertificateFactory(requested=True)
    transparency.integrate(session)
    leaf = leaves(session)[1]
    salt = bytes.fromhex(content(leaf)["salt"])
    request = session.query(AnnulmentRequest).one()

    record = contents.told(session, FactKind.ANNULMENT_REQUEST, [request.id])[request.id].record

    assert content(leaf)["record"] == sealed(record, salt)
    assert content(leaf)["record"] != sealed(record | {"reason": "otro"}, salt)


def test_who_knows_a_record_cannot_tell_its_leaf_without_the_salt() -> None:
    texts = {leaf_content(FactKind.ISSUANCE, {}, {"reason": "motivo"}, bytes([n] * 16)) for n in range(3)}

    assert len(texts) == 3
    assert len({text.split('"record":')[1] for text in texts}) == 3


def test_every_leaf_has_a_salt_of_its_own(session: Session) -> None:
    CertificateFactory(reissued=True)
    transparency.integrate(session)

    salts = {content(leaf)["salt"] for leaf in leaves(session)}

    assert len(salts) == 4
    assert {len(bytes.fromhex(salt)) for salt in salts} == {16}


def test_the_files_of_a_request_are_sealed_with_it(session: Session) -> None:
    CertificateFactory(retroactive_asked=True)
    request = session.query(RetroactiveRequest).one()

    assert contents.told(session, FactKind.RETROACTIVE_REQUEST, [request.id])[request.id].record["attachments"] == []


@pytest.mark.parametrize("kind", FactKind)
def test_no_column_of_a_fact_is_left_out_of_its_record(kind: FactKind) -> None:
    columns = {column.key for column in TABLES[kind].__table__.columns}
    # The hash beside it says the same.
    named_otherwise = {"snapshot"}

    assert columns - named_otherwise == set(contents.TELLERS[kind].columns)


def test_a_leaf_is_hashed_as_it_is_kept(session: Session) -> None:
    CertificateFactory(reissued=True)
    transparency.integrate(session)

    for leaf in session.query(LogLeaf):
        assert leaf.hash == root_over([leaf])
