"""Rows for tests by traits: a test states only what it is about, the rest is synthetic and keeps the rules."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory
from sqlalchemy.orm import Session

from app.domain.permissions import Profile
from app.domain.rut import Rut
from app.domain.terms import ActionStatus, Activity, Line, Modality, OrganisationKind
from app.models import (
    AttendanceMark,
    Certificate,
    ClassHeld,
    ClassInstructor,
    Organisation,
    Participant,
    Person,
    ProfileGrant,
    TrainingAction,
)
from app.services import accounts, attendance, certificates
from tests.support import stories
from tests.support.arranging import arranged

CUS = "clave-de-prueba"
Grant = tuple[Profile, Organisation | None, str | None]
CLASS_HOURS = 5
FIRST_PERSON, FIRST_ORGANISATION = 1_000_000, 76_000_000


def today() -> date:
    return datetime.now(UTC).date()


def set_cus(person: Person, create: bool, cus: str | bool | None, **_: Any) -> None:
    if cus:
        accounts.set_cus(arranged.session, rut=person.rut, cus=CUS if cus is True else cus)


def grant_all(person: Person, create: bool, profiles: Sequence[Grant] | None, **_: Any) -> None:
    for profile, organisation, region in profiles or ():
        grant(person, profile, organisation, region)


def enrol(action: TrainingAction, create: bool, how_many: int | None, **_: Any) -> None:
    ParticipantFactory.create_batch(how_many or 0, action=action)


def hold_classes(action: TrainingAction, create: bool, how_many: int | None, **_: Any) -> None:
    for number in range(how_many or 0):
        ClassHeldFactory(action=action, day=action.starts_on + timedelta(days=number))


def attend(action: TrainingAction, create: bool, is_wanted: bool | None, **_: Any) -> None:
    if is_wanted:
        mark_everybody(action)
        compute(action)


class Factory(SQLAlchemyModelFactory):  # type: ignore[misc]
    """Rows go to the session the test arranges in; its client commits them before each request."""

    class Meta:
        abstract = True
        sqlalchemy_session_factory = lambda: arranged.session  # noqa: E731
        sqlalchemy_session_persistence = "flush"


class OrganisationFactory(Factory):
    class Meta:
        model = Organisation

    rut_body = factory.Sequence(lambda n: FIRST_ORGANISATION + n)
    check_digit = factory.LazyAttribute(lambda o: Rut.from_body(o.rut_body).check_digit)
    name = factory.Sequence(lambda n: f"Capacitaciones Ñandú {n} Limitada")
    kind = OrganisationKind.OTEC


class PersonFactory(Factory):
    """`cus=True` lets the person sign in with CUS; `profiles` lists (profile, organisation, region)."""

    class Meta:
        model = Person

    rut_body = factory.Sequence(lambda n: FIRST_PERSON + n)
    check_digit = factory.LazyAttribute(lambda o: Rut.from_body(o.rut_body).check_digit)
    given_names = factory.Sequence(lambda n: f"Íngrid {n}")
    first_surname = factory.Sequence(lambda n: f"Ñancupil{n:04d}")
    second_surname = "Peña"

    cus = factory.PostGeneration(set_cus)
    profiles = factory.PostGeneration(grant_all)


class TrainingActionFactory(Factory):
    """A course that ended ten days ago, or that still runs with `finished=False`.

    `participants` and `classes` are how many; `attended=True` gives everybody full marks and stores the figures.
    """

    class Meta:
        model = TrainingAction

    class Params:
        finished = True

    code = factory.Sequence(lambda n: f"{6_700_000 + n}")
    sence_code = "1238012345"
    name = "Manipulación segura de alimentos"
    line = Line.TAX_FRANCHISE
    activity = Activity.NORMAL
    region = "13"
    commune = "Ñuñoa"
    time_zone = "America/Santiago"
    starts_on = factory.LazyAttribute(lambda o: o.ends_on - timedelta(days=12))
    ends_on = factory.LazyAttribute(lambda o: today() + timedelta(days=-10 if o.finished else 10))
    credited_hours = Decimal(10)
    modality = Modality.CLASSROOM
    status = ActionStatus.AUTHORISED
    otec = factory.SubFactory(OrganisationFactory)
    otic = factory.SubFactory(OrganisationFactory, kind=OrganisationKind.OTIC)
    company = factory.SubFactory(OrganisationFactory, kind=OrganisationKind.COMPANY)

    participants = factory.PostGeneration(enrol)
    classes = factory.PostGeneration(hold_classes)
    attended = factory.PostGeneration(attend)


class ParticipantFactory(Factory):
    class Meta:
        model = Participant

    action = factory.SubFactory(TrainingActionFactory)
    person = factory.SubFactory(PersonFactory)


class ClassHeldFactory(Factory):
    """Five hours from 13:00 UTC of `day`, held by one facilitator; `open=True` was never closed."""

    class Meta:
        model = ClassHeld

    class Params:
        action = factory.SubFactory(TrainingActionFactory)
        day = factory.LazyFunction(lambda: today() - timedelta(days=12))
        instructor = factory.SubFactory(PersonFactory)
        open = False

    action_id = factory.SelfAttribute("action.id")
    class_id = factory.Sequence(lambda n: f"clase-{n}")
    instructors = factory.LazyAttribute(lambda o: [held_by(o.instructor, o.day, is_open=o.open)])


class MarkFactory(Factory):
    class Meta:
        model = AttendanceMark

    class Params:
        participant = None
        class_held = None

    mark_id = factory.Sequence(lambda n: f"marca-{n}")
    participant_id = factory.SelfAttribute("participant.id")
    class_held_id = factory.SelfAttribute("class_held.id")
    kind = "in"
    marked_at = factory.LazyAttribute(lambda o: o.class_held.instructors[0].started_at)
    validation = "valid"


class CertificateFactory(Factory):
    """A certificate taken by the real processes to where the trait says; its course is taught and attended."""

    class Meta:
        model = Certificate

    class Params:
        issued = factory.Trait(steps=("issue",))
        requested = factory.Trait(steps=("issue", "request"))
        rejected = factory.Trait(steps=("issue", "request", "deny"))
        granted = factory.Trait(steps=("issue", "request", "grant"))
        reissued = factory.Trait(steps=("issue", "request", "grant", "issue"))
        voided = factory.Trait(steps=("issue", "void"))
        exit_lost = factory.Trait(steps=("lose_exit",))
        retroactive_asked = factory.Trait(steps=("lose_exit", "ask_retroactive"))
        retroactive_denied = factory.Trait(steps=("lose_exit", "ask_retroactive", "deny_retroactive"))
        retroactive_granted = factory.Trait(steps=("lose_exit", "ask_retroactive", "grant_retroactive"))

    action = factory.SubFactory(TrainingActionFactory, participants=2, classes=2, attended=True)
    issuer = factory.LazyAttribute(
        lambda o: PersonFactory(profiles=[(Profile.PROVIDER_NATIONAL_ADMIN, o.action.otec, None)])
    )
    director = factory.LazyAttribute(lambda o: PersonFactory(profiles=[director_of(o.action.region)]))
    steps: tuple[str, ...] = ()

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **chosen: Any) -> Certificate:
        certificate = certificates.of_action(arranged.session, chosen["action"].id)
        stories.tell(certificate, chosen["steps"], issuer=chosen["issuer"], director=chosen["director"])
        return certificate


def director_of(region: str) -> tuple[Profile, None, str]:
    return (Profile.REGIONAL_DIRECTOR, None, region)


def grant(
    person: Person, profile: Profile, organisation: Organisation | None = None, region: str | None = None
) -> ProfileGrant:
    """Give the person a profile."""
    row = ProfileGrant(person_id=person.id, profile=profile, organisation=organisation, region=region)
    arranged.session.add(row)
    arranged.session.flush()
    return row


def held_by(person: Person, day: date, *, is_open: bool = False) -> ClassInstructor:
    began = datetime.combine(day, time(13), UTC)
    ended = None if is_open else began + timedelta(hours=CLASS_HOURS)
    return ClassInstructor(person=person, instructor_entry_at=began, started_at=began, ended_at=ended)


def mark_everybody(action: TrainingAction, *, validation: str = "valid") -> None:
    """Entry and exit of each participant in each class, as it was held."""
    rows = rows_of(arranged.session, action)
    for participant in rows["participants"]:
        for held in rows["classes"]:
            stay = {"in": held.instructors[0].started_at, "out": held.instructors[0].ended_at}
            for kind, at in stay.items():
                MarkFactory(participant=participant, class_held=held, kind=kind, marked_at=at, validation=validation)


def compute(action: TrainingAction) -> None:
    """Store the figures as the worker would."""
    arranged.session.flush()
    attendance.recompute(arranged.session, {"action_id": action.id})


def rows_of(session: Session, action: TrainingAction) -> dict[str, list[Any]]:
    """The participants and the classes of an action, in the order they were made."""
    return {
        "participants": session.query(Participant).filter_by(action_id=action.id).order_by(Participant.id).all(),
        "classes": session.query(ClassHeld).filter_by(action_id=action.id).order_by(ClassHeld.id).all(),
    }
