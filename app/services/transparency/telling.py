"""Heads and proofs as JSON values, for pages, programs and the attachment of a certificate; hashes and keys in hexadecimal."""

import json
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from app.domain.log_format import milliseconds
from app.models import LogHead
from app.services.transparency.proofs import Consistency, Inclusion

Json = dict[str, Any]


def head(signed: LogHead) -> Json:
    """All that is needed to check the signature; `timestamp` is what was signed, in milliseconds since 1970."""
    return {
        "number": signed.id,
        "size": signed.size,
        "root": signed.root.hex(),
        "timestamp": milliseconds(signed.signed_at),
        "signed_at": signed.signed_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "signature": signed.signature.hex(),
        "key_id": signed.key_id,
        "public_key": signed.key.public_key.hex(),
    }


def inclusion(proof: Inclusion) -> Json:
    """Without the content of the leaf: who asks has it, or has no business with it."""
    return {
        "format": "constancia-inclusion-1",
        "leaf": {"index": proof.leaf.index, "hash": proof.leaf.hash.hex()},
        "path": _hex(proof.path),
        "head": head(proof.head),
    }


def attached(proof: Inclusion) -> bytes:
    """The same with the content of the leaf, for who holds the document that it is about."""
    told = inclusion(proof)
    told["leaf"]["content"] = proof.leaf.content
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def consistency(proof: Consistency) -> Json:
    return {
        "format": "constancia-consistency-1",
        "first": head(proof.first),
        "second": head(proof.second),
        "path": _hex(proof.path),
    }


def _hex(hashes: Sequence[bytes]) -> list[str]:
    return [hash_.hex() for hash_ in hashes]
