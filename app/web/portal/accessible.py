"""The certificate as a page that a screen reader can read: the same words as its PDF, whose links lead here."""

from typing import Any

import segno
from flask import render_template, url_for
from sqlalchemy.orm import Session

from app.domain.certificate_text import Fact, Institution, text_of
from app.domain.document import CertificateDocument
from app.domain.errors import NotFound
from app.domain.permissions import Action, Profile
from app.domain.verification_code import MistypedCode, read_code
from app.models import Issuance
from app.services import certificates, courses, documents
from app.unit_of_work import reading
from app.web.access import access, current_actor
from app.web.portal import validity
from app.web.portal.blueprint import portal
from app.web.portal.certificate import own_lines


@portal.get("/v/<verification_code>/documento")
@access(Action.VIEW_CERTIFICATE)
def accessible_certificate(verification_code: str) -> str:
    """For whoever may see the certificate; who only holds the PDF is asked to sign in first."""
    try:
        code = read_code(verification_code)
    except MistypedCode as mistake:
        raise NotFound from mistake
    with reading() as session:
        issuance = certificates.with_code(session, code)
        if issuance is None:
            raise NotFound
        values = _values(session, issuance)
    return render_template("portal/accessible.html", **values)


def _values(session: Session, issuance: Issuance) -> dict[str, Any]:
    """The issue as plain values. Raises NotFound for a course the actor may not know of."""
    action = courses.get(session, issuance.certificate.action.code, current_actor())
    chain = certificates.issuances_of(session, action.id)
    text = text_of(CertificateDocument.from_snapshot(issuance.snapshot))
    return {
        "text": text,
        "institutions": [*map(_institution, text.institutions), text.reference],
        "rows": [
            [one.number, one.rut, one.name, one.shown, one.exact] for one in own_lines(session, text.participants)
        ],
        "own_only": _sees_only_the_own_line(),
        "validity": validity.of_issue(issuance, chain, certificates.state_of_action(session, action.id)),
        "qr": segno.make_qr(text.verification_url, error="m").svg_data_uri(border=4) if text.verification_url else "",
        "certificate_url": url_for("portal.certificate", code=action.code, sequence=issuance.sequence),
        "pdf_url": _pdf_url(session, issuance, action.code),
    }


def _pdf_url(session: Session, issuance: Issuance, code: str) -> str | None:
    """None while the PDF is being made, and for who may not open it."""
    if _sees_only_the_own_line() or documents.stored(session, issuance.id) is None:
        return None
    return url_for("portal.certificate_pdf", code=code, sequence=issuance.sequence)


def _sees_only_the_own_line() -> bool:
    return current_actor().profile is Profile.PARTICIPANT


def _institution(one: Institution) -> Fact:
    return Fact(one.role, f"{one.name}, {one.rut}" if one.rut else one.name)
