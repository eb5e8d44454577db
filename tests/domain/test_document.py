"""What the certificate's snapshot and its hashes promise."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from app.domain.document import (
    CertificateDocument,
    Issuer,
    ParticipantLine,
    Party,
    PreviousFolio,
    grouped_code,
)

PREVIEW = CertificateDocument(
    title="Certificado de asistencia",
    previous_folios=(PreviousFolio("3-2026", date(2026, 2, 1), "Un RUT estaba mal escrito."),),
    time_zone="America/Santiago",
    activity_label="Dentro del año calendario",
    line_label="Franquicia Tributaria",
    action_code="6412345",
    action_name="Soldadura y prevención en Ñuñoa",
    sence_code="1238012345",
    modality_label="Presencial",
    region_name="Metropolitana de Santiago",
    commune="Ñuñoa",
    credited_hours="60",
    starts_on=date(2026, 1, 5),
    ends_on=date(2026, 2, 27),
    otec=Party("76.000.006-K", "Centro de Formación Ñuñoa"),
    company=Party("76.000.000-0", "Minera Los Álamos"),
    otic=None,
    document_reference="F-123",
    participants=(ParticipantLine("12.345.678-5", "María Núñez", "74.99", 74, ("bajo el 75 %",)),),
    issuer=Issuer("Rosa Peña", "11.111.111-1", "Centro de Formación Ñuñoa", "76.000.006-K"),
    policy_id="GCA-1",
)
ISSUED = replace(
    PREVIEW,
    folio="12-2026",
    issued_at=datetime(2026, 3, 3, 14, 5, 9, tzinfo=UTC),
    verification_code="7F3K9QWM2XRT",
    verification_url="https://constancia.example/v/7F3K9QWM2XRT",
)


@pytest.mark.parametrize("document", [PREVIEW, ISSUED], ids=["preview", "issued"])
def test_a_document_comes_back_whole_from_its_snapshot_as_stored_json(document: CertificateDocument) -> None:
    stored = json.loads(json.dumps(document.to_snapshot()))

    assert CertificateDocument.from_snapshot(stored) == document


def test_the_hash_is_that_of_the_canonical_json() -> None:
    canonical = json.dumps(ISSUED.to_snapshot(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    assert "Ñuñoa" in canonical
    assert ISSUED.sha256() == hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def test_the_hash_does_not_depend_on_the_order_in_which_a_database_keeps_the_keys() -> None:
    shuffled = dict(reversed(list(ISSUED.to_snapshot().items())))

    assert CertificateDocument.from_snapshot(shuffled).sha256() == ISSUED.sha256()


def test_the_same_instant_in_another_zone_is_the_same_document() -> None:
    assert ISSUED.issued_at is not None
    elsewhere = replace(ISSUED, issued_at=ISSUED.issued_at.astimezone(timezone(timedelta(hours=-3))))

    assert elsewhere.sha256() == ISSUED.sha256()


def test_issuing_changes_the_document_but_not_what_was_reviewed() -> None:
    assert ISSUED.sha256() != PREVIEW.sha256()
    assert ISSUED.content_sha256() == PREVIEW.content_sha256()


@pytest.mark.parametrize(
    "change",
    [
        lambda document: replace(document, document_reference="F-124"),
        lambda document: replace(document, otic=Party("76.000.000-0", "OTIC Sur")),
        lambda document: replace(document, ends_on=date(2026, 2, 28)),
        lambda document: replace(document, participants=()),
        lambda document: replace(document, participants=(replace(document.participants[0], percentage="75.00"),)),
        lambda document: replace(document, previous_folios=()),
        lambda document: replace(document, policy_id="GCA-2"),
    ],
    ids=["invoice", "otic", "end", "nobody", "percentage", "chain", "policy"],
)
def test_whatever_the_person_reviewed_is_in_the_content_hash(
    change: Callable[[CertificateDocument], CertificateDocument],
) -> None:
    assert change(PREVIEW).content_sha256() != PREVIEW.content_sha256()


def test_a_half_issued_document_cannot_exist() -> None:
    with pytest.raises(ValueError, match="none of them"):
        replace(PREVIEW, folio="12-2026")


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        replace(ISSUED, issued_at=datetime(2026, 3, 3, 14, 5))  # noqa: DTZ001


def test_a_snapshot_of_another_shape_is_refused_rather_than_guessed() -> None:
    with pytest.raises(ValueError, match="schema 2"):
        CertificateDocument.from_snapshot({**ISSUED.to_snapshot(), "schema": 2})


def test_a_document_cannot_be_edited() -> None:
    with pytest.raises(FrozenInstanceError):
        ISSUED.folio = "13-2026"  # type: ignore[misc]


@pytest.mark.parametrize("code", ["7F3K9QWM2", "7F3K-9QWM-2", "7F3K 9QWM 2"])
def test_a_code_is_printed_in_groups_of_four(code: str) -> None:
    assert grouped_code(code) == "7F3K-9QWM-2"
