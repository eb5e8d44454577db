"""The records an intake brings, one type per file; the field names are those of the CSV header and of the JSON interface.

A RUT is kept in its wire form, `12345678-5`: that is how it is staged, compared and shown in a correction.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from app.domain.attendance_records import MarkKind, Validation
from app.domain.permissions import Profile
from app.domain.terms import ActionStatus, Activity, Line, Modality, OrganisationKind


class OrganisationRecord(NamedTuple):
    rut: str
    name: str
    kind: OrganisationKind


class PersonRecord(NamedTuple):
    rut: str
    given_names: str
    first_surname: str
    second_surname: str
    email: str


class ProfileRecord(NamedTuple):
    """`organisation_rut` is empty for SENCE's staff; `region` is empty for all of them."""

    rut: str
    profile: Profile
    organisation_rut: str | None
    region: str | None


class ActionRecord(NamedTuple):
    """`time_zone` is filled from the region when the file leaves it empty."""

    code: str
    sence_code: str
    name: str
    line: Line
    activity: Activity
    region: str
    commune: str
    time_zone: str
    starts_on: date
    ends_on: date
    credited_hours: Decimal
    partial_hours: Decimal | None
    modality: Modality
    status: ActionStatus
    otec_rut: str
    otic_rut: str | None
    company_rut: str | None


class ParticipantRecord(NamedTuple):
    action_code: str
    rut: str


class ClassRecord(NamedTuple):
    """One facilitator's presence in a class; `ended_at` is None while the class is open."""

    action_code: str
    class_id: str
    instructor_rut: str
    instructor_entry_at: datetime | None
    started_at: datetime
    ended_at: datetime | None


class MarkRecord(NamedTuple):
    mark_id: str
    action_code: str
    class_id: str
    rut: str
    kind: MarkKind
    marked_at: datetime
    validation: Validation
    device_id: str


Record = OrganisationRecord | PersonRecord | ProfileRecord | ActionRecord | ParticipantRecord | ClassRecord | MarkRecord
