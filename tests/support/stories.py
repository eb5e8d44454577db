"""Takes a certificate through the real processes: issued, annulment asked for, decided, issued again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.domain.permissions import Actor
from app.models import AttendanceMark, Certificate, ClassHeld, Issuance, Participant, Person, ProfileGrant
from app.process import runner
from app.services import attendance, certificates, profiles, voids
from app.services.retroactive_found import Subject
from tests.support.arranging import arranged
from tests.support.database import rewriting

REFERENCE = "F-1024"
WHY_ANNUL = "El participante llegó después de la gracia y figura con asistencia completa."
WHY_RETROACTIVE = "El lector de huellas se quedó sin energía antes de la salida."
WHY_DECIDED = "Se revisaron las marcas del libro de clases."


@dataclass(frozen=True)
class Cast:
    issuer: Actor
    director: Actor


def tell(certificate: Certificate, steps: Iterable[str], *, issuer: Person, director: Person) -> None:
    """Take the named steps in order, each by whom it belongs to."""
    cast = Cast(actor_of(issuer), actor_of(director))
    with arranged.app.app_context():
        for step in steps:
            STEPS[step](certificate, cast)
    arranged.session.expire_all()


def actor_of(person: Person) -> Actor:
    """The person in the first profile granted."""
    session = arranged.session
    grant = session.query(ProfileGrant).filter_by(person_id=person.id).order_by(ProfileGrant.id).first()
    assert grant is not None, "This person has no profile."
    actor = profiles.actor_for(session, person.id, grant.profile, grant.organisation_id)
    assert actor is not None
    return actor


def begin(certificate: Certificate, cast: Cast) -> None:
    """The invoice number is asked for, and nobody answers yet."""
    runner.start(arranged.session, "issuance", certificate_id=certificate.id, actor=cast.issuer)


def issue(certificate: Certificate, cast: Cast) -> Issuance:
    """From the invoice number to the acceptance of what would be printed."""
    session, actor = arranged.session, cast.issuer
    begin(certificate, cast)
    _complete(certificate, "issuance", actor, document_reference=REFERENCE)
    draft = certificates.review(session, certificate.action, document_reference=REFERENCE, actor=actor).document
    _complete(
        certificate,
        "issuance",
        actor,
        accepted=True,
        content_sha256=draft.content_sha256(),
        authenticated_by=actor.authenticated_by,
    )
    return certificates.latest_issuance(session, certificate.id)


def request_annulment(certificate: Certificate, cast: Cast) -> None:
    runner.start(arranged.session, "annulment", certificate_id=certificate.id, actor=cast.issuer)
    _complete(certificate, "annulment", cast.issuer, reason=WHY_ANNUL)


def grant_annulment(certificate: Certificate, cast: Cast) -> None:
    _complete(certificate, "annulment", cast.director, granted=True, reason=WHY_DECIDED)


def deny_annulment(certificate: Certificate, cast: Cast) -> None:
    _complete(certificate, "annulment", cast.director, granted=False, reason=WHY_DECIDED)


def void(certificate: Certificate, cast: Cast) -> None:
    voids.void(
        arranged.session,
        certificate_id=certificate.id,
        reason="Rectificación del origen de la comunicación.",
        actor_id=cast.director.person_id,
    )


def lose_exit(certificate: Certificate, cast: Cast) -> None:
    """The first participant's exit of the first class was never taken."""
    subject = first_class(certificate)
    exits = arranged.session.query(AttendanceMark).filter_by(
        participant_id=subject.participant_id, class_held_id=subject.class_held_id, kind="out"
    )
    with rewriting(arranged.session):
        exits.delete()
    attendance.recompute(arranged.session, {"action_id": certificate.action_id})


def ask_retroactive(certificate: Certificate, cast: Cast) -> None:
    subject = str(first_class(certificate))
    runner.start(
        arranged.session, "retroactive_attendance", certificate_id=certificate.id, actor=cast.issuer, subject=subject
    )
    _complete_about(subject, certificate, cast.issuer, reason=WHY_RETROACTIVE, attachments=[])


def grant_retroactive(certificate: Certificate, cast: Cast) -> None:
    _complete_about(str(first_class(certificate)), certificate, cast.director, granted=True, reason=WHY_DECIDED)


def deny_retroactive(certificate: Certificate, cast: Cast) -> None:
    _complete_about(str(first_class(certificate)), certificate, cast.director, granted=False, reason=WHY_DECIDED)


def first_class(certificate: Certificate) -> Subject:
    """The first participant in the first class, whom the steps of retroactive attendance are about."""
    session, action_id = arranged.session, certificate.action_id
    participant = session.query(Participant).filter_by(action_id=action_id).order_by(Participant.id).first()
    held = session.query(ClassHeld).filter_by(action_id=action_id).order_by(ClassHeld.id).first()
    assert participant is not None
    assert held is not None
    return Subject(participant.id, held.id)


STEPS: dict[str, Callable[[Certificate, Cast], object]] = {
    "begin": begin,
    "issue": issue,
    "request": request_annulment,
    "grant": grant_annulment,
    "deny": deny_annulment,
    "void": void,
    "lose_exit": lose_exit,
    "ask_retroactive": ask_retroactive,
    "grant_retroactive": grant_retroactive,
    "deny_retroactive": deny_retroactive,
}


def _complete_about(subject: str, certificate: Certificate, actor: Actor, **answers: object) -> None:
    task = runner.open_task(arranged.session, "retroactive_attendance", certificate_id=certificate.id, subject=subject)
    assert task is not None, f"No task about {subject} is waiting."
    runner.complete_task(arranged.session, task_id=task.id, actor=actor, answers=answers)


def _complete(certificate: Certificate, process_id: str, actor: Actor, **answers: object) -> None:
    task = runner.open_task(arranged.session, process_id, certificate_id=certificate.id)
    assert task is not None, f"No task of {process_id} is waiting."
    runner.complete_task(arranged.session, task_id=task.id, actor=actor, answers=answers)
