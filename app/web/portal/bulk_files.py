"""Files around an emisión masiva: the list to fill in, the result as a spreadsheet, and many PDFs as one ZIP."""

import csv
import io
from collections.abc import Iterable
from functools import partial
from zoneinfo import ZoneInfo

from flask import Response as FlaskResponse
from flask import current_app, flash, redirect, stream_with_context, url_for
from werkzeug.wrappers import Response

from app.adapters import zip_stream
from app.adapters.storage import Storage
from app.adapters.workbook import BulkResult, bulk_workbook
from app.adapters.zip_stream import Entry
from app.domain.export_formats import ExportFormat
from app.domain.permissions import Action, Profile
from app.models import BulkIssue, BulkIssueRow
from app.services import bulk_found, bulk_issues
from app.services.bulk_found import StoredPdf
from app.unit_of_work import reading
from app.web.access import access, current_actor
from app.web.filters import SANTIAGO
from app.web.portal import selection
from app.web.portal.blueprint import PREFIX, portal
from app.web.portal.bulk_typed import CODE, NUMBER
from app.web.portal.bulk_words import outcome_of
from app.web.portal.certificate import ONLY_OWN

NO_PDFS = "Todavía no hay ningún PDF que descargar. Espere a que se preparen o cambie la búsqueda."


@portal.get("/emision-masiva/lista.csv")
@access(Action.ISSUE)
def bulk_list() -> FlaskResponse:
    """The courses of the last search that can be issued, with the column to be filled in."""
    criteria = selection.criteria()
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([CODE, "curso", NUMBER])
    after: str | None = "" if criteria else None
    with reading() as session:
        while criteria and after is not None:
            page = bulk_found.issuable(session, criteria.to_search(), actor=current_actor(), after=after)
            writer.writerows([action.code, _as_text(action.name), ""] for action in page.courses)
            after = page.next_after
    return _file(("\ufeff" + text.getvalue()).encode(), "text/csv", "emision-masiva.csv")


@portal.get("/emision-masiva/<int:bulk_id>/resultado.xlsx")
@access(Action.ISSUE)
def bulk_result(bulk_id: int) -> FlaskResponse:
    """What came of each course."""
    with reading() as session:
        bulk = bulk_issues.get(session, bulk_id, current_actor())
        rows = [_result(row, bulk) for row in bulk_issues.rows_of(session, bulk_id)]
    return _file(bulk_workbook(rows), ExportFormat.XLSX.content_type, f"emision-masiva-{bulk_id}.xlsx")


@portal.get("/emision-masiva/<int:bulk_id>/certificados.zip")
@access(Action.ISSUE)
def bulk_pdfs(bulk_id: int) -> Response:
    """The PDFs that are made, as one file."""
    with reading() as session:
        bulk_issues.get(session, bulk_id, current_actor())
        pdfs = [
            StoredPdf(row.action.code, str(row.issuance.folio), document.sha256, document.created_at)
            for row in bulk_issues.rows_of(session, bulk_id)
            if row.issuance and (document := row.issuance.document)
        ]
    return _zip(pdfs, f"certificados-{bulk_id}.zip") or _back(url_for("portal.bulk_issue", bulk_id=bulk_id))


@portal.get(f"{PREFIX}/BusquedaAccion/Certificados.zip")
@access(Action.VIEW_CERTIFICATE)
def search_pdfs() -> Response:
    """*Descargar*: the PDFs of the valid certificates that the last search found."""
    search_page = url_for("portal.search")
    criteria, actor = selection.criteria(), current_actor()
    if criteria is None:
        return redirect(search_page)
    if actor.profile is Profile.PARTICIPANT:
        flash(ONLY_OWN)
        return redirect(search_page)
    with reading() as session:
        pdfs = bulk_found.valid_pdfs(session, criteria.to_search(), actor=actor)
    return _zip(pdfs, "certificados.zip") or _back(search_page)


def _zip(pdfs: Iterable[StoredPdf], name: str) -> FlaskResponse | None:
    """The archive, sent while it is made; None if it would be empty."""
    storage: Storage = current_app.extensions["storage"]
    zone = ZoneInfo(SANTIAGO)
    entries = [
        Entry(
            f"certificado-{pdf.folio}-{pdf.action_code}.pdf",
            pdf.created_at.astimezone(zone),
            partial(storage.open, pdf.sha256),
        )
        for pdf in pdfs
    ]
    if not entries:
        return None
    response = current_app.response_class(stream_with_context(zip_stream.stream(entries)), mimetype="application/zip")
    return _attached(response, name)


def _back(address: str) -> Response:
    flash(NO_PDFS)
    return redirect(address)


def _result(row: BulkIssueRow, bulk: BulkIssue) -> BulkResult:
    issued_at = row.issuance.issued_at if row.issuance else None
    return BulkResult(
        action_code=row.action.code,
        name=row.action.name,
        document_reference=row.document_reference,
        outcome=outcome_of(row, bulk).label,
        folio=str(row.issuance.folio) if row.issuance else None,
        issued_at=issued_at.astimezone(ZoneInfo(row.action.time_zone)) if issued_at else None,
        reason=row.problem or "",
    )


def _as_text(name: str) -> str:
    """A name that a spreadsheet would take for a formula keeps its first sign behind an apostrophe."""
    return f"'{name}" if name[:1] in "=+-@\t\r" and name else name


def _file(content: bytes, content_type: str, name: str) -> FlaskResponse:
    return _attached(current_app.response_class(content, mimetype=content_type), name)


def _attached(response: FlaskResponse, name: str) -> FlaskResponse:
    response.headers.set("Content-Disposition", "attachment", filename=name)
    # It tells of people or of business: no cache shared with others may keep it.
    response.cache_control.private = True
    return response
