"""Who works for the demo's institutions and for SENCE: instructors, administrators and regional directors."""

from app.demo.accounts import (
    DIRECTOR_BIOBIO,
    DIRECTOR_METROPOLITANA,
    HOLDERS,
    INSTRUCTOR,
    PROVIDER_ADMIN,
    SECOND_PROVIDER_ADMIN,
    Holder,
)
from app.demo.institutions import OTECS
from app.demo.people import SyntheticPerson, person
from app.demo.places import REGIONS
from app.domain.permissions import Profile
from app.domain.regions import Region

# Numbers that no participant reaches.
_INSTRUCTORS, _ADMINS, _DIRECTORS = 2_000_000, 2_100_000, 2_200_000
_INSTRUCTORS_EACH = 3
_DIRECTOR_ACCOUNTS = {Region.METROPOLITANA: DIRECTOR_METROPOLITANA, Region.BIOBIO: DIRECTOR_BIOBIO}


def instructors_of(seed: int, otec: int, course: int) -> tuple[str, str]:
    """The facilitator of a course and the colleague who joins in some classes; the first OTEC's is the one who signs in."""
    first, second = (person(seed, _instructor(otec, course + turn)).rut for turn in (0, 1))
    return (INSTRUCTOR.account.rut if otec == 0 else first), second


def admin_rut(seed: int, otec: int) -> str:
    """Who issues for an OTEC."""
    accounts = (PROVIDER_ADMIN.account.rut, SECOND_PROVIDER_ADMIN.account.rut)
    return accounts[otec] if otec < len(accounts) else person(seed, _ADMINS + otec).rut


def director_rut(seed: int, region: Region) -> str:
    """Who decides in a region."""
    if region in _DIRECTOR_ACCOUNTS:
        return _DIRECTOR_ACCOUNTS[region].account.rut
    return person(seed, _DIRECTORS + int(region.value)).rut


def everybody(seed: int) -> list[SyntheticPerson]:
    """Account holders first, then the rest of the staff."""
    holders = [_holder(number, holder) for number, holder in enumerate(HOLDERS, start=1)]
    numbers = [
        *(_instructor(otec, turn) for otec in range(len(OTECS)) for turn in range(_INSTRUCTORS_EACH)),
        *(_ADMINS + otec for otec in range(2, len(OTECS))),
        *(_DIRECTORS + int(region.value) for region in REGIONS if region not in _DIRECTOR_ACCOUNTS),
    ]
    return [*holders, *(person(seed, number) for number in numbers)]


def _holder(number: int, holder: Holder) -> SyntheticPerson:
    """Who signs in has an address, so that the demo's letters are written."""
    names = (holder.given_names, holder.first_surname, holder.second_surname)
    return SyntheticPerson(holder.account.rut, *names, email=f"cuenta{number}@ejemplo.example")


def profiles(seed: int) -> list[dict[str, str]]:
    """The rows of profiles.csv."""
    rows = [
        _row(holder.account.rut, grant.profile, grant.organisation_rut, grant.region)
        for holder in HOLDERS
        for grant in holder.grants
    ]
    for number, otec in enumerate(OTECS):
        if number >= 2:
            rows.append(_row(admin_rut(seed, number), Profile.PROVIDER_NATIONAL_ADMIN, otec.rut))
        for turn in range(_INSTRUCTORS_EACH):
            rows.append(_row(person(seed, _instructor(number, turn)).rut, Profile.INSTRUCTOR, otec.rut))
    for region in REGIONS:
        if region not in _DIRECTOR_ACCOUNTS:
            rows.append(_row(director_rut(seed, region), Profile.REGIONAL_DIRECTOR, region=region.value))
    return rows


def _instructor(otec: int, turn: int) -> int:
    return _INSTRUCTORS + otec * 10 + turn % _INSTRUCTORS_EACH


def _row(rut: str, profile: Profile, organisation_rut: str = "", region: str = "") -> dict[str, str]:
    return {"rut": rut, "profile": profile.value, "organisation_rut": organisation_rut, "region": region}
