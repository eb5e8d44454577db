"""Which service performs which kind of effect."""

from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.adapters.storage import Storage
from app.services import attendance, documents


class Handler(Protocol):
    """Performs one effect inside the caller's transaction. May run twice: the second time must be harmless."""

    def __call__(self, session: Session, payload: dict[str, Any], *, storage: Storage) -> None: ...


def _recompute(session: Session, payload: dict[str, Any], *, storage: Storage) -> None:  # noqa: ARG001
    attendance.recompute(session, payload)


HANDLERS: dict[str, Handler] = {documents.RENDER: documents.render, attendance.RECOMPUTE: _recompute}
