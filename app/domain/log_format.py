"""The exact bytes that the log hashes and signs. Whoever checks it without us needs this file's rules and nothing else."""

import hashlib
import json
import struct
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from app.domain.faces import Face

LEAF_VERSION = 1
SALT_BYTES = 16
HEAD_VERSION, HEAD_OF_A_TREE = 0, 1


class FactKind(Face):
    """What the log holds; each value is the table of the facts."""

    ISSUANCE = "issuance", "Emisión de un certificado"
    ANNULMENT_REQUEST = "annulment_request", "Solicitud de anulación"
    ANNULMENT_DECISION = "annulment_decision", "Resolución de una anulación"
    ISSUANCE_VOID = "issuance_void", "Anulación de oficio"
    RETROACTIVE_REQUEST = "retroactive_request", "Solicitud de asistencia retroactiva"
    RETROACTIVE_DECISION = "retroactive_decision", "Resolución de asistencia retroactiva"


def leaf_content(kind: FactKind, public: Mapping[str, Any], record: Mapping[str, Any], salt: bytes) -> str:
    """What is hashed into a leaf: what anybody may read of the fact, and the salted hash of all of it.

    Whoever holds the record can show that it is the one of the leaf; from the leaf nobody can find it out.
    """
    told = {"version": LEAF_VERSION, "kind": kind.value, **public, "salt": salt.hex(), "record": sealed(record, salt)}
    return canonical(told)


def sealed(record: Mapping[str, Any], salt: bytes) -> str:
    """SHA-256 of the salt and the record behind it."""
    return hashlib.sha256(salt + canonical(record).encode()).hexdigest()


def canonical(value: Mapping[str, Any]) -> str:
    """JSON with sorted keys and without spaces; instants in UTC."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain)


def head_bytes(size: int, root: bytes, signed_at: datetime) -> bytes:
    """What the signature of a head signs: the TreeHeadSignature of RFC 6962 §3.5."""
    return struct.pack(">BBQQ32s", HEAD_VERSION, HEAD_OF_A_TREE, milliseconds(signed_at), size, root)


def milliseconds(instant: datetime) -> int:
    """Since 1970 in UTC; what is finer is cut off."""
    seconds = int(instant.replace(microsecond=0).timestamp())
    return seconds * 1000 + instant.microsecond // 1000


def key_id(public_key: bytes) -> str:
    """How a key is called: SHA-256 of its SubjectPublicKeyInfo in DER."""
    return hashlib.sha256(public_key).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the log.")
