"""Signed heads and the proofs that lead to them."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.adapters.log_key import LogKey, is_signed
from app.domain import merkle
from app.domain.errors import EffectFailed, NotFound
from app.domain.log_format import FactKind, head_bytes
from app.models import LogHead, LogPending
from app.models import LogKey as LogKeyRow
from app.services import transparency
from app.services.transparency import heads, proofs
from tests.factories import CertificateFactory
from tests.support.queries import statements
from tests.support.transparency import leaves, log_key, root_over

SIZES = range(1, 10)


@pytest.fixture
def key(app: Flask) -> LogKey:
    return log_key(app)


@pytest.fixture
def grown(session: Session, key: LogKey) -> list[LogHead]:
    """A head after each of nine issues."""
    found = []
    for _ in SIZES:
        CertificateFactory(issued=True)
        found.append(transparency.seal(session, key))
    return found


def test_a_head_says_how_large_the_log_is_and_its_root(session: Session, grown: list[LogHead]) -> None:
    everything = leaves(session)

    assert [head.size for head in grown] == list(SIZES)
    assert [head.root for head in grown] == [root_over(everything[:size]) for size in SIZES]


def test_a_head_is_signed_by_the_key_that_it_names(session: Session, grown: list[LogHead], key: LogKey) -> None:
    head = grown[-1]
    signed = head_bytes(head.size, head.root, head.signed_at)
    public_key = session.get_one(LogKeyRow, head.key_id).public_key

    assert (head.key_id, public_key) == (key.id, key.public_key)
    assert is_signed(public_key, head.signature, signed)
    later = head_bytes(head.size, head.root, head.signed_at + timedelta(milliseconds=1))
    assert not is_signed(public_key, head.signature, later)
    assert not is_signed(public_key, head.signature, head_bytes(head.size + 1, head.root, head.signed_at))


def test_an_instant_is_kept_as_it_is_signed(grown: list[LogHead]) -> None:
    assert {head.signed_at.microsecond % 1000 for head in grown} == {0}
    assert sorted(head.signed_at for head in grown) == [head.signed_at for head in grown]


def test_a_log_that_did_not_grow_gets_no_head(session: Session, key: LogKey, grown: list[LogHead]) -> None:
    assert transparency.seal(session, key) is grown[-1]


def test_but_every_day_it_does(session: Session, key: LogKey, grown: list[LogHead]) -> None:
    daily = transparency.seal(session, key, even_if_unchanged=True)

    assert (daily.size, daily.root) == (grown[-1].size, grown[-1].root)
    assert daily.id > grown[-1].id


def test_an_empty_log_has_a_head_too(session: Session, key: LogKey) -> None:
    head = transparency.seal(session, key)

    assert (head.size, head.root) == (0, merkle.EMPTY_ROOT)


def test_without_its_key_nothing_is_appended_and_everything_waits(session: Session, tmp_path: Path) -> None:
    CertificateFactory(issued=True)

    with pytest.raises(EffectFailed, match="Falta la llave del registro público"), session.begin_nested():
        transparency.seal(session, LogKey(tmp_path / "log.pem"))

    assert (leaves(session), session.query(LogPending).count()) == ([], 1)


def test_each_leaf_is_proven_in_every_head_from_its_own_on(session: Session, grown: list[LogHead]) -> None:
    for leaf in leaves(session):
        for head in grown[leaf.index :]:
            proof = proofs.inclusion(session, leaf, head)

            assert merkle.proves_inclusion(leaf.hash, leaf.index, head.size, proof.path, head.root)


def test_a_leaf_is_in_no_older_head(session: Session, grown: list[LogHead]) -> None:
    with pytest.raises(NotFound):
        proofs.inclusion(session, leaves(session)[-1], grown[0])


def test_each_head_is_proven_to_continue_the_ones_before(session: Session, grown: list[LogHead]) -> None:
    for second in grown:
        for first in grown[: second.size]:
            proof = transparency.consistency(session, first, second)

            assert merkle.proves_consistency(first.size, second.size, proof.path, first.root, second.root)


def test_a_fact_is_found_with_its_proof_once_a_head_holds_it(session: Session, key: LogKey) -> None:
    certificate = CertificateFactory(issued=True)
    issuance_id = certificate.issuances[0].id
    before = proofs.of_fact(session, FactKind.ISSUANCE, issuance_id)
    transparency.integrate(session)
    unsigned = proofs.of_fact(session, FactKind.ISSUANCE, issuance_id)
    head = transparency.seal(session, key, even_if_unchanged=True)

    found = proofs.of_fact(session, FactKind.ISSUANCE, issuance_id)

    assert (before, unsigned) == (None, None)
    assert found is not None
    assert (found.head, found.leaf.fact_id) == (head, issuance_id)


def test_a_proof_is_two_small_questions_at_most_however_long_the_log_is(session: Session, grown: list[LogHead]) -> None:
    def cost(head: LogHead) -> int:
        leaf = leaves(session)[head.size // 2]
        with statements(session) as sent:
            proofs.inclusion(session, leaf, head)
        return len(sent)

    assert [cost(head) for head in grown] == [0, 1, 1, *[2] * 6]


def test_heads_are_listed_from_the_newest_on(session: Session, grown: list[LogHead]) -> None:
    first = heads.page(session, before=None, size=4)
    second = heads.page(session, before=first.next_after, size=5)

    assert [head.size for head in [*first.heads, *second.heads]] == list(reversed(SIZES))
    assert (first.next_after, second.next_after) == (grown[5].id, None)
