"""Who may do what (domain handbook §2). Deny unless listed; the scope (institution, region, payer) is checked by services."""

from dataclasses import dataclass
from enum import StrEnum, auto

from app.domain.errors import NotAllowed
from app.domain.faces import Face


class Profile(Face):
    """A profile as chosen after login. `portal_value` is the value of `select#cmbPerfiles`."""

    PROVIDER_NATIONAL_ADMIN = "provider_national_admin", "CAPACITADOR - ADMINISTRADOR NACIONAL"
    PROVIDER_REGIONAL_ADMIN = "provider_regional_admin", "CAPACITADOR - ADMINISTRADOR REGIONAL"
    SUPERVISOR = "supervisor", "SUPERVISOR"
    INSTRUCTOR = "instructor", "FACILITADOR"
    PARTICIPANT = "participant", "PARTICIPANTE"
    REGIONAL_DIRECTOR = "regional_director", "DIRECTOR(A) REGIONAL"
    SENCE_NATIONAL_ADMIN = "sence_national_admin", "ADMINISTRADOR NACIONAL SENCE"
    SENCE_REGIONAL_ADMIN = "sence_regional_admin", "ADMINISTRADOR REGIONAL SENCE"
    PROCESS_ANALYST = "process_analyst", "ANALISTA DE PROCESOS"
    OPERATOR = "operator", "OPERADOR"

    @property
    def portal_value(self) -> str:
        return PORTAL_VALUES[self]

    @classmethod
    def from_portal_value(cls, value: str) -> "Profile | None":
        return next((profile for profile, known in PORTAL_VALUES.items() if known == value), None)


# 73 is the live portal's; the others are ours, next to it.
PORTAL_VALUES: dict[Profile, str] = {
    Profile.PROVIDER_NATIONAL_ADMIN: "73",
    Profile.PROVIDER_REGIONAL_ADMIN: "74",
    Profile.SUPERVISOR: "75",
    Profile.INSTRUCTOR: "76",
    Profile.PARTICIPANT: "77",
    Profile.REGIONAL_DIRECTOR: "78",
    Profile.SENCE_NATIONAL_ADMIN: "79",
    Profile.SENCE_REGIONAL_ADMIN: "80",
    Profile.PROCESS_ANALYST: "81",
    Profile.OPERATOR: "82",
}


class Action(StrEnum):
    """What a page or an operation lets somebody do; every route names one."""

    ANYONE = auto()
    SIGNED_IN = auto()
    VIEW_COURSES = auto()
    VIEW_ATTENDANCE = auto()
    VIEW_CERTIFICATE = auto()
    ISSUE = auto()
    REQUEST_ANNULMENT = auto()
    REQUEST_RETROACTIVE = auto()
    VIEW_RETROACTIVE = auto()
    DECIDE = auto()
    RECOMPUTE = auto()
    CORRECT_HOURS = auto()
    VIEW_CORRECTIONS = auto()
    VIEW_CASE_FILE = auto()
    MANAGE_POLICIES = auto()
    WATCH_JOBS = auto()
    MANAGE_HOLIDAYS = auto()
    OPERATE = auto()
    VIEW_PROCESSES = auto()
    DESIGN_PROCESSES = auto()


_VIEW = frozenset({Action.VIEW_COURSES, Action.VIEW_ATTENDANCE, Action.VIEW_CERTIFICATE, Action.WATCH_JOBS})
_PROVIDER = _VIEW | {
    Action.ISSUE,
    Action.REQUEST_ANNULMENT,
    Action.CORRECT_HOURS,
    Action.VIEW_CORRECTIONS,
    Action.VIEW_CASE_FILE,
    Action.REQUEST_RETROACTIVE,
    Action.VIEW_RETROACTIVE,
}
_SENCE = _VIEW | {Action.RECOMPUTE, Action.VIEW_CORRECTIONS, Action.VIEW_CASE_FILE, Action.VIEW_RETROACTIVE}

GRANTS: dict[Profile, frozenset[Action]] = {
    Profile.PROVIDER_NATIONAL_ADMIN: _PROVIDER,
    Profile.PROVIDER_REGIONAL_ADMIN: _PROVIDER,
    Profile.SUPERVISOR: _VIEW | {Action.VIEW_CORRECTIONS},
    Profile.INSTRUCTOR: _VIEW,
    Profile.PARTICIPANT: _VIEW | {Action.VIEW_RETROACTIVE},
    Profile.REGIONAL_DIRECTOR: _VIEW
    | {Action.VIEW_CORRECTIONS, Action.VIEW_CASE_FILE, Action.VIEW_RETROACTIVE, Action.DECIDE},
    Profile.SENCE_NATIONAL_ADMIN: _SENCE | {Action.MANAGE_POLICIES, Action.MANAGE_HOLIDAYS, Action.VIEW_PROCESSES},
    Profile.SENCE_REGIONAL_ADMIN: _SENCE,
    Profile.PROCESS_ANALYST: frozenset({Action.VIEW_PROCESSES, Action.DESIGN_PROCESSES}),
    Profile.OPERATOR: frozenset({Action.RECOMPUTE, Action.WATCH_JOBS, Action.OPERATE, Action.VIEW_PROCESSES}),
}


@dataclass(frozen=True)
class Actor:
    """A natural person acting in one profile: for an institution, in some regions, or for themself.

    `regions` is None where the profile reaches the whole country.
    """

    person_id: int
    person_name: str
    profile: Profile
    organisation_id: int | None = None
    organisation_name: str | None = None
    regions: frozenset[str] | None = None
    authenticated_by: str = "cus"

    def covers(self, region: str | None) -> bool:
        return self.regions is None or region in self.regions

    def may(self, action: Action) -> bool:
        return action in (Action.ANYONE, Action.SIGNED_IN) or action in GRANTS[self.profile]

    def require(self, action: Action) -> None:
        """Raises NotAllowed, with a sentence for the page, unless the profile has `action`."""
        if not self.may(action):
            raise NotAllowed(
                f"Su perfil ({self.profile.label}) puede consultar, pero no hacer esto. Cambie de perfil si tiene otro."
            )
