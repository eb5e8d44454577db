"""Long works in chunks: asked for, performed a chunk at a time by workers, watched, cancelled, ended exactly once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, func, null, or_, select, update
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql import ColumnElement

from app import faults
from app.domain.errors import NotFound, Refusal
from app.domain.permissions import Action, Actor
from app.models import ChunkOutcome, Job, JobChunk, JobKind
from app.services.effects import EffectQueue, ask

QUEUES = {
    JobKind.RECOMPUTATION: EffectQueue.BULK,
    JobKind.ATTENDANCE_EXPORT: EffectQueue.DOCUMENTS,
    JobKind.BULK_REVIEW: EffectQueue.INTERACTIVE,
    JobKind.BULK_ISSUE: EffectQueue.INTERACTIVE,
}


@dataclass(frozen=True)
class Part:
    """A part of the work: how much of the total it is, and what it needs to know."""

    units: int
    content: Mapping[str, Any]


# Does one chunk; may change rows and set the chunk's `part`. Performed at most once to the end.
Work = Callable[[Session, Job, JobChunk], None]


def effect_kind(kind: JobKind) -> str:
    """The kind of the effects in which the chunks of such a job are performed."""
    return f"jobs/{kind.value}"


def start(
    session: Session,
    kind: JobKind,
    *,
    title: str,
    scope: Mapping[str, Any],
    parts: Sequence[Part],
    closing: Part | None = None,
    actor: Actor,
) -> Job:
    """Put the job and its chunks in the queue; `closing` is performed when all the others are."""
    every = [*parts, *([closing] if closing else [])]
    if not every:
        raise ValueError("A job needs at least one part")
    job = Job(
        kind=kind,
        title=title[:300],
        scope=dict(scope),
        asked_by_id=actor.person_id,
        asked_profile=actor.profile,
        asked_organisation_id=actor.organisation_id,
        asked_at=datetime.now(UTC),
        total=sum(part.units for part in every),
    )
    session.add(job)
    session.flush()
    for number, part in enumerate(every):
        session.add(
            JobChunk(
                job_id=job.id,
                number=number,
                units=part.units,
                is_closing=part is closing,
                content=dict(part.content),
                outcome=ChunkOutcome.WAITING,
            )
        )
    for number in range(len(parts)) if parts else (0,):
        _ask_chunk(session, job, number)
    return job


def perform(session: Session, payload: Mapping[str, Any], *, work: Work) -> None:
    """Do one chunk unless it is done or the job was cancelled; the last one ends the job. A second run changes nothing."""
    begun_at = datetime.now(UTC)
    chunk = _locked_chunk(session, payload)
    if chunk.outcome in (ChunkOutcome.DONE, ChunkOutcome.SKIPPED):
        return
    # Not locked here: the row belongs to everybody, and the work may take long.
    job = session.get_one(Job, chunk.job_id)
    is_in_vain = chunk.is_closing and ChunkOutcome.FAILED in _units(session, job.id)
    if job.cancel_asked_at is not None or is_in_vain:
        _settle(session, chunk, ChunkOutcome.SKIPPED, begun_at=begun_at)
        return
    work(session, job, chunk)
    faults.point("job.chunk_worked")
    _settle(session, chunk, ChunkOutcome.DONE, begun_at=begun_at)


def give_up(session: Session, payload: Mapping[str, Any]) -> None:
    """Write down that a chunk failed for good, so that the job ends and says so."""
    chunk = _locked_chunk(session, payload)
    if chunk.outcome is ChunkOutcome.WAITING:
        _settle(session, chunk, ChunkOutcome.FAILED, begun_at=datetime.now(UTC))


def cancel(session: Session, job_id: int, *, actor: Actor) -> None:
    """Let no further chunk begin; those under way still end. Asked twice it is asked once.

    Raises Refusal for a job that has ended, NotFound for one the actor may not watch.
    """
    get(session, job_id, actor)
    job = session.get_one(Job, job_id, with_for_update=True)
    if job.ended_at is not None:
        raise Refusal("El trabajo ya terminó: no queda nada que cancelar. Vuelva atrás para ver cómo quedó.")

    if job.cancel_asked_at is None:
        job.cancel_asked_at = datetime.now(UTC)
        job.cancel_asked_by_id = actor.person_id


def get(session: Session, job_id: int, actor: Actor) -> Job:
    """Raises NotFound if there is no such job, or none that this actor may watch."""
    job = session.scalar(
        select(Job)
        .where(Job.id == job_id, _watched_by(actor))
        .options(joinedload(Job.asked_by), joinedload(Job.cancel_asked_by))
    )
    if job is None:
        raise NotFound
    return job


def is_own(job: Job, actor: Actor) -> bool:
    """Whether the actor asked for the job, acting as now: another profile of the same person is somebody else."""
    asked = (job.asked_by_id, job.asked_profile, job.asked_organisation_id)
    return asked == (actor.person_id, actor.profile, actor.organisation_id)


def latest(session: Session, kind: JobKind, *, actor: Actor, size: int) -> Sequence[Job]:
    """The newest jobs of a kind that the actor may watch."""
    return session.scalars(
        select(Job)
        .where(Job.kind == kind, _watched_by(actor))
        .options(joinedload(Job.asked_by))
        .order_by(Job.id.desc())
        .limit(size)
    ).all()


def asked_by(actor: Actor) -> ColumnElement[bool]:
    """The works that `is_own` is true of."""
    organisation = Job.asked_organisation_id
    return and_(
        Job.asked_by_id == actor.person_id,
        Job.asked_profile == actor.profile,
        organisation.is_(None) if actor.organisation_id is None else organisation == actor.organisation_id,
    )


def _watched_by(actor: Actor) -> ColumnElement[bool]:
    """One's own jobs, and every recomputation for those who may start one anywhere in the country."""
    if actor.may(Action.RECOMPUTE) and actor.regions is None:
        return or_(asked_by(actor), Job.kind == JobKind.RECOMPUTATION)
    return asked_by(actor)


def _locked_chunk(session: Session, payload: Mapping[str, Any]) -> JobChunk:
    return session.scalars(
        select(JobChunk)
        .where(JobChunk.job_id == payload["job_id"], JobChunk.number == payload["number"])
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _settle(session: Session, chunk: JobChunk, outcome: ChunkOutcome, *, begun_at: datetime) -> None:
    """Count the chunk and, if it was the last, end the job. The job's row is locked last and therefore shortly."""
    chunk.outcome, chunk.settled_at = outcome, datetime.now(UTC)
    session.flush()
    job = session.get_one(Job, chunk.job_id, with_for_update=True)
    # Counted anew behind the lock: whatever the order and however often, the sum is what the chunks say.
    units = _units(session, job.id)
    job.done = units.get(ChunkOutcome.DONE, 0)
    job.started_at = min(begun_at, job.started_at or begun_at)
    job.failed_reason = _failed(units.get(ChunkOutcome.FAILED, 0), job.total)
    closing = _waiting_closing(session, job.id)
    if closing is not None and units[ChunkOutcome.WAITING] == closing.units:
        _ask_chunk(session, job, closing.number)
    if ChunkOutcome.WAITING not in units and job.ended_at is None:
        job.ended_at = datetime.now(UTC)
        # What the chunks handed over has served, and it holds people's data.
        session.execute(update(JobChunk).where(JobChunk.job_id == job.id).values(part=null()))


def _failed(units: int, total: int) -> str | None:
    if not units:
        return None
    return f"No se pudo hacer una parte del trabajo ({units} de {total}). Inténtelo de nuevo; si se repite, avise a soporte."


def _units(session: Session, job_id: int) -> dict[ChunkOutcome, int]:
    counted = session.execute(
        select(JobChunk.outcome, func.sum(JobChunk.units).label("units"))
        .where(JobChunk.job_id == job_id)
        .group_by(JobChunk.outcome)
    )
    return {row.outcome: row.units for row in counted}


def _waiting_closing(session: Session, job_id: int) -> JobChunk | None:
    return session.scalar(
        select(JobChunk).where(JobChunk.job_id == job_id, JobChunk.is_closing, JobChunk.outcome == ChunkOutcome.WAITING)
    )


def _ask_chunk(session: Session, job: Job, number: int) -> None:
    kind = effect_kind(job.kind)
    identity = f"{kind}:{job.id}:{number}"
    ask(session, kind, identity=identity, queue=QUEUES[job.kind], payload={"job_id": job.id, "number": number})
