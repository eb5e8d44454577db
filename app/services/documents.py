"""The PDF of an issue: asked for with the issue, made by a worker, stored once and never replaced."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import faults
from app.adapters.pdf.certificate import render_certificate
from app.adapters.storage import Storage
from app.domain.document import CertificateDocument
from app.models import Document, Issuance
from app.services import history
from app.services.certificates import latest_issuance
from app.services.effects import EffectQueue, ask
from app.services.history import EventKind

RENDER = "documents/render"


def request(session: Session, *, certificate_id: int) -> None:
    """Ask for the PDF of the latest issue; asking again is the same as once."""
    issuance = latest_issuance(session, certificate_id)
    ask(
        session,
        RENDER,
        identity=f"{RENDER}:{issuance.id}",
        queue=EffectQueue.DOCUMENTS,
        payload={"issuance_id": issuance.id},
    )


def render(session: Session, payload: Mapping[str, Any], *, storage: Storage) -> None:
    """Make and keep the PDF of `payload["issuance_id"]` from its snapshot. A second run changes nothing."""
    issuance = session.get_one(Issuance, payload["issuance_id"])
    if issuance.document is not None:
        return

    content = render_certificate(CertificateDocument.from_snapshot(issuance.snapshot))
    faults.point("document.rendered")
    # The file before the row that names it: a transaction that fails leaves a file nobody asks for, never a row without one.
    sha256 = storage.put(content)
    faults.point("document.stored")
    issuance.document = Document(sha256=sha256, size=len(content), created_at=datetime.now(UTC))
    history.record(
        session, issuance.certificate_id, EventKind.DOCUMENT_STORED, actor_id=None, folio=str(issuance.folio)
    )


def stored(session: Session, issuance_id: int) -> Document | None:
    """The PDF's row once it is there."""
    return session.scalar(select(Document).where(Document.issuance_id == issuance_id))
