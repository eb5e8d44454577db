"""Expediente: everything about one certificate, as a page with its time line and as one ZIP."""

from collections.abc import Sequence
from typing import Any

from flask import Response as FlaskResponse
from flask import current_app, render_template, stream_with_context
from sqlalchemy.orm import Session

from app.adapters import zip_stream
from app.adapters.storage import Storage
from app.domain.permissions import Action
from app.process import case_files
from app.process.case_files import Case, CaseFile
from app.process.waits import Wait
from app.services import courses
from app.unit_of_work import reading
from app.web.access import access, current_actor
from app.web.filters import last_day, local_moment
from app.web.portal import case_archive, course_history
from app.web.portal.blueprint import portal
from app.web.portal.case_archive import Part


@portal.get("/acciones/<code>/expediente")
@access(Action.VIEW_CASE_FILE)
def case_file(code: str) -> str:
    """The time line, each trámite with the way it took, and what the ZIP holds."""
    with reading() as session:
        file = _gathered(session, code)
        values = _told(file, case_archive.parts(file))
    return render_template("portal/case_file.html", **values)


@portal.get("/acciones/<code>/expediente.zip")
@access(Action.VIEW_CASE_FILE)
def case_archive_zip(code: str) -> FlaskResponse:
    """The files behind an index with their hashes."""
    with reading() as session:
        file = _gathered(session, code)
        parts = [*case_archive.parts(file), *case_archive.proofs(session, file)]
        values = _told(file, parts)
    storage: Storage = current_app.extensions["storage"]
    files = case_archive.with_index(parts, render_template("case_file/index.html", **values))
    pieces = zip_stream.stream([part.entry(storage) for part in files])
    response = current_app.response_class(stream_with_context(pieces), mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=f"expediente-{code}.zip")
    # It names people: no cache shared with others may keep it.
    response.cache_control.private = True
    return response


def _gathered(session: Session, code: str) -> CaseFile:
    return case_files.gather(session, courses.get(session, code, current_actor()))


def _told(file: CaseFile, parts: Sequence[Part]) -> dict[str, Any]:
    action, zone = file.action, file.action.time_zone
    return {
        "course": {"code": action.code, "name": action.name},
        "events": [course_history.told(event, zone) for event in file.events],
        "cases": [_case(case, zone) for case in file.cases],
        "files": [
            {"name": part.name, "title": part.title, "sha256": part.sha256, "size": _size(part.size)} for part in parts
        ],
    }


def _case(case: Case, zone: str) -> dict[str, Any]:
    return {
        "number": case.number,
        "process_id": case.process_id,
        "name": case.name,
        "version": case.version,
        "sha256": case.sha256,
        "started_at": local_moment(case.started_at, zone),
        "outcome": case.outcome,
        "drawing": case.drawing,
        "called": case.called,
        "steps": [
            {
                "name": step.name,
                "since": local_moment(step.opened_at, zone),
                "until": local_moment(step.closed_at, zone) if step.closed_at else "",
                "due": last_day(step.due_at, zone) if step.due_at else "",
                "office": step.office,
                "who": step.who or "",
                "done": step.done,
                "answered": step.answered,
            }
            for step in case.steps
        ],
        "waits": [_wait(wait, zone) for wait in case.waits],
        "decided": [f"{one.told}, {local_moment(one.at, zone)}" for one in case.decided],
    }


def _wait(wait: Wait, zone: str) -> str:
    if wait.closed_at is None:
        return f"{wait.told(zone)}, desde el {local_moment(wait.opened_at, zone)}"
    return f"{wait.told(zone)}, {local_moment(wait.closed_at, zone)}"


def _size(size: int) -> str:
    return f"{-(-size // 1024)} KB"
