"""A long work as its pages tell it: how far it is, who asked, when, and what came of it."""

from dataclasses import dataclass

from flask import url_for

from app.domain.permissions import Actor, Profile
from app.models import Job, JobKind, JobState
from app.services import exports, jobs
from app.web.filters import local_date, local_moment

UNITS = {
    JobKind.RECOMPUTATION: ("curso", "cursos"),
    JobKind.ATTENDANCE_EXPORT: ("parte", "partes"),
    JobKind.BULK_REVIEW: ("curso", "cursos"),
    JobKind.BULK_ISSUE: ("certificado", "certificados"),
}
OUTCOMES = {
    JobState.DONE: {
        JobKind.RECOMPUTATION: "Listo: la asistencia quedó recalculada. Los certificados ya emitidos no cambian.",
        JobKind.ATTENDANCE_EXPORT: "Listo: el archivo está hecho.",
        JobKind.BULK_REVIEW: "Listo: los cursos están revisados.",
        JobKind.BULK_ISSUE: "Listo: vea qué fue de cada certificado.",
    },
    JobState.CANCELLED: {
        JobKind.RECOMPUTATION: "Cancelado. Lo recalculado hasta ese momento quedó guardado; el resto no cambió.",
        JobKind.ATTENDANCE_EXPORT: "Cancelado. No se hizo ningún archivo.",
        JobKind.BULK_REVIEW: "Cancelado. No se emitió nada.",
        JobKind.BULK_ISSUE: "Cancelado. Lo emitido hasta ese momento queda emitido; el resto no se emitió.",
    },
}


@dataclass(frozen=True)
class ToldFile:
    url: str
    name: str
    size: str
    until: str


@dataclass(frozen=True)
class ToldJob:
    """Plain values for the page, its fragment and the list of works."""

    url: str
    progress_url: str
    title: str
    state: str
    is_over: bool
    is_cancelling: bool
    done: int
    total: int
    percent: int
    amount: str
    outcome: str
    facts: tuple[dict[str, str], ...]
    file: ToldFile | None


def told(job: Job, actor: Actor) -> ToldJob:
    percent = job.done * 100 // job.total
    return ToldJob(
        url=url_for("jobs.job", job_id=job.id),
        progress_url=url_for("jobs.progress", job_id=job.id),
        title=job.title,
        state=job.state.label,
        is_over=job.ended_at is not None,
        is_cancelling=job.state is JobState.CANCELLING,
        done=job.done,
        total=job.total,
        percent=percent,
        amount=f"{_number(job.done)} de {_counted(job)}, {percent} %",
        outcome=_outcome(job),
        facts=_facts(job, actor),
        file=_file(job, actor),
    )


def _counted(job: Job) -> str:
    one, several = UNITS[job.kind]
    return f"{_number(job.total)} {one if job.total == 1 else several}"


def _outcome(job: Job) -> str:
    if job.state is JobState.FAILED:
        return job.failed_reason or "El trabajo quedó incompleto. Pídalo de nuevo."
    if job.kind is JobKind.ATTENDANCE_EXPORT and exports.is_expired(job):
        return exports.GONE
    return OUTCOMES.get(job.state, {}).get(job.kind, "")


def _facts(job: Job, actor: Actor) -> tuple[dict[str, str], ...]:
    moments = (("Empezó", job.started_at), ("Terminó", job.ended_at), ("Cancelado", job.cancel_asked_at))
    return (
        {"label": "Pedido por", "value": _person(job.asked_by.full_name, job.asked_profile, actor)},
        {"label": "Pedido", "value": local_moment(job.asked_at)},
        *({"label": label, "value": local_moment(at)} for label, at in moments if at is not None),
    )


def _person(name: str, profile: Profile, actor: Actor) -> str:
    # An operator keeps the works going without needing to know who anybody is.
    return profile.label if actor.profile is Profile.OPERATOR else f"{name} ({profile.label})"


def _file(job: Job, actor: Actor) -> ToldFile | None:
    if job.result_filename is None or job.ended_at is None or exports.is_expired(job) or not jobs.is_own(job, actor):
        return None
    return ToldFile(
        url=url_for("jobs.file", job_id=job.id),
        name=job.result_filename,
        size=_size(job.result_size or 0),
        until=local_date(job.ended_at + exports.KEPT_FOR),
    )


def _size(size: int) -> str:
    return f"{_number(-(-size // 1024))} KB"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
