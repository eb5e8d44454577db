"""The PDF of an issue: asked for with the issue, made and signed by a worker, stored once and never replaced."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import faults
from app.adapters.pdf.attachments import Attachment
from app.adapters.pdf.certificate import render_certificate
from app.adapters.signer import Signer
from app.adapters.storage import Storage
from app.domain.document import CertificateDocument, snapshot_bytes
from app.domain.errors import EffectFailed
from app.domain.log_format import FactKind
from app.models import Document, Effect, Issuance
from app.services import history, signatures, transparency
from app.services.certificates import latest_issuance
from app.services.effects import EffectQueue, ask
from app.services.history import EventKind
from app.services.transparency import telling

RENDER = "documents/render"
SNAPSHOT, PROOF = "certificado.json", "prueba-de-registro.json"
NOT_IN_THE_LOG = "La emisión todavía no está bajo una cabeza firmada del registro público. Reintente en un minuto."


def request(session: Session, *, certificate_id: int) -> None:
    """Ask for the PDF of the latest issue; asking again is the same as once."""
    issuance = latest_issuance(session, certificate_id)
    ask(
        session,
        RENDER,
        identity=_identity(issuance.id),
        queue=EffectQueue.DOCUMENTS,
        payload={"issuance_id": issuance.id},
    )


def render(session: Session, payload: Mapping[str, Any], *, storage: Storage, signer: Signer) -> None:
    """Make, sign and keep the PDF of `payload["issuance_id"]` from its snapshot. A second run changes nothing.

    Nothing is kept before it is signed: the first file that is stored stays, and so it is the signed one. Raises EffectFailed.
    """
    issuance = session.get_one(Issuance, payload["issuance_id"])
    if issuance.document is not None:
        return

    document = CertificateDocument.from_snapshot(issuance.snapshot)
    rendered = render_certificate(document, attachments=attachments_of(session, issuance))
    faults.point("document.rendered")
    signed = signer.sign(rendered)
    # The file before the row that names it: a transaction that fails leaves a file nobody asks for, never a row without one.
    sha256 = storage.put(signed.content)
    faults.point("document.stored")
    issuance.document = Document(
        sha256=sha256,
        size=len(signed.content),
        created_at=datetime.now(UTC),
        signed_with=signed.certificate and signatures.note(session, signed.certificate),
    )
    history.record(
        session, issuance.certificate_id, EventKind.DOCUMENT_STORED, actor_id=None, folio=str(issuance.folio)
    )


def attachments_of(session: Session, issuance: Issuance) -> list[Attachment]:
    """What proves the issue without us: what was hashed when it was issued, and its way to a signed head of the public log.

    Raises EffectFailed if no head holds the issue yet.
    """
    proof = transparency.of_fact(session, FactKind.ISSUANCE, issuance.id)
    if proof is None:
        raise EffectFailed(NOT_IN_THE_LOG)
    return [
        Attachment(SNAPSHOT, "Lo que dice este certificado", snapshot_bytes(issuance.snapshot)),
        Attachment(PROOF, "Prueba de que la emisión está en el registro público", telling.attached(proof)),
    ]


class Stage(StrEnum):
    """How far the PDF of an issue has come. `late` has failed at least once, and waits for another try or an operator."""

    PREPARING = auto()
    LATE = auto()
    READY = auto()


def stage_of(session: Session, issuance_id: int) -> Stage:
    if stored(session, issuance_id) is not None:
        return Stage.READY
    failed = select(Effect.id).where(Effect.identity == _identity(issuance_id), Effect.last_error.is_not(None))
    return Stage.LATE if session.scalar(failed) is not None else Stage.PREPARING


def _identity(issuance_id: int) -> str:
    return f"{RENDER}:{issuance_id}"


def stored(session: Session, issuance_id: int) -> Document | None:
    """The PDF's row once it is there."""
    return session.scalar(select(Document).where(Document.issuance_id == issuance_id))
