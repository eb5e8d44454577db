"""What a search offers at once: courses whose certificates may be issued, and certificates whose PDF may be taken along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.folio import Folio
from app.domain.permissions import Actor
from app.domain.states import CertificateState
from app.domain.terms import ActionStatus
from app.models import Certificate, Document, Issuance, Participant, TrainingAction, state_expression
from app.services import courses
from app.services.courses import Search

OFFERED = 100
PDFS_AT_ONCE = 2000
MAY_ISSUE = [state for state in CertificateState if state.may_issue]
VALID = [state for state in CertificateState if state.is_valid_document]


@dataclass(frozen=True)
class Offered:
    """One page in order of code; `next_after` is the key of the page that follows, None on the last."""

    courses: Sequence[TrainingAction]
    next_after: str | None


@dataclass(frozen=True)
class StoredPdf:
    """The PDF of a valid certificate."""

    action_code: str
    folio: str
    sha256: str
    created_at: datetime


def issuable(session: Session, search: Search, *, actor: Actor, after: str = "") -> Offered:
    """Courses of the search that look ready to be issued. Whether one is, its review tells."""
    today = cast(func.timezone(TrainingAction.time_zone, datetime.now(UTC)), Date)
    rows = session.scalars(
        select(TrainingAction)
        .outerjoin(Certificate, Certificate.action_id == TrainingAction.id)
        .where(
            courses.matches(search, actor),
            TrainingAction.code > after,
            TrainingAction.status.not_in((ActionStatus.LIQUIDATED, ActionStatus.CANCELLED)),
            TrainingAction.ends_on < today,
            state_expression().in_(MAY_ISSUE),
            select(Participant.id).where(Participant.action_id == TrainingAction.id).exists(),
        )
        .order_by(TrainingAction.code)
        .limit(OFFERED + 1)
    ).all()
    return Offered(rows[:OFFERED], rows[OFFERED - 1].code if len(rows) > OFFERED else None)


def valid_pdfs(session: Session, search: Search, *, actor: Actor) -> Sequence[StoredPdf]:
    """The PDFs, as far as they are made, of the valid certificates of the search: in order of code, at most PDFS_AT_ONCE."""
    later = aliased(Issuance)
    rows = session.execute(
        select(TrainingAction.code, Issuance.folio_number, Issuance.folio_year, Document)
        .join(Certificate, Certificate.action_id == TrainingAction.id)
        .join(Issuance, Issuance.certificate_id == Certificate.id)
        .join(Document, Document.issuance_id == Issuance.id)
        .where(
            courses.matches(search, actor),
            state_expression().in_(VALID),
            ~select(later.id)
            .where(later.certificate_id == Certificate.id, later.sequence > Issuance.sequence)
            .exists(),
        )
        .order_by(TrainingAction.code)
        .limit(PDFS_AT_ONCE)
    )
    return [
        StoredPdf(code, str(Folio(number, year)), document.sha256, document.created_at)
        for code, number, year, document in rows
    ]
