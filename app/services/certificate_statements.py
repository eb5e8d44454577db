"""What is asked about certificates, each statement built once: to build one takes longer than to have it answered."""

from functools import cache

from sqlalchemy import Select, bindparam, exists, func, select
from sqlalchemy.orm import joinedload

from app.domain.states import CertificateState
from app.models import Certificate, Issuance, Participant, TrainingAction, state_expression
from app.services import courses
from app.services.sight import Kind, anybody


@cache
def of_action() -> Select[Certificate]:
    return select(Certificate).where(Certificate.action_id == bindparam("action_id"))


@cache
def of_course(kind: Kind) -> Select[Certificate]:
    begun = select(Certificate).join(Certificate.action)
    return begun.where(TrainingAction.code == bindparam("code"), courses.visible_by(anybody(kind)))


@cache
def locking() -> Select[Certificate]:
    course = joinedload(Certificate.action, innerjoin=True)
    parties = (TrainingAction.otec, TrainingAction.otic, TrainingAction.company)
    with_course = select(Certificate).options(course.options(*map(joinedload, parties)))
    return with_course.where(Certificate.id == bindparam("id")).with_for_update(of=Certificate)


@cache
def state() -> Select[str]:
    """Of the action in the parameter `action_id`."""
    derived = select(state_expression()).where(Certificate.action_id == bindparam("action_id")).scalar_subquery()
    return select(func.coalesce(derived, CertificateState.PENDING_ISSUANCE.value))


@cache
def state_and_attended() -> Select[str, bool]:
    """The same, and whether it has participants."""
    return state().add_columns(exists().where(Participant.action_id == bindparam("action_id")))


@cache
def issuances() -> Select[Issuance]:
    return (
        select(Issuance)
        .join(Issuance.certificate)
        .where(Certificate.action_id == bindparam("action_id"))
        .options(joinedload(Issuance.void), joinedload(Issuance.document))
        .order_by(Issuance.sequence.desc())
    )
