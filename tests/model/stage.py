"""The ground on which the model acts: people, institutions and courses, the same for every example, and clean each time."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from app.domain.terms import ActionStatus, OrganisationKind
from app.models import Organisation, Person, TrainingAction
from app.process import audit
from app.services import certificates, voids
from app.services.audit import Ground as Audited
from tests.factories import OrganisationFactory, PersonFactory, TrainingActionFactory
from tests.model.handbook import FIRST_INSTANT, day_of
from tests.model.people import EVERYBODY, HERE, NAMES, SENCE, THERE
from tests.model.world import Course
from tests.support.database import empty_tables

# Regions, and how long before the model's first day each course ended: the last one still runs.
COURSES = ((HERE, 10), (THERE, 10), (HERE, 3), (HERE, -1))
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
Places = dict[str | None, Organisation | None]
Work = Callable[[Session], None]


@dataclass(frozen=True)
class Stage:
    """Who and what there is, by the model's names; ids only, since rows come and go."""

    people: dict[str, int]
    places: dict[str | None, int | None]
    codes: tuple[str, ...]

    def courses(self) -> list[Course]:
        """As the model knows them, untouched."""
        today = day_of(FIRST_INSTANT)
        where = zip(self.codes, COURSES, strict=True)
        return [Course(code, region, today - timedelta(days=ago)) for code, (region, ago) in where]

    def names(self) -> dict[int | None, str | None]:
        return {None: None, **{id: name for name, id in self.people.items()}}


Ground = Callable[[], AbstractContextManager[Stage]]


def rolled_back(session: Session) -> Ground:
    """One stage for all examples; whatever an example does to it is rolled back."""
    built: list[Stage] = []

    @contextmanager
    def ground() -> Iterator[Stage]:
        if not built:
            built.append(build(session))
        connection = session.get_bind()
        assert isinstance(connection, Connection)
        savepoint = connection.begin_nested()
        try:
            yield built[0]
        finally:
            session.rollback()
            session.expire_all()
            savepoint.rollback()

    return ground


def emptied(session: Session, owner: Engine) -> Ground:
    """A stage of its own for each example, with real commits; every table is emptied after it."""

    @contextmanager
    def ground() -> Iterator[Stage]:
        try:
            yield build(session)
        finally:
            session.rollback()
            session.expire_all()
            empty_tables(owner)

    return ground


def build(session: Session) -> Stage:
    """Put everything there and commit it."""
    kinds = {"otec": OrganisationKind.OTEC, "otic": OrganisationKind.OTIC, "other otec": OrganisationKind.OTEC}
    places: Places = {None: None} | {name: OrganisationFactory(kind=kind) for name, kind in kinds.items()}
    people = {name: _person(name, places) for name in NAMES}
    courses = [_course(region, ago, places) for region, ago in COURSES]
    built = Stage(
        {name: person.id for name, person in people.items()},
        {name: place.id if place else None for name, place in places.items()},
        tuple(course.code for course in courses),
    )
    session.commit()
    return built


def change(code: str, **values: str | ActionStatus) -> Work:
    """The course is changed, as an intake does it."""

    def work(session: Session) -> None:
        for name, value in values.items():
            setattr(_action(session, code), name, value)

    return work


def void(code: str, stage: Stage) -> Work:
    def work(session: Session) -> None:
        certificate = certificates.of_action(session, _action(session, code).id)
        actor_id = stage.people[SENCE]
        voids.void(session, certificate_id=certificate.id, reason="Rectificación.", actor_id=actor_id)

    return work


def offenders(app: Flask, session: Session) -> list[str]:
    """What the product's audit finds. Effects that wait and terms that passed are the model's doing: no clock runs here."""
    with app.app_context():
        ground = Audited(session=session, storage=app.extensions["storage"], settled_before=LONG_AGO)
        found = [f"{one.name}: {label}" for one in audit.INVARIANTS for label in one.offenders(ground)]
    session.rollback()
    return found


def _action(session: Session, code: str) -> TrainingAction:
    return session.scalars(select(TrainingAction).where(TrainingAction.code == code)).one()


def _person(name: str, places: Places) -> Person:
    person: Person = PersonFactory(
        given_names=name,
        first_surname="Modelo",
        second_surname="Ñandú",
        email=f"{name.replace(' ', '.').lower()}@ejemplo.cl",
        profiles=[(who.profile, places[who.place], who.region) for who in EVERYBODY if who.name == name],
    )
    return person


def _course(region: str, ago: int, places: Places) -> TrainingAction:
    ends_on = day_of(FIRST_INSTANT) - timedelta(days=ago)
    action: TrainingAction = TrainingActionFactory(
        region=region, ends_on=ends_on, otec=places["otec"], otic=places["otic"], participants=1
    )
    return action
