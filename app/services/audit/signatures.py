"""Signatures: each PDF that was stored as signed is, over all of its bytes and by a certificate known as ours."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from app.adapters.signer.checking import Seal, check
from app.services.audit.invariant import AT_A_TIME, Ground, Invariant

# The sample is another one each day, and the same all day long.
SIGNED = """
    SELECT 'issuance:' || issuance_id AS label, sha256, certificate
    FROM document JOIN signing_certificate ON fingerprint = signed_with
    ORDER BY md5(id || '/' || current_date) LIMIT :sample
"""


def _otherwise_signed(ground: Ground) -> Iterator[str]:
    rows = ground.session.execute(text(SIGNED), {"sample": ground.sample}, execution_options={"yield_per": AT_A_TIME})
    for row in rows:
        try:
            with ground.storage.open(row.sha256) as stream:
                content = stream.read()
        # A file that is gone, or is not what its row says, is told of among the files.
        except (FileNotFoundError, ValueError):
            continue
        if hashlib.sha256(content).hexdigest() == row.sha256 and not _is_ours(content, row):
            yield row.label


def _is_ours(content: bytes, row: Any) -> bool:
    checked = check(content)
    return checked.seal is Seal.INTACT and checked.certificate == bytes(row.certificate)


INVARIANTS = (
    Invariant(
        "signatures_intact",
        "Cada PDF firmado tiene su firma intacta, sobre el archivo entero y con un certificado nuestro.",
        _otherwise_signed,
    ),
)
