"""The people of the model: in which profile each acts, what each may do and about which courses."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.permissions import Profile

HERE, THERE = "13", "05"


class Verb(StrEnum):
    """What somebody does at a page; each has a form."""

    ENTER = "enter the reference"
    ACCEPT = "accept the issue"
    REQUEST = "request the annulment"
    GRANT = "grant"
    DENY = "deny"


DECISIONS = (Verb.GRANT, Verb.DENY)


@dataclass(frozen=True)
class Who:
    """Somebody in a profile. `name` is the person, who may have another profile too; `place` the institution acted for."""

    name: str
    profile: Profile
    region: str | None = None
    place: str | None = None

    @property
    def provides(self) -> bool:
        return self.profile in (Profile.PROVIDER_NATIONAL_ADMIN, Profile.PROVIDER_REGIONAL_ADMIN)

    @property
    def decides(self) -> bool:
        return self.profile is Profile.REGIONAL_DIRECTOR

    def sees(self, region: str) -> bool:
        """Whether a course of the one training body, in that region, is known to this person."""
        return self.place != "other otec" and self.region in (None, region)

    def may(self, verb: Verb, region: str) -> bool:
        return self.sees(region) and (self.decides if verb in DECISIONS else self.provides)


NATIONAL = Who("Nacional", Profile.PROVIDER_NATIONAL_ADMIN, place="otec")
REGIONAL = Who("Regional", Profile.PROVIDER_REGIONAL_ADMIN, HERE, "otec")
DIRECTOR = Who("Directora", Profile.REGIONAL_DIRECTOR, HERE)
ELSEWHERE = Who("Director Ajeno", Profile.REGIONAL_DIRECTOR, THERE)
# One person with two profiles: who asks never decides, whatever else that person may do.
ASKS = Who("Doble", Profile.PROVIDER_NATIONAL_ADMIN, place="otec")
JUDGES = Who("Doble", Profile.REGIONAL_DIRECTOR, HERE)
SUPERVISOR = Who("Supervisora", Profile.SUPERVISOR, place="otic")
STRANGER = Who("Ajeno", Profile.PROVIDER_NATIONAL_ADMIN, place="other otec")
EVERYBODY = (NATIONAL, REGIONAL, DIRECTOR, ELSEWHERE, ASKS, JUDGES, SUPERVISOR, STRANGER)
# SENCE voids without a page: a service alone does it.
SENCE = "Sence"
NAMES = sorted({*(who.name for who in EVERYBODY), SENCE})

# Who provides and who decides in the region that has all of them; in the last one, it is one person.
TEAMS = {"national": (NATIONAL, DIRECTOR), "regional": (REGIONAL, DIRECTOR), "one person": (ASKS, JUDGES)}


def usual(verb: Verb, region: str, team: str) -> Who:
    """Who does it in such a team; in the other region there is nobody but the national administrator and a director."""
    provider, decider = TEAMS[team] if region == HERE else (NATIONAL, ELSEWHERE)
    return decider if verb in DECISIONS else provider


def full_name(name: str) -> str:
    return f"{name} Modelo Ñandú"
