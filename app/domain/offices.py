"""Offices: the lanes of the diagrams. A task waits for an office; who may do it follows from the profile held today."""

from app.domain.faces import Face
from app.domain.permissions import Actor, Profile
from app.domain.regions import Region


class Office(Face):
    """The value is the lane's id in a diagram. `system` holds the steps that need nobody."""

    PROVIDER = "provider", "Organismo capacitador"
    REGIONAL_DIRECTION = "regional_direction", "Dirección Regional"
    NATIONAL_LEVEL = "national_level", "Nivel central"
    SYSTEM = "system", "Constancia"


def named(office: str, region: str | None) -> str:
    """The office as people call it: `Dirección Regional Metropolitana de Santiago`, `Organismo capacitador`."""
    label = Office(office).label
    return f"{label} {Region(region).label}" if office == Office.REGIONAL_DIRECTION and region else label


def holds(actor: Actor, office: str, *, organisation_id: int | None, region: str | None) -> bool:
    """Whether `actor` holds `office` for that institution and region.

    Source: domain handbook §2. A regional administrator and a regional director act inside their region only.
    """
    if office == Office.PROVIDER:
        same_institution = actor.organisation_id is not None and actor.organisation_id == organisation_id
        if actor.profile is Profile.PROVIDER_NATIONAL_ADMIN:
            return same_institution
        return actor.profile is Profile.PROVIDER_REGIONAL_ADMIN and same_institution and actor.covers(region)
    if office == Office.REGIONAL_DIRECTION:
        return actor.profile is Profile.REGIONAL_DIRECTOR and actor.covers(region)
    if office == Office.NATIONAL_LEVEL:
        return actor.profile is Profile.SENCE_NATIONAL_ADMIN
    return False
