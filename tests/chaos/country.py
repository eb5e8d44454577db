"""A small country in which everybody has something to do: courses ready to be issued, who issues them and who decides."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy.orm import Session

from app import demo
from app.cli.prepare import bring_up_to_date
from app.db import db
from app.domain.permissions import Profile
from app.models import Organisation
from app.models import Person as PersonRow
from app.process import definitions
from app.services import tokens
from tests.chaos.ledger import Ledger
from tests.chaos.people import Device, Director, Operator, Place, Provider
from tests.chaos.person import Account
from tests.factories import CUS, Grant, OrganisationFactory, PersonFactory, TrainingActionFactory, director_of, rows_of
from tests.support import waits
from tests.support.arranging import arranged

# So few courses that each is issued, annulled and issued again many times.
PROVIDERS, DIRECTORS, COURSES_EACH, DEMO_COURSES = 5, 2, 6, 20
REGION = "13"

Everybody = list[Provider | Director | Operator | Device]


@dataclass(frozen=True)
class Country:
    """`courses` by provider; those of the device and the operator are nobody else's."""

    providers: Sequence[Account]
    courses: Sequence[Sequence[str]]
    directors: Sequence[Account]
    operator: Account
    recomputed: Sequence[str]
    token: str
    place: Place

    def operating(self, site: str, ledger: Ledger, seed: str) -> Operator:
        return Operator("operator", self.operator, site, ledger, seed, courses=self.recomputed)

    def people(self, site: str, ledger: Ledger, seed: str) -> Everybody:
        """Ready to start; the same seed has them choose alike."""
        return [
            *(
                Provider(f"provider{number}", account, site, ledger, seed, courses=courses)
                for number, (account, courses) in enumerate(zip(self.providers, self.courses, strict=True))
            ),
            *(
                Director(f"director{number}", account, site, ledger, seed)
                for number, account in enumerate(self.directors)
            ),
            self.operating(site, ledger, seed),
            Device(self.token, site, ledger, self.place),
        ]


def settle(app: Flask) -> Country:
    """Make the tables, a demo and the country in them."""
    with app.app_context():
        bring_up_to_date()
        demo.load(actions=DEMO_COURSES)
        engine = db.engine
    with Session(engine) as session:
        arranged.use(session, app)
        # Beside the institutions of the demo.
        OrganisationFactory.reset_sequence(500_000)
        # Each issue begins a follow-up, which waits for a term: so somebody comes by where only terms and facts do.
        definitions.publish(session, waits.follow_up(), {}, definitions.INSTALLATION)
        try:
            country = _country(session)
            session.commit()
        finally:
            arranged.use(None, None)
    return country


def _country(session: Session) -> Country:
    otecs = OrganisationFactory.create_batch(PROVIDERS)
    otic, company = OrganisationFactory.create_batch(2)

    def courses(otec: Organisation, how_many: int) -> list[str]:
        made = TrainingActionFactory.create_batch(
            how_many, otec=otec, otic=otic, company=company, region=REGION, participants=2, classes=1, attended=True
        )
        return [action.code for action in made]

    return Country(
        providers=[
            _account(Profile.PROVIDER_NATIONAL_ADMIN, (Profile.PROVIDER_NATIONAL_ADMIN, o, None)) for o in otecs
        ],
        courses=[courses(otec, COURSES_EACH) for otec in otecs],
        directors=[_account(Profile.REGIONAL_DIRECTOR, director_of(REGION)) for _ in range(DIRECTORS)],
        operator=_account(Profile.OPERATOR, (Profile.OPERATOR, None, None)),
        recomputed=courses(otecs[0], 5),
        token=tokens.create(session, rut=otecs[0].rut, label="chaos"),
        place=_place(session, otecs[0]),
    )


def _account(profile: Profile, grant: Grant) -> Account:
    person: PersonRow = PersonFactory(cus=True, profiles=[grant])
    person.email = f"persona{person.id}@ejemplo.cl"
    return Account(person.rut.wire, CUS, profile.portal_value)


def _place(session: Session, otec: Organisation) -> Place:
    action = TrainingActionFactory(otec=otec, participants=3, classes=1, attended=True)
    rows = rows_of(session, action)
    (held,) = rows["classes"]
    ruts = [participant.person.rut.wire for participant in rows["participants"]]
    return Place(action.code, held.class_id, held.instructors[0].started_at, ruts)
