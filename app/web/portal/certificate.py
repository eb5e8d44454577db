"""An issued certificate: the confirmation of its issue, what it is worth today, its evidence and its PDF."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from flask import current_app, render_template, request, send_file
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.adapters.storage import Storage
from app.domain.document import CertificateDocument, grouped_code
from app.domain.errors import NotAllowed, NotFound
from app.domain.permissions import Action, Profile
from app.models import Issuance, Person
from app.services import certificates, courses, documents, policies
from app.unit_of_work import reading
from app.web import printed
from app.web.access import access, current_actor
from app.web.filters import local_date, local_moment
from app.web.portal import course_history, pdf_waiting, validity
from app.web.portal.blueprint import portal

AUTHENTICATIONS = {"cus": "RUT y Clave SENCE (CUS)"}
ADDRESS = "/acciones/<code>/certificados/<int:sequence>"
ONLY_OWN = (
    "El PDF trae los datos de todo el curso y su perfil ve solo los propios. Pida una copia a su organismo capacitador."
)


@portal.get(f"{ADDRESS}/emitido")
@access(Action.ISSUE)
def issued(code: str, sequence: int) -> str:
    """The page after the acceptance: the folio, the PDF as soon as it is there, and what to do next."""
    return render_template("portal/issued.html", **_certificate(code, sequence))


@portal.get(ADDRESS)
@access(Action.VIEW_CERTIFICATE)
def certificate(code: str, sequence: int) -> str:
    """Any issue of the course's certificate, with what it is worth today."""
    return render_template("portal/certificate.html", **_certificate(code, sequence))


@portal.get(f"{ADDRESS}/avance")
@access(Action.VIEW_CERTIFICATE)
def certificate_progress(code: str, sequence: int) -> Response | str | tuple[str, int]:
    """What the page that waits is to show: the link to the PDF, or why it takes longer; 204 while nothing is new."""
    with reading() as session:
        issuance = _find(_chain(session, code), sequence)
        waiting = pdf_waiting.told(session, issuance, code)
    if waiting is None:
        return render_template("portal/pdf_link.html", code=code, sequence=sequence)
    if waiting.is_late and "tardanza" not in request.args:
        return render_template("portal/pdf_waiting.html", waiting=waiting)
    return "", 204


@portal.get(f"{ADDRESS}.pdf")
@access(Action.VIEW_CERTIFICATE)
def certificate_pdf(code: str, sequence: int) -> Response | tuple[str, int]:
    """The stored PDF, or a page that says it is being made."""
    if current_actor().profile is Profile.PARTICIPANT:
        raise NotAllowed(ONLY_OWN)
    with reading() as session:
        issuance = _find(_chain(session, code), sequence)
        folio = str(issuance.folio)
        stored = documents.stored(session, issuance.id)
        sha256, size = (stored.sha256, stored.size) if stored else ("", 0)
        waiting = pdf_waiting.told(session, issuance, code)
    if not sha256:
        shown = {"code": code, "sequence": sequence, "folio": folio, "waiting": waiting}
        return render_template("portal/pdf_pending.html", **shown), 404
    storage: Storage = current_app.extensions["storage"]
    response = send_file(
        storage.open(sha256),
        mimetype="application/pdf",
        download_name=f"certificado-{folio}.pdf",
        etag=sha256,
        conditional=True,
    )
    response.content_length = response.content_length if response.status_code == 304 else size
    # It lists people: no cache shared with others may keep it.
    response.cache_control.private = True
    return response


def _chain(session: Session, code: str) -> Sequence[Issuance]:
    """All issues of the course, newest first. Raises NotFound for a course the actor may not know of."""
    return certificates.issuances_of(session, courses.get(session, code, current_actor()).id)


def _find(chain: Sequence[Issuance], sequence: int) -> Issuance:
    issuance = next((issuance for issuance in chain if issuance.sequence == sequence), None)
    if issuance is None:
        raise NotFound
    return issuance


def _certificate(code: str, sequence: int) -> dict[str, Any]:
    """One issue as plain values for a page."""
    with reading() as session:
        action = courses.get(session, code, current_actor())
        chain = certificates.issuances_of(session, action.id)
        issuance = _find(chain, sequence)
        document = CertificateDocument.from_snapshot(issuance.snapshot)
        # Only the last issue is compared: the attendance of a replaced one is history.
        compared = chain if issuance is chain[0] else ()
        state = certificates.state_of_action(session, action.id)
        return {
            "course": {"code": code, "name": document.action_name},
            "sequence": sequence,
            "folio": str(issuance.folio),
            "issued_at": local_moment(issuance.issued_at, document.time_zone),
            "validity": validity.of_issue(issuance, chain, state),
            "waiting": pdf_waiting.told(session, issuance, code),
            "signed_by": pdf_waiting.signed_by(session, issuance),
            "may_open_pdf": current_actor().profile is not Profile.PARTICIPANT,
            "verification_code": grouped_code(issuance.verification_code),
            "course_facts": printed.course_facts(document),
            "issue_facts": printed.issue_facts(document),
            "lines": own_lines(session, printed.lines(document, policies.called(session, issuance.policy_id))),
            "changes": course_history.changes(session, action, compared, state, current_actor()),
            "evidence": _evidence(issuance, document),
            "chain": [_link(entry, issuance, document.time_zone) for entry in chain],
        }


class HasRut(Protocol):
    """A line about one participant."""

    @property
    def rut(self) -> str: ...


Line = TypeVar("Line", bound=HasRut)


def own_lines(session: Session, lines: Sequence[Line]) -> Sequence[Line]:
    """A participant sees the own line of the list and nobody else's."""
    actor = current_actor()
    if actor.profile is not Profile.PARTICIPANT:
        return lines
    own = session.get_one(Person, actor.person_id).rut.screen
    return [line for line in lines if line.rut == own]


def _evidence(issuance: Issuance, document: CertificateDocument) -> list[printed.Fact]:
    """Who accepted, when, how that person was known, what was shown and what was accepted."""
    evidence = issuance.evidence
    rows = (
        ("Aceptó", issuance.issued_by.full_name),
        ("Perfil", Profile(evidence["profile"]).label),
        ("Fecha y hora", local_moment(issuance.issued_at, document.time_zone)),
        ("Se identificó con", AUTHENTICATIONS[evidence["authenticated_by"]]),
        ("Texto aceptado", evidence["text_shown"]),
        ("Huella digital (SHA-256) de lo aceptado", evidence["accepted_sha256"]),
        ("Huella digital (SHA-256) del certificado", issuance.snapshot_sha256),
    )
    return [{"label": label, "value": value} for label, value in rows]


def _link(entry: Issuance, here: Issuance, zone: str) -> dict[str, Any]:
    return {
        "sequence": entry.sequence,
        "folio": str(entry.folio),
        "issued_on": local_date(entry.issued_at, zone),
        "here": entry.id == here.id,
    }
