"""What can be done to a certificate: review, issue, issue again. Functions here change rows; they never commit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import faults
from app.domain.attendance_policy import AttendancePolicy, BelowThreshold, Verdict
from app.domain.deadlines import earliest_issue_at, local_date
from app.domain.document import CertificateDocument
from app.domain.errors import Refusal
from app.domain.permissions import Actor
from app.domain.states import CertificateState
from app.domain.terms import ActionStatus
from app.domain.verification_code import new_code
from app.models import Certificate, Issuance, TrainingAction
from app.services import attendance, changes, courses, folios, history, kept, participants, policies
from app.services import certificate_statements as statements
from app.services.attendance import ParticipantAttendance
from app.services.history import EventKind
from app.services.printing import draft_of
from app.services.sight import as_parameters, kind_of

# The year of a folio is the one of the capital's calendar, wherever the course was held.
FOLIO_ZONE = "America/Santiago"
MAX_REFERENCE = 60

FROZEN = "El curso está liquidado: solo se entregan copias. Si cree que es un error, consulte a su Dirección Regional."
ACCEPTANCE_TEXT = (
    "Acepto emitir el certificado. El documento se emite una sola vez; "
    "después, solo una solicitud de anulación aprobada por la Dirección Regional permite corregirlo."
)


@dataclass(frozen=True)
class Reviewed:
    """A draft, with the policy and the attendance that it tells."""

    document: CertificateDocument
    policy: AttendancePolicy
    computed: Sequence[ParticipantAttendance]


def of_action(session: Session, action_id: int) -> Certificate:
    """The certificate of an action, made on first need. Two at once end with the same one."""
    of_one = {"action_id": action_id}
    new = insert(Certificate).values(action_id=action_id).on_conflict_do_nothing().returning(Certificate)
    return (
        session.scalar(statements.of_action(), of_one)
        or session.scalar(new)
        or session.scalars(statements.of_action(), of_one).one()
    )


def of_course(session: Session, code: str, actor: Actor) -> Certificate:
    """The same for a course by its code. Raises NotFound for one that the actor may not know of."""
    found = session.scalar(statements.of_course(kind_of(actor)), {"code": code, **as_parameters(actor)})
    return found or of_action(session, courses.get(session, code, actor).id)


def locked(session: Session, certificate_id: int) -> Certificate:
    """The certificate with its course, held until the transaction ends: all that happens to one takes turns here.

    Raises NoResultFound for an unknown id.
    """
    find = session.scalars
    return kept.once(
        session, f"certificate {certificate_id}", lambda: find(statements.locking(), {"id": certificate_id}).one()
    )


def state_of_action(session: Session, action_id: int) -> CertificateState:
    """The state as derived now; `pending_issuance` where nothing was ever begun."""
    return CertificateState(session.execute(statements.state(), {"action_id": action_id}).scalar_one())


def issuances_of(session: Session, action_id: int) -> Sequence[Issuance]:
    """All issues of an action's certificate, newest first."""
    return session.scalars(statements.issuances(), {"action_id": action_id}).all()


def latest_issuance(session: Session, certificate_id: int) -> Issuance:
    """The last issue of a certificate. Raises NoResultFound if it was never issued."""
    of_one = select(Issuance).where(Issuance.certificate_id == certificate_id).order_by(Issuance.sequence.desc())
    return kept.once(session, f"latest issue of {certificate_id}", lambda: session.scalars(of_one.limit(1)).one())


def with_code(session: Session, verification_code: str) -> Issuance | None:
    """The issue that prints the code, as `read_code` gives it."""
    return session.scalar(select(Issuance).where(Issuance.verification_code == verification_code))


def why_not_issuable(session: Session, action: TrainingAction) -> str | None:
    """The sentence that tells why the certificate cannot be issued now and what to do; None when it can.

    Source: domain handbook §5 and §6: the earliest issue is the local day after the end.
    """
    value, is_attended = session.execute(statements.state_and_attended(), {"action_id": action.id}).one()
    state = CertificateState(value)
    if not state.may_issue:
        return f"Este curso está en «{state.label}» y no se puede emitir. Revise su estado en el detalle del curso."
    opens_at = earliest_issue_at(action.ends_on, action.time_zone)
    if datetime.now(UTC) < opens_at:
        day = local_date(opens_at, action.time_zone)
        return f"El curso termina el {action.ends_on:%d/%m/%Y}. Podrá emitir el certificado desde el {day:%d/%m/%Y}."
    if action.status is ActionStatus.LIQUIDATED:
        return FROZEN
    if action.status is ActionStatus.CANCELLED:
        return "El curso está anulado y no admite certificado. Revise el código e inténtelo con otro."
    if not is_attended:
        return "El curso no tiene participantes. Inscríbalos en el libro de clases y vuelva a intentar."
    return None


def why_not_offered(session: Session, action: TrainingAction) -> str | None:
    """The same before anything is begun, and who is under a minimum that blocks, by the figures as last stored.

    Whether somebody is under it when the certificate is issued is computed then, from the marks.
    """
    reason = why_not_issuable(session, action)
    policy = policies.policy_of(session, action) if reason is None else None
    if policy is None or policy.below_threshold is BelowThreshold.WARNS or policy.demanded_of(action.line) is None:
        return reason
    below = participants.below_threshold(session, action, policy)
    return _under_the_minimum(below, policy.policy_id) if below else None


def require_issuable(session: Session, *, certificate_id: int) -> TrainingAction:
    """The certificate's action, its row locked. Raises Refusal with the sentence of `why_not_issuable`."""
    certificate = locked(session, certificate_id)
    reason = why_not_issuable(session, certificate.action)
    if reason is not None:
        raise Refusal(reason)
    return certificate.action


def review(session: Session, action: TrainingAction, *, document_reference: str, actor: Actor) -> Reviewed:
    """What would be printed if it were issued now: no folio, no code. The draft's `content_sha256()` is what is accepted.

    Raises Refusal if somebody is under a minimum that the policy of the course says blocks the issue.
    """
    computed = attendance.compute(session, action)
    policy = computed[0].result.policy if computed else policies.policy_of(session, action)
    blocked = [one for one in computed if policy.verdict(one.result.ratio, action.line) is Verdict.BLOCKED]
    if blocked and policy.demanded_of(action.line) is not None:
        raise Refusal(_under_the_minimum(len(blocked), policy.policy_id))
    document = draft_of(
        session,
        action,
        computed,
        document_reference=document_reference,
        previous=issuances_of(session, action.id),
        policy_id=policy.policy_id,
        actor=actor,
    )
    return Reviewed(document, policy, computed)


def issue(
    session: Session,
    *,
    certificate_id: int,
    document_reference: str,
    reviewed_sha256: str,
    actor: Actor,
    public_url: str,
) -> Issuance:
    """Issue the certificate as reviewed: evidence, snapshot, verification code and, last of all, the folio.

    Raises Refusal if it may not be issued now, or if what would be printed is no longer what was reviewed.
    """
    action = require_issuable(session, certificate_id=certificate_id)
    draft = review(session, action, document_reference=document_reference, actor=actor).document
    if draft.content_sha256() != reviewed_sha256:
        raise Refusal(
            "Los datos del curso cambiaron mientras usted revisaba. Revise el certificado otra vez y acéptelo."
        )

    issuance = _numbered(session, draft, action, certificate_id=certificate_id, public_url=public_url)
    issuance.evidence = _evidence(actor, reviewed_sha256)
    issuance.issued_by_id = actor.person_id
    session.add(issuance)
    kept.forget(session, f"latest issue of {certificate_id}")
    if draft.previous_folios:
        changes.forget(session, action.id)
    history.record(session, certificate_id, EventKind.ISSUED, actor_id=actor.person_id, folio=str(issuance.folio))
    session.flush()
    return issuance


def _numbered(
    session: Session, draft: CertificateDocument, action: TrainingAction, *, certificate_id: int, public_url: str
) -> Issuance:
    """What only the issue gives to the reviewed draft: the instant, the verification code and, last of all, the folio."""
    now = datetime.now(UTC)
    code = new_code()
    faults.point("issue.before_folio")
    folio = folios.take_next(session, year=local_date(now, FOLIO_ZONE).year)
    faults.point("issue.after_folio")
    document = replace(
        draft, folio=str(folio), issued_at=now, verification_code=code, verification_url=f"{public_url}/v/{code}"
    )
    return Issuance(
        certificate_id=certificate_id,
        sequence=len(draft.previous_folios) + 1,
        folio_number=folio.number,
        folio_year=folio.year,
        document_reference=draft.document_reference,
        policy_id=draft.policy_id,
        verification_code=code,
        snapshot=document.to_snapshot(),
        snapshot_sha256=document.sha256(),
        issued_at=now,
        issued_for_id=action.otec_id,
    )


def _under_the_minimum(how_many: int, policy_id: str) -> str:
    people = "1 participante está" if how_many == 1 else f"{how_many} participantes están"
    return f"{people} bajo el mínimo y la política {policy_id} no deja emitir así. Revise sus sesiones en el curso."


def _evidence(actor: Actor, reviewed_sha256: str) -> dict[str, str]:
    """Who accepted, how that person proved who they are, what text was shown and what was accepted (Ley 19.799)."""
    return {
        "profile": actor.profile.value,
        "authenticated_by": actor.authenticated_by,
        "text_shown": ACCEPTANCE_TEXT,
        "accepted_sha256": reviewed_sha256,
    }
