"""Which processes there are, as plain values for pages and commands: versions, cases on each, drafts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.faces import Face
from app.models import DraftStatus, InstanceStatus, ProcessDefinition, ProcessDraft, ProcessInstance
from app.process import diagrams
from app.services.timers import clock


class VersionState(Face):
    SCHEDULED = "scheduled", "Por comenzar"
    CURRENT = "current", "Vigente"
    RETIRED = "retired", "Retirada"


@dataclass(frozen=True)
class Version:
    """One published version; `running` is how many cases are under way on it."""

    id: int
    number: int
    state: VersionState
    author: str
    approver: str
    note: str
    published_at: datetime
    starts_at: datetime
    retired_at: datetime | None
    running: int


@dataclass(frozen=True)
class Draft:
    id: int
    status: DraftStatus
    base: int | None
    author: str
    saved_by: str
    saved_at: datetime


@dataclass(frozen=True)
class Process:
    """`versions` the newest first; none for one that is only a draft so far."""

    process_id: str
    name: str
    versions: list[Version] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)

    @property
    def current(self) -> Version | None:
        return next((version for version in self.versions if version.state is VersionState.CURRENT), None)

    @property
    def running(self) -> int:
        return sum(version.running for version in self.versions)


def processes(session: Session, process_id: str | None = None) -> list[Process]:
    """All processes by their name, or the one asked for. As many queries for any number."""
    rows, drafts = _definitions(session, process_id), _drafts(session, process_id)
    running = _running(session)
    now = clock(session)
    # The newest version says how it is called; where there is none yet, a draft does.
    named = [(one.process_id, one.xml) for one in drafts] + [(one.process_id, one.xml) for one in reversed(rows)]
    names = {key: diagrams.stored(xml).name or key for key, xml in named}
    found = {key: Process(key, name) for key, name in names.items()}
    for row in rows:
        found[row.process_id].versions.append(_version(row, running[row.id], now))
    for draft in drafts:
        found[draft.process_id].drafts.append(_draft(draft))
    return sorted(found.values(), key=lambda one: one.name)


def _definitions(session: Session, process_id: str | None) -> Sequence[ProcessDefinition]:
    wanted = select(ProcessDefinition).order_by(ProcessDefinition.version.desc())
    if process_id is not None:
        wanted = wanted.where(ProcessDefinition.process_id == process_id)
    people = joinedload(ProcessDefinition.author_person), joinedload(ProcessDefinition.approver_person)
    return session.scalars(wanted.options(*people)).all()


def _drafts(session: Session, process_id: str | None) -> Sequence[ProcessDraft]:
    wanted = select(ProcessDraft).where(ProcessDraft.status.in_([DraftStatus.DRAFT, DraftStatus.PROPOSED]))
    if process_id is not None:
        wanted = wanted.where(ProcessDraft.process_id == process_id)
    people = joinedload(ProcessDraft.author), joinedload(ProcessDraft.saved_by), joinedload(ProcessDraft.base)
    return session.scalars(wanted.order_by(ProcessDraft.saved_at.desc()).options(*people)).all()


def _running(session: Session) -> Counter[int]:
    counted = (
        select(ProcessInstance.definition_id, func.count())
        .where(ProcessInstance.status == InstanceStatus.OPEN)
        .group_by(ProcessInstance.definition_id)
    )
    return Counter({row[0]: row[1] for row in session.execute(counted)})


def _version(row: ProcessDefinition, running: int, now: datetime) -> Version:
    return Version(
        id=row.id,
        number=row.version,
        state=_state(row, now),
        author=row.author_name,
        approver=row.approver_name,
        note=row.note,
        published_at=row.published_at,
        starts_at=row.starts_at,
        retired_at=row.retired_at,
        running=running,
    )


def _state(row: ProcessDefinition, now: datetime) -> VersionState:
    if row.retired_at is not None and row.retired_at <= now:
        return VersionState.RETIRED
    return VersionState.CURRENT if row.starts_at <= now else VersionState.SCHEDULED


def _draft(row: ProcessDraft) -> Draft:
    return Draft(
        id=row.id,
        status=row.status,
        base=row.base.version if row.base else None,
        author=row.author.full_name,
        saved_by=row.saved_by.full_name,
        saved_at=row.saved_at,
    )
