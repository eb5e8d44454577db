"""Finding requests for retroactive attendance: of one class, of one participant, of a course, and the files of each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql import ColumnElement

from app.domain.errors import NotFound
from app.domain.permissions import Actor
from app.models import (
    ClassHeld,
    Participant,
    Person,
    RetroactiveAttachment,
    RetroactiveDecision,
    RetroactiveRequest,
    TrainingAction,
)
from app.services.participants import visible_in


@dataclass(frozen=True)
class Subject:
    """What a case is about: one participant in one class. As text it is the case's `subject`."""

    participant_id: int
    class_held_id: int

    def __str__(self) -> str:
        return f"participant:{self.participant_id}/class:{self.class_held_id}"

    @classmethod
    def parse(cls, text: str) -> "Subject":
        participant, class_held = (part.partition(":")[2] for part in text.split("/"))
        return cls(int(participant), int(class_held))


def latest_about(session: Session, subject: Subject) -> RetroactiveRequest | None:
    """The last request about one participant in one class, with its decision if there is one."""
    return session.scalars(
        select(RetroactiveRequest)
        .where(_is_about(subject))
        .options(joinedload(RetroactiveRequest.decision))
        .order_by(RetroactiveRequest.sequence.desc())
        .limit(1)
    ).first()


def about(session: Session, subject: Subject) -> Sequence[RetroactiveRequest]:
    """Every request about one participant in one class, newest first."""
    return session.scalars(_whole().where(_is_about(subject)).order_by(RetroactiveRequest.sequence.desc())).all()


def of_participant(session: Session, participant_id: int) -> Sequence[RetroactiveRequest]:
    """Every request about one participant, newest first."""
    return session.scalars(
        _whole().where(RetroactiveRequest.participant_id == participant_id).order_by(RetroactiveRequest.id.desc())
    ).all()


def get(session: Session, action: TrainingAction, request_id: int, actor: Actor) -> RetroactiveRequest:
    """Raises NotFound if there is no such request in the course, or not for this actor."""
    found = session.scalar(
        _whole()
        .join(RetroactiveRequest.participant)
        .where(RetroactiveRequest.id == request_id, Participant.action_id == action.id, visible_in(actor))
    )
    if found is None:
        raise NotFound
    return found


def attachment(request: RetroactiveRequest, number: int) -> RetroactiveAttachment:
    """Raises NotFound if the request has no such file."""
    found = next((one for one in request.attachments if one.number == number), None)
    if found is None:
        raise NotFound
    return found


def names(session: Session, participant_ids: Collection[int]) -> dict[int, str]:
    """Who the participants of those ids are, in one query at most."""
    if not participant_ids:
        return {}
    rows = session.execute(
        select(Participant.id, Person).join(Participant.person).where(Participant.id.in_(list(participant_ids)))
    )
    return {participant_id: person.full_name for participant_id, person in rows}


def _is_about(subject: Subject) -> ColumnElement[bool]:
    return and_(
        RetroactiveRequest.participant_id == subject.participant_id,
        RetroactiveRequest.class_held_id == subject.class_held_id,
    )


def _whole() -> Select[RetroactiveRequest]:
    """Requests with all that a page tells of them."""
    return select(RetroactiveRequest).options(
        joinedload(RetroactiveRequest.participant).joinedload(Participant.person),
        joinedload(RetroactiveRequest.class_held).selectinload(ClassHeld.instructors),
        joinedload(RetroactiveRequest.requested_by),
        joinedload(RetroactiveRequest.decision).joinedload(RetroactiveDecision.decided_by),
        selectinload(RetroactiveRequest.attachments),
    )
