"""Descargar Asistencia Total: small courses at once, large ones as a job whose file can be fetched for thirty days."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.adapters.attendance_csv import sessions_csv, totals_csv
from app.adapters.attendance_pdf import CourseHeading, attendance_pdf
from app.adapters.storage import Storage
from app.adapters.workbook import attendance_workbook
from app.domain.errors import NotFound, Refusal
from app.domain.export_formats import ExportFormat
from app.domain.permissions import Actor
from app.models import ClassHeld, Job, JobChunk, JobKind, JobState, Participant, Person, TrainingAction
from app.services import attendance, conflicts, courses, jobs, profiles
from app.services.attendance_rows import AttendanceRows, from_data, rows_of, to_data, together
from app.services.jobs import Part
from app.services.participants import BY_NAME, visible_in

AT_ONCE = 2000
"""Rows (participants × classes) that a person waits for; more are made in the background."""
PDF_AT_ONCE = 500
"""The same for the PDF, whose pages have to be laid out: that takes a second for this many."""
PDF_LIMIT = 15_000
ROWS_A_CHUNK = 2000
KEPT_FOR = timedelta(days=30)
GONE = f"El archivo se guardó {KEPT_FOR.days} días y ya no está. Pídalo de nuevo en la página del curso."


@dataclass(frozen=True)
class File:
    content: bytes
    filename: str
    content_type: str


def size_of(session: Session, action: TrainingAction, actor: Actor) -> int:
    """How many rows the classes of the course make for this actor."""
    participants = select(func.count()).where(Participant.action_id == action.id, visible_in(actor)).scalar_subquery()
    classes = select(func.count()).where(ClassHeld.action_id == action.id).scalar_subquery()
    rows: int = session.scalars(select(participants * classes)).one()
    return rows


def is_made_at_once(rows: int, format: ExportFormat) -> bool:
    return rows <= (PDF_AT_ONCE if format is ExportFormat.PDF else AT_ONCE)


def why_not(rows: int, format: ExportFormat) -> str | None:
    """The sentence that tells why a file of so many rows is not made, if it is not."""
    if format is ExportFormat.PDF and rows > PDF_LIMIT:
        return f"El PDF tendría {_number(rows)} filas y el máximo es {_number(PDF_LIMIT)}. Descargue Excel o CSV."
    return None


def make(session: Session, action: TrainingAction, format: ExportFormat, *, actor: Actor) -> File:
    """The file from the marks as they are now."""
    return _file(action, format, _rows(session, action, _participant_ids(session, action, actor)))


def ask(session: Session, action: TrainingAction, format: ExportFormat, *, actor: Actor) -> Job:
    """Have the file made in the background. Raises Refusal for a PDF that nobody could read."""
    rows = size_of(session, action, actor)
    if reason := why_not(rows, format):
        raise Refusal(reason)

    ids = _participant_ids(session, action, actor)
    step = max(1, ROWS_A_CHUNK * len(ids) // max(1, rows))
    return jobs.start(
        session,
        JobKind.ATTENDANCE_EXPORT,
        title=f"Asistencia total del curso {action.code}: {format.label}",
        scope={"action_code": action.code, "format": format.value},
        parts=[Part(1, {"participant_ids": ids[begin : begin + step]}) for begin in range(0, len(ids), step)],
        closing=Part(1, {}),
        actor=actor,
    )


def make_chunk(session: Session, job: Job, chunk: JobChunk, *, storage: Storage) -> None:
    """The rows of some participants put aside, or in the closing chunk, the file of all of them."""
    action = courses.get(session, job.scope["action_code"], _actor_of(session, job))
    if not chunk.is_closing:
        chunk.part = to_data(_rows(session, action, chunk.content["participant_ids"]))
        return
    parts = session.scalars(
        select(JobChunk.part).where(JobChunk.job_id == job.id, ~JobChunk.is_closing).order_by(JobChunk.number)
    )
    file = _file(action, ExportFormat(job.scope["format"]), together(from_data(part) for part in parts if part))
    # Written before the row that names it: a transaction that fails leaves a file nobody finds, never a row without one.
    job.result_sha256, job.result_size = storage.put(file.content), len(file.content)
    job.result_filename, job.result_content_type = file.filename, file.content_type


def fetchable(session: Session, job_id: int, actor: Actor) -> Job:
    """The job whose file the actor may fetch: the own one, of a course still in sight.

    Raises NotFound for somebody else's, or one without a file; Refusal when it was kept long enough.
    """
    job = jobs.get(session, job_id, actor)
    if job.kind is not JobKind.ATTENDANCE_EXPORT or not jobs.is_own(job, actor):
        raise NotFound
    courses.get(session, job.scope["action_code"], actor)
    if is_expired(job):
        raise Refusal(GONE)
    if job.result_sha256 is None:
        raise NotFound
    return job


def is_expired(job: Job) -> bool:
    """Whether a file was made and kept long enough; it may still be on disk."""
    return job.state is JobState.DONE and job.ended_at is not None and datetime.now(UTC) > job.ended_at + KEPT_FOR


def _actor_of(session: Session, job: Job) -> Actor:
    """Who asked, as granted today. Raises NotFound if the profile is gone: then so is the right to the file."""
    actor = profiles.actor_for(session, job.asked_by_id, job.asked_profile, job.asked_organisation_id)
    if actor is None:
        raise NotFound
    return actor


def _participant_ids(session: Session, action: TrainingAction, actor: Actor) -> list[int]:
    return list(
        session.scalars(
            select(Participant.id)
            .join(Person, Person.id == Participant.person_id)
            .where(Participant.action_id == action.id, visible_in(actor))
            .order_by(*BY_NAME)
        )
    )


def _rows(session: Session, action: TrainingAction, participant_ids: list[int]) -> AttendanceRows:
    computed = attendance.compute(session, action, only=participant_ids)
    conflicting = conflicts.found(session, participant_ids)
    return rows_of(computed, attendance.class_rows(session, action), action.time_zone, conflicting)


def _file(action: TrainingAction, format: ExportFormat, rows: AttendanceRows) -> File:
    return File(_content(action, format, rows), format.filename(action.code), format.content_type)


def _content(action: TrainingAction, format: ExportFormat, rows: AttendanceRows) -> bytes:
    match format:
        case ExportFormat.XLSX:
            return attendance_workbook(rows.totals, rows.sessions)
        case ExportFormat.CSV:
            return sessions_csv(rows.sessions)
        case ExportFormat.CSV_TOTALS:
            return totals_csv(rows.totals)
        case ExportFormat.PDF:
            return attendance_pdf(_heading(action), rows.totals, rows.sessions)


def _heading(action: TrainingAction) -> CourseHeading:
    return CourseHeading(
        code=action.code,
        name=action.name,
        otec=action.otec.name,
        starts_on=action.starts_on,
        ends_on=action.ends_on,
        made_at=datetime.now(ZoneInfo(action.time_zone)),
    )


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
