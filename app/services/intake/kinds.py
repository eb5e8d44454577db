"""The seven kinds of record, in the order they are loaded: their fields, their natural key and what must hold within a row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from app.domain.attendance_records import MarkKind, Validation
from app.domain.permissions import Profile
from app.domain.terms import ActionStatus, Activity, Modality, OrganisationKind
from app.domain.terms import Line as ActionLine
from app.services.intake import checks
from app.services.intake.checks import BadField
from app.services.intake.fields import (
    DAY,
    EMAIL,
    HOURS,
    INSTANT,
    REGION,
    RUT,
    ZONE,
    BadValue,
    Field,
    one_of,
    optional,
    text,
)
from app.services.intake.held import exits_without_entry
from app.services.intake.records import (
    ActionRecord,
    ClassRecord,
    MarkRecord,
    OrganisationRecord,
    ParticipantRecord,
    PersonRecord,
    ProfileRecord,
    Record,
)

ACTION_CODE = text(50, r"[0-9A-Za-z][0-9A-Za-z-]*", "letras, cifras y guiones, sin espacios")
IDENTIFIER = text(80)


@dataclass(frozen=True)
class Kind:
    """`make` puts the values of `fields` together; `check`, if any, completes a record or raises BadField.

    `holds`, if any, gives the places of the records that can only be judged once the rest of their file is stored.
    """

    name: str
    make: Callable[..., Any]
    key: tuple[str, ...]
    fields: Mapping[str, Field]
    check: Callable[[Any], Record] | None = None
    holds: Callable[[Sequence[Any]], set[int]] | None = None

    @property
    def file_name(self) -> str:
        return f"{self.name}.csv"

    def record(self, values: Mapping[str, str]) -> Record:
        """The checked record of one row. Raises BadField with the first field that cannot be taken."""
        read = []
        for name, field in self.fields.items():
            try:
                read.append(field.read(values[name]))
            except BadValue as bad:
                raise BadField(name, str(bad)) from bad
        return self.completed(read)

    def completed(self, values: Iterable[Any]) -> Record:
        """The record of values that are good one by one. Raises BadField where they do not agree with each other."""
        record: Record = self.make(*values)
        return self.check(record) if self.check else record

    @cached_property
    def key_of(self) -> Callable[[Record], object]:
        """Gives what makes a record the same one as another."""
        return itemgetter(*(list(self.fields).index(name) for name in self.key))


ORGANISATIONS = Kind(
    "organisations",
    OrganisationRecord,
    ("rut",),
    {"rut": RUT, "name": text(200), "kind": one_of(OrganisationKind)},
)
PEOPLE = Kind(
    "people",
    PersonRecord,
    ("rut",),
    {
        "rut": RUT,
        "given_names": text(100),
        "first_surname": text(100),
        "second_surname": optional(text(100), ""),
        "email": optional(EMAIL, ""),
    },
)
PROFILES = Kind(
    "profiles",
    ProfileRecord,
    ("rut", "profile", "organisation_rut", "region"),
    {"rut": RUT, "profile": one_of(Profile), "organisation_rut": optional(RUT), "region": optional(REGION)},
    checks.profile,
)
ACTIONS = Kind(
    "actions",
    ActionRecord,
    ("code",),
    {
        "code": ACTION_CODE,
        "sence_code": optional(text(10, r"[0-9]{10}", "exactamente 10 cifras"), ""),
        "name": text(300),
        "line": one_of(ActionLine),
        "activity": one_of(Activity),
        "region": REGION,
        "commune": text(100),
        "time_zone": optional(ZONE, ""),
        "starts_on": DAY,
        "ends_on": DAY,
        "credited_hours": HOURS,
        "partial_hours": optional(HOURS),
        "modality": one_of(Modality),
        "status": one_of(ActionStatus),
        "otec_rut": RUT,
        "otic_rut": optional(RUT),
        "company_rut": optional(RUT),
    },
    checks.action,
)
PARTICIPANTS = Kind("participants", ParticipantRecord, ("action_code", "rut"), {"action_code": ACTION_CODE, "rut": RUT})
CLASSES = Kind(
    "classes",
    ClassRecord,
    ("action_code", "class_id", "instructor_rut"),
    {
        "action_code": ACTION_CODE,
        "class_id": IDENTIFIER,
        "instructor_rut": RUT,
        "instructor_entry_at": optional(INSTANT),
        "started_at": INSTANT,
        "ended_at": optional(INSTANT),
    },
    checks.class_held,
)
MARKS = Kind(
    "marks",
    MarkRecord,
    ("mark_id",),
    {
        "mark_id": IDENTIFIER,
        "action_code": ACTION_CODE,
        "class_id": IDENTIFIER,
        "rut": RUT,
        "kind": one_of(MarkKind),
        "marked_at": INSTANT,
        "validation": one_of(Validation),
        "device_id": optional(IDENTIFIER, ""),
    },
    holds=exits_without_entry,
)

# A file refers only to files before it.
KINDS: tuple[Kind, ...] = (ORGANISATIONS, PEOPLE, PROFILES, ACTIONS, PARTICIPANTS, CLASSES, MARKS)
