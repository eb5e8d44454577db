"""Certificates signed with a key of the demonstration authority, made for the measurement and kept as a worker keeps it."""

import tempfile
from functools import cache
from pathlib import Path

from app.adapters.pdf.certificate import render_certificate
from app.adapters.signer import KeyInFile, authority
from app.domain.document import CertificateDocument

PASSPHRASE = "only to measure"  # noqa: S105


def signed_certificate(document: CertificateDocument) -> bytes:
    """Drawn and signed."""
    return _key().sign(render_certificate(document)).content


def signing_alone(document: CertificateDocument) -> bytes:
    """Signed; drawn the first time only, which the median does not see."""
    return _key().sign(_drawn(document)).content


@cache
def _key() -> KeyInFile:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "key.p12"
        authority.create(path, PASSPHRASE)
        key = KeyInFile(path, PASSPHRASE)
        key.pades  # noqa: B018 - read before its file goes
        return key


_drawn = cache(render_certificate)
