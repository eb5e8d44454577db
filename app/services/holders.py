"""Who holds an office today: the persons that are told when something waits for it."""

from collections.abc import Sequence

from sqlalchemy import and_, false, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from app.domain.offices import Office
from app.domain.permissions import Profile
from app.models import Person, ProfileGrant


def holders_of(session: Session, office: str, *, organisation_id: int | None, region: str | None) -> Sequence[int]:
    """Ids of the persons with an e-mail who hold `office` for that institution and region, each once."""
    return session.scalars(
        select(Person.id)
        .join(ProfileGrant, ProfileGrant.person_id == Person.id)
        .where(Person.email != "", _holds(office, organisation_id, region))
        .distinct()
        .order_by(Person.id)
    ).all()


def people_holding(
    session: Session, office: str, *, organisation_id: int | None, region: str | None
) -> Sequence[Person]:
    """The persons who hold `office`, with e-mail or without, in the order of a list."""
    held = select(ProfileGrant.person_id).where(_holds(office, organisation_id, region))
    return session.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.sort_name, Person.id)).all()


def _holds(office: str, organisation_id: int | None, region: str | None) -> ColumnElement[bool]:
    """The grants that `app.domain.offices.holds` accepts."""
    profile, covers = ProfileGrant.profile, or_(ProfileGrant.region.is_(None), ProfileGrant.region == region)
    match office:
        case Office.PROVIDER:
            national = profile == Profile.PROVIDER_NATIONAL_ADMIN
            regional = and_(profile == Profile.PROVIDER_REGIONAL_ADMIN, covers)
            return and_(ProfileGrant.organisation_id == organisation_id, or_(national, regional))
        case Office.REGIONAL_DIRECTION:
            return and_(profile == Profile.REGIONAL_DIRECTOR, covers)
        case Office.NATIONAL_LEVEL:
            return profile == Profile.SENCE_NATIONAL_ADMIN
    return false()
