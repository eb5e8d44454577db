"""The public log in tests: its key, and a look at it that shares nothing with how it is written."""

import hashlib
import json
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.log_key import LogKey
from app.domain.log_format import FactKind
from app.models import (
    AnnulmentDecision,
    AnnulmentRequest,
    Issuance,
    IssuanceVoid,
    LogHead,
    LogLeaf,
    RetroactiveDecision,
    RetroactiveRequest,
)
from app.services import transparency
from tests.support.arranging import arranged

TABLES: dict[FactKind, type[Any]] = {
    FactKind.ISSUANCE: Issuance,
    FactKind.ANNULMENT_REQUEST: AnnulmentRequest,
    FactKind.ANNULMENT_DECISION: AnnulmentDecision,
    FactKind.ISSUANCE_VOID: IssuanceVoid,
    FactKind.RETROACTIVE_REQUEST: RetroactiveRequest,
    FactKind.RETROACTIVE_DECISION: RetroactiveDecision,
}


def log_key(app: Flask) -> LogKey:
    key: LogKey = app.extensions["log_key"]
    return key


def seal(session: Session) -> LogHead:
    """Whatever waits for the log is in it and under a signed head, as before a PDF is made."""
    return transparency.seal(session, log_key(arranged.app))


def leaves(session: Session) -> list[LogLeaf]:
    """In the order of the log."""
    return list(session.scalars(select(LogLeaf).order_by(LogLeaf.index)))


def facts(session: Session) -> list[tuple[FactKind, int]]:
    """Every fact there is, whatever the log says."""
    return [(kind, fact_id) for kind, table in TABLES.items() for fact_id in session.scalars(select(table.id))]


def content(leaf: LogLeaf) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(leaf.content)
    return told


def root_over(hashed: list[LogLeaf]) -> bytes:
    """MTH of RFC 6962 over the contents themselves, as the RFC defines it."""
    return _tree([leaf.content.encode() for leaf in hashed])


def _tree(entries: list[bytes]) -> bytes:
    if len(entries) < 2:
        return hashlib.sha256(b"\x00" + entries[0] if entries else b"").digest()
    middle = 1 << (len(entries) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _tree(entries[:middle]) + _tree(entries[middle:])).digest()
