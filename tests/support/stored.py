"""The PDF of an issue, made, signed and kept as a worker does it, at once."""

from sqlalchemy.orm import Session

from app.adapters.signer import Signer
from app.adapters.storage import Storage
from app.models import Document, Issuance
from app.services import documents
from tests.support.arranging import arranged
from tests.support.transparency import seal


def store_pdf(
    session: Session, issuance: Issuance, *, storage: Storage | None = None, signer: Signer | None = None
) -> Document:
    """Where and by whom is the application's affair unless told otherwise."""
    parts = arranged.app.extensions
    seal(session)
    documents.render(
        session,
        {"issuance_id": issuance.id},
        storage=storage or parts["storage"],
        signer=signer or parts["signer"],
    )
    session.flush()
    session.expire(issuance)
    assert issuance.document is not None
    return issuance.document
