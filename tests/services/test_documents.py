"""The PDF of an issue: stored once with its SHA-256, and never replaced."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.adapters.signer import Nobody
from app.adapters.storage import Storage
from app.models import Document, Issuance
from app.services import certificates, documents
from tests.factories import CertificateFactory
from tests.support.database import rewriting
from tests.support.documents import texts
from tests.support.stored import store_pdf


@pytest.fixture
def issuance(session: Session) -> Issuance:
    return certificates.latest_issuance(session, CertificateFactory(issued=True).id)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path)


def test_the_row_holds_the_hash_and_the_size_of_what_is_stored(
    session: Session, issuance: Issuance, storage: Storage
) -> None:
    document = store_pdf(session, issuance, storage=storage)

    content = storage.read(document.sha256)
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert document.size == len(content)
    assert str(issuance.folio) in texts(content)[0]


def test_the_first_pdf_stays_though_another_would_be_made_today(
    session: Session, issuance: Issuance, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = store_pdf(session, issuance, storage=storage).sha256
    monkeypatch.setattr(documents, "render_certificate", lambda document, attachments: b"%PDF of another design")

    assert store_pdf(session, issuance, storage=storage).sha256 == first


def test_without_a_signature_a_file_that_was_lost_can_be_made_again_to_the_byte(
    session: Session, issuance: Issuance, storage: Storage, tmp_path: Path
) -> None:
    first = store_pdf(session, issuance, storage=storage, signer=Nobody())
    lost, sha256 = first.id, first.sha256
    with rewriting(session):
        session.delete(session.get_one(Document, lost))
    session.expire(issuance)

    again = store_pdf(session, issuance, storage=Storage(tmp_path / "new"), signer=Nobody())
    assert again.sha256 == sha256
