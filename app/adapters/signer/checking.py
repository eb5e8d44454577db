"""Whether the signature of a PDF is intact and covers the whole file: told from its bytes, without reading it as a PDF.

What anybody sends is checked here, so nothing of it is unpacked, and the layout is held against the one way in which our own
files are signed: one range over all bytes but the signature itself, and in its place nothing but the signature.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum, auto

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
# Either of them is in every signed file, and one of them is left if a byte of the other was changed.
TRACES = (b"/ByteRange", b"ETSI.CAdES.detached")
LONGEST_SIGNATURE = 64 * 1024


class Seal(StrEnum):
    """What can be said of a file's signature by itself; whose certificate it is, its fingerprint tells."""

    NONE = auto()
    BROKEN = auto()
    INTACT = auto()


@dataclass(frozen=True)
class Checked:
    """`certificate` is the signer's (DER), of an intact signature only."""

    seal: Seal
    certificate: bytes | None = None


class _NotIntact(Exception):
    pass


def check(pdf: bytes) -> Checked:
    """The signature of these bytes, whatever they are. Of several the last one counts, which alone can cover all."""
    if not any(trace in pdf for trace in TRACES):
        return Checked(Seal.NONE)
    try:
        return Checked(Seal.INTACT, _signer(*_parts(pdf)))
    except _NotIntact:
        return Checked(Seal.BROKEN)


def _parts(pdf: bytes) -> tuple[bytes, bytes]:
    """The digest of what is signed, and the signature. Raises _NotIntact unless the two together are the whole file."""
    ranges = RANGE.findall(pdf)
    if not ranges:
        raise _NotIntact
    before, after, rest = map(int, ranges[-1])
    gap = pdf[before:after]
    covers_all = after + rest == len(pdf) and gap[:1] == b"<" and gap[-1:] == b">" and len(gap) < LONGEST_SIGNATURE
    if not covers_all:
        raise _NotIntact
    digest = hashlib.sha256(memoryview(pdf)[:before])
    digest.update(memoryview(pdf)[after : after + rest])
    return digest.digest(), _only_der(gap[1:-1])


def _only_der(digits: bytes) -> bytes:
    """The one value that the hexadecimal digits hold. Raises _NotIntact if they hold anything else, or in another way."""
    from asn1crypto import parser

    try:
        padded = bytes.fromhex(digits.decode("ascii"))
        length = parser.peek(padded)
    except ValueError as strange:
        raise _NotIntact from strange
    der = padded[:length]
    # The rest is zeros, and what would mean the same in small letters or with spaces is no longer our file.
    if digits != der.hex().upper().encode().ljust(len(digits), b"0"):
        raise _NotIntact
    return der


def _signer(digest: bytes, signature: bytes) -> bytes:
    """The certificate whose key signed this digest. Raises _NotIntact."""
    # Takes a second to import, which only who checks a file need wait.
    from asn1crypto import cms
    from pyhanko.sign.general import extract_certificate_info, extract_signer_info
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    try:
        content = cms.ContentInfo.load(signature, strict=True)
        if content["content_type"].native != "signed_data":
            raise _NotIntact
        signed = content["content"]
        certificate = extract_certificate_info(signed).signer_cert
        whole = validate_sig_integrity(extract_signer_info(signed), certificate, "data", digest)
    # What a signature of somebody else's making may have the parser stumble over; pyHanko's own errors are ValueErrors.
    except (ValueError, TypeError, LookupError, AttributeError, UnsupportedAlgorithm, InvalidSignature) as strange:
        raise _NotIntact from strange
    if whole != (True, True):
        raise _NotIntact
    return bytes(certificate.dump())
