"""Descargar Asistencia Total in each of its formats: at once, or for a large course as a work to come back to."""

from dataclasses import dataclass

from flask import Response as FlaskResponse
from flask import current_app, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.domain.errors import NotFound, Refusal
from app.domain.export_formats import ExportFormat
from app.domain.permissions import Action
from app.services import courses, exports
from app.services.exports import File
from app.unit_of_work import reading
from app.web import actions
from app.web.access import access, current_actor
from app.web.answering import problems, refused
from app.web.context import FieldError
from app.web.errors import keeps_what_was_typed
from app.web.portal.blueprint import portal

ENDPOINTS = {
    ExportFormat.XLSX: "portal.attendance_workbook",
    ExportFormat.CSV: "portal.attendance_csv",
    ExportFormat.CSV_TOTALS: "portal.attendance_totals_csv",
    ExportFormat.PDF: "portal.attendance_pdf",
}
Page = Response | tuple[str, int]


@dataclass(frozen=True)
class Download:
    text: str
    url: str


@portal.get("/acciones/<code>/asistencia.xlsx")
@access(Action.VIEW_ATTENDANCE)
def attendance_workbook(code: str) -> Response:
    """*Descargar Asistencia Total*: from the marks as they are now."""
    return _download(code, ExportFormat.XLSX)


@portal.get("/acciones/<code>/asistencia.csv")
@access(Action.VIEW_ATTENDANCE)
def attendance_csv(code: str) -> Response:
    return _download(code, ExportFormat.CSV)


@portal.get("/acciones/<code>/asistencia-totales.csv")
@access(Action.VIEW_ATTENDANCE)
def attendance_totals_csv(code: str) -> Response:
    return _download(code, ExportFormat.CSV_TOTALS)


@portal.get("/acciones/<code>/asistencia.pdf")
@access(Action.VIEW_ATTENDANCE)
def attendance_pdf(code: str) -> Response:
    return _download(code, ExportFormat.PDF)


@portal.route("/acciones/<code>/asistencia", methods=["GET", "POST"])
@access(Action.VIEW_ATTENDANCE)
@keeps_what_was_typed
def prepare_attendance(code: str) -> Page:
    """Have the file `?formato=` of a large course made in the background."""
    format = _asked_format()
    form = FlaskForm()
    if not form.is_submitted():
        return _page(code, format, (), 200)
    if not form.validate():
        return _page(code, format, problems(form), 422)

    def ask(session: Session) -> str:
        actor = current_actor()
        job = exports.ask(session, courses.get(session, code, actor), format, actor=actor)
        return url_for("jobs.job", job_id=job.id)

    try:
        return actions.once(ask)
    except Refusal as refusal:
        return _page(code, format, refused(refusal), 409)


def downloads(code: str, *, but: ExportFormat = ExportFormat.XLSX) -> list[Download]:
    """The ways to the formats other than `but`."""
    return [Download(one.label, url_for(ENDPOINTS[one], code=code)) for one in ExportFormat if one is not but]


def _download(code: str, format: ExportFormat) -> Response:
    with reading() as session:
        actor = current_actor()
        action = courses.get(session, code, actor)
        if not exports.is_made_at_once(exports.size_of(session, action, actor), format):
            return redirect(url_for("portal.prepare_attendance", code=code, formato=format.value))
        return _response(exports.make(session, action, format, actor=actor))


def _response(file: File) -> FlaskResponse:
    response = current_app.response_class(file.content, content_type=file.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=file.filename)
    return response


def _asked_format() -> ExportFormat:
    value = request.args.get("formato", ExportFormat.XLSX.value)
    if value not in list(ExportFormat):
        raise NotFound
    return ExportFormat(value)


def _page(code: str, format: ExportFormat, errors: tuple[FieldError, ...], status: int) -> Page:
    actor = current_actor()
    with reading() as session:
        action = courses.get(session, code, actor)
        rows = exports.size_of(session, action, actor)
        course = {"code": action.code, "name": action.name}
    page = render_template(
        "portal/prepare_attendance.html",
        course=course,
        format=format.label,
        rows=f"{rows:,}".replace(",", "."),
        why_not=exports.why_not(rows, format),
        downloads=downloads(code, but=format),
        errors=errors,
        one_time_token=actions.one_time_token(),
    )
    return page, status
