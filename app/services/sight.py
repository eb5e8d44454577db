"""Who asks, as parameters: a statement is built once for a profile and asked by everybody who holds it.

To build one takes longer than to have it answered.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, true
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import ColumnElement

from app.domain.permissions import Actor, Profile

PERSON, ORGANISATION, REGIONS = "actor_person", "actor_organisation", "actor_regions"
Kind = tuple[Profile, bool]
Value = int | BindParameter[int] | None


@dataclass(frozen=True)
class Asker:
    """What a condition needs to know of who asks: an actor's own values, or parameters in their place."""

    profile: Profile
    person: Value
    organisation: Value
    regions: Any | None

    def covers(self, region: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        return true() if self.regions is None else region.in_(self.regions)


def kind_of(actor: Actor) -> Kind:
    """What the form of a statement depends on: the profile, and whether it reaches the whole country."""
    return actor.profile, actor.regions is None


def anybody(kind: Kind) -> Asker:
    """Whoever is of this kind, by the values of `as_parameters`."""
    profile, everywhere = kind
    some: BindParameter[Any] = bindparam(REGIONS, expanding=True)
    return Asker(profile, bindparam(PERSON), bindparam(ORGANISATION), None if everywhere else some)


def themself(actor: Actor) -> Asker:
    return Asker(actor.profile, actor.person_id, actor.organisation_id, actor.regions)


def as_parameters(actor: Actor) -> dict[str, Any]:
    return {PERSON: actor.person_id, ORGANISATION: actor.organisation_id, REGIONS: sorted(actor.regions or ())}
