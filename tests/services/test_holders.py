"""Who is told that something waits for an office: those who may do it, and have an address."""

import pytest
from sqlalchemy.orm import Session

from app.domain.offices import Office, holds
from app.domain.permissions import Profile
from app.models import Organisation, Person
from app.services.holders import holders_of
from tests.factories import OrganisationFactory, PersonFactory, grant
from tests.support.stories import actor_of

OF_INSTITUTIONS = {
    Profile.PROVIDER_NATIONAL_ADMIN,
    Profile.PROVIDER_REGIONAL_ADMIN,
    Profile.SUPERVISOR,
    Profile.INSTRUCTOR,
}


def everybody(otec: Organisation) -> list[Person]:
    """Somebody of each profile, with an address: for two institutions, and for two regions or all."""
    people: list[Person] = []
    for profile in Profile:
        for organisation in (otec, OrganisationFactory()) if profile in OF_INSTITUTIONS else (None,):
            for region in ("13", "05", None):
                if region is None and profile is Profile.REGIONAL_DIRECTOR:
                    continue
                person = PersonFactory(email=f"p{len(people)}@x.example", profiles=[(profile, organisation, region)])
                people.append(person)
    return people


@pytest.mark.parametrize("office", [Office.PROVIDER, Office.REGIONAL_DIRECTION])
def test_those_are_told_who_may_do_it(session: Session, office: Office) -> None:
    otec = OrganisationFactory()
    people = everybody(otec)

    told = holders_of(session, office, organisation_id=otec.id, region="13")

    may = [p.id for p in people if holds(actor_of(p), office, organisation_id=otec.id, region="13")]
    assert sorted(told) == sorted(may) != []


def test_who_has_no_address_is_not_told_and_who_has_two_grants_once(session: Session) -> None:
    PersonFactory(profiles=[(Profile.REGIONAL_DIRECTOR, None, "13")])
    both = PersonFactory(email="dos@x.example", profiles=[(Profile.SENCE_NATIONAL_ADMIN, None, None)])
    grant(both, Profile.SENCE_NATIONAL_ADMIN, None, "13")

    assert holders_of(session, "regional_direction", organisation_id=None, region="13") == []
    assert holders_of(session, "national_level", organisation_id=None, region=None) == [both.id]


def test_the_system_has_nobody_to_tell(session: Session) -> None:
    everybody(OrganisationFactory())

    assert holders_of(session, Office.SYSTEM, organisation_id=None, region="13") == []
