"""In which profiles and for which institutions a person may act; a profile is chosen after login and checked at every request."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import Session, joinedload

from app.domain.permissions import Actor, Profile
from app.models import Organisation, Participant, Person, ProfileGrant

SENCE = "Servicio Nacional de Capacitación y Empleo"
# Value of the institution for those who act for SENCE or for themselves; no RUT body is 0.
NO_INSTITUTION = "0"


@dataclass(frozen=True)
class Choice:
    """One line of *Seleccione Perfil*: a profile and the institution it is for (None: SENCE, or oneself)."""

    profile: Profile
    organisation: Organisation | None

    @property
    def institution_value(self) -> str:
        """The value of `select#cmbInstituciones`: the RUT body, as on the live portal."""
        return str(self.organisation.rut_body) if self.organisation else NO_INSTITUTION

    @property
    def institution_name(self) -> str:
        if self.organisation is not None:
            return self.organisation.name
        own = (Profile.PARTICIPANT, Profile.INSTRUCTOR)
        return "Mis propios cursos" if self.profile in own else SENCE


def choices_of(session: Session, person_id: int) -> list[Choice]:
    """What the person may choose, each once, in the order of the portal; participants need no grant."""
    grants = _grants(session, person_id)
    found = {(grant.profile, grant.organisation_id): Choice(grant.profile, grant.organisation) for grant in grants}
    if session.scalar(select(exists().where(Participant.person_id == person_id))):
        found[(Profile.PARTICIPANT, None)] = Choice(Profile.PARTICIPANT, None)
    return sorted(found.values(), key=lambda choice: (choice.profile.portal_value, choice.institution_name))


def actor_for(
    session: Session,
    person_id: int,
    profile: Profile,
    organisation_id: int | None,
    *,
    authenticated_by: str = "cus",
) -> Actor | None:
    """The person in that profile as granted today; None if it is not, or no longer, granted."""
    if profile is Profile.PARTICIPANT:
        person = session.get(Person, person_id)
        return Actor(person_id, person.full_name, profile, authenticated_by=authenticated_by) if person else None
    grants = [
        grant
        for grant in _grants(session, person_id)
        if grant.profile is profile and grant.organisation_id == organisation_id
    ]
    if not grants:
        return None
    everywhere = any(grant.region is None for grant in grants)
    organisation = grants[0].organisation
    return Actor(
        person_id=person_id,
        person_name=grants[0].person.full_name,
        profile=profile,
        organisation_id=organisation_id,
        organisation_name=organisation.name if organisation else None,
        regions=None if everywhere else frozenset(grant.region for grant in grants if grant.region),
        authenticated_by=authenticated_by,
    )


def _grants(session: Session, person_id: int) -> Sequence[ProfileGrant]:
    return session.scalars(_all_grants(), {"person_id": person_id}).all()


@cache
def _all_grants() -> Select[ProfileGrant]:
    """Asked with every page: built once."""
    return (
        select(ProfileGrant)
        .where(ProfileGrant.person_id == bindparam("person_id"))
        .options(joinedload(ProfileGrant.person, innerjoin=True), joinedload(ProfileGrant.organisation))
        .order_by(ProfileGrant.id)
    )
