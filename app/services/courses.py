"""Finding training actions: what an actor may see, by code, by SENCE code or by participant, page by page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, and_, bindparam, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql import ColumnElement

from app.domain.errors import NotFound
from app.domain.faces import Face
from app.domain.permissions import Actor, Profile
from app.domain.rut import Rut
from app.domain.states import CertificateState
from app.domain.terms import Line
from app.models import Certificate, ClassHeld, ClassInstructor, Participant, Person, TrainingAction, state_expression
from app.services.sight import Asker, Kind, anybody, as_parameters, kind_of, themself


class Criterion(Face):
    """What the search compares with; the value is the one of `select#FilterTipobusqueda`."""

    CODE = "1", "Código de curso"
    ACTION_ID = "2", "Id de Acción"
    SENCE_CODE = "3", "Código SENCE"
    PARTICIPANT = "4", "Participante"
    ALL = "5", "Todos los cursos del programa"


@dataclass(frozen=True)
class Search:
    line: Line
    criterion: Criterion
    text: str = ""


@dataclass(frozen=True)
class FoundCourse:
    action: TrainingAction
    state: CertificateState


@dataclass(frozen=True)
class Found:
    """One page in order of code, `before` of the `total` come earlier.

    `next_after` is the key of the page that follows, None on the last; `previous_after` that of the one before, empty
    for the first page, None on the first.
    """

    courses: Sequence[FoundCourse]
    total: int
    next_after: str | None
    before: int = 0
    previous_after: str | None = None


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Which rows of TrainingAction the actor may know of."""
    return visible_by(themself(actor))


def visible_by(asker: Asker) -> ColumnElement[bool]:
    """The same for whoever asks. Source: domain handbook §2."""
    organisation, in_regions = asker.organisation, asker.covers(TrainingAction.region)
    match asker.profile:
        case Profile.PROVIDER_NATIONAL_ADMIN:
            return TrainingAction.otec_id == organisation
        case Profile.PROVIDER_REGIONAL_ADMIN:
            return and_(TrainingAction.otec_id == organisation, in_regions)
        case Profile.SUPERVISOR:
            return or_(TrainingAction.otic_id == organisation, TrainingAction.company_id == organisation)
        case Profile.INSTRUCTOR:
            taught = select(ClassHeld.id).join(ClassInstructor, ClassInstructor.class_held_id == ClassHeld.id)
            return exists(
                taught.where(
                    ClassHeld.action_id == TrainingAction.id, ClassInstructor.person_id == asker.person
                ).correlate(TrainingAction)
            )
        case Profile.PARTICIPANT:
            return _has_participant(Participant.person_id == asker.person)
        case Profile.REGIONAL_DIRECTOR | Profile.SENCE_REGIONAL_ADMIN:
            return in_regions
        case Profile.SENCE_NATIONAL_ADMIN:
            return true()
    return false()


def get(session: Session, code: str, actor: Actor) -> TrainingAction:
    """The action of that code with its institutions. Raises NotFound if there is none, or none for this actor."""
    action = session.scalar(_with_parties(kind_of(actor)), {"code": code, **as_parameters(actor)})
    if action is None:
        raise NotFound
    return action


@cache
def _with_parties(kind: Kind) -> Select[TrainingAction]:
    parties = (TrainingAction.otec, TrainingAction.otic, TrainingAction.company)
    by_code = select(TrainingAction).where(TrainingAction.code == bindparam("code"), visible_by(anybody(kind)))
    return by_code.options(*map(joinedload, parties))


def seen_among(session: Session, action_ids: Collection[int], actor: Actor) -> set[int]:
    """Those of these actions that the actor may know of."""
    return set(session.scalars(select(TrainingAction.id).where(TrainingAction.id.in_(action_ids), visible_to(actor))))


def search(session: Session, search: Search, *, actor: Actor, after: str = "", size: int = 10) -> Found:
    """The actions that match, in order of code, `size` at a time after the code `after`.

    Raises InvalidRut, with the sentence for the person, when a participant's RUT cannot be read.
    """
    matching = matches(search, actor)
    is_before = TrainingAction.code <= after
    total, before = session.execute(
        select(func.count(), func.count().filter(is_before)).select_from(TrainingAction).where(matching)
    ).one()
    rows = session.execute(
        select(TrainingAction, state_expression().label("state"))
        .outerjoin(Certificate, Certificate.action_id == TrainingAction.id)
        .where(matching, TrainingAction.code > after)
        .order_by(TrainingAction.code)
        .limit(size + 1)
    ).all()
    courses = [FoundCourse(action, CertificateState(state)) for action, state in rows[:size]]
    earlier = (
        select(TrainingAction.code)
        .where(matching, is_before)
        .order_by(TrainingAction.code.desc())
        .offset(size)
        .limit(1)
    )
    return Found(
        courses,
        total,
        courses[-1].action.code if len(rows) > size else None,
        before,
        (session.scalar(earlier) or "") if before else None,
    )


def matches(search: Search, actor: Actor) -> ColumnElement[bool]:
    """Which rows of TrainingAction the search finds for the actor. Raises InvalidRut as `search` does."""
    return and_(TrainingAction.line == search.line, visible_to(actor), _fits(search))


def _fits(search: Search) -> ColumnElement[bool]:
    match search.criterion:
        case Criterion.CODE | Criterion.ACTION_ID:
            return TrainingAction.code == search.text.strip()
        case Criterion.SENCE_CODE:
            return TrainingAction.sence_code == search.text.strip()
        case Criterion.PARTICIPANT:
            rut = Rut.parse(search.text)
            person = select(Person.id).where(Person.rut_body == rut.body).scalar_subquery()
            return _has_participant(Participant.person_id == person)
        case Criterion.ALL:
            return true()


def _has_participant(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(Participant.id).where(Participant.action_id == TrainingAction.id, condition).correlate(TrainingAction)
    )
