"""Drafts that somebody discarded: kept, and found again by who looks for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import DraftStatus, ProcessDraft
from app.process import diagrams

SHOWN = 100


@dataclass(frozen=True)
class Discarded:
    """`base` is the number of the version it began as, None for a file."""

    id: int
    process_id: str
    name: str
    base: int | None
    author: str
    discarded_by: str
    discarded_at: datetime


def drafts(session: Session, process_id: str = "") -> list[Discarded]:
    """The last `SHOWN`, of one process or of all, the one discarded last first."""
    wanted = select(ProcessDraft).where(ProcessDraft.status == DraftStatus.DISCARDED)
    if process_id:
        wanted = wanted.where(ProcessDraft.process_id == process_id)
    wanted = wanted.order_by(ProcessDraft.decided_at.desc(), ProcessDraft.id.desc()).limit(SHOWN)
    people = joinedload(ProcessDraft.author), joinedload(ProcessDraft.decided_by), joinedload(ProcessDraft.base)
    return [_told(one) for one in session.scalars(wanted.options(*people))]


def processes(session: Session) -> Sequence[str]:
    """The ids of those that have any."""
    wanted = select(ProcessDraft.process_id).where(ProcessDraft.status == DraftStatus.DISCARDED).distinct()
    return session.scalars(wanted.order_by(ProcessDraft.process_id)).all()


def _told(one: ProcessDraft) -> Discarded:
    assert one.decided_by is not None
    assert one.decided_at is not None
    return Discarded(
        id=one.id,
        process_id=one.process_id,
        name=diagrams.stored(one.xml).name or one.process_id,
        base=one.base.version if one.base else None,
        author=one.author.full_name,
        discarded_by=one.decided_by.full_name,
        discarded_at=one.decided_at,
    )
