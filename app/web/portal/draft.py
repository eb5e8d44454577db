"""The certificate on paper before it is accepted: the PDF that would be issued, with BORRADOR across every page."""

from io import BytesIO

from flask import redirect, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.adapters.pdf.certificate import render_certificate
from app.domain.document import CertificateDocument
from app.domain.errors import Refusal
from app.domain.permissions import Action
from app.process import issuance_case
from app.services import certificates, courses
from app.unit_of_work import reading
from app.web.access import access, current_actor
from app.web.portal.blueprint import portal


@portal.get("/acciones/<code>/emitir/borrador.pdf")
@access(Action.ISSUE)
def draft_pdf(code: str) -> Response:
    """The draft as of now; where there is none, the review tells why."""
    with reading() as session:
        document = _document(session, code)
    if document is None:
        return redirect(url_for("portal.review", code=code), code=303)
    response = send_file(
        BytesIO(render_certificate(document, draft=True)),
        mimetype="application/pdf",
        download_name=f"borrador-{code}.pdf",
    )
    # What is reviewed is always what would be issued now.
    response.cache_control.no_store = True
    return response


def _document(session: Session, code: str) -> CertificateDocument | None:
    actor = current_actor()
    action = courses.get(session, code, actor)
    task = issuance_case.waiting_task(session, action)
    if task is None or task.form != issuance_case.ACCEPT_FORM or certificates.why_not_issuable(session, action):
        return None
    reference = issuance_case.reference_in(session, task.instance, actor)
    try:
        return certificates.review(session, action, document_reference=reference, actor=actor).document
    except Refusal:
        return None
