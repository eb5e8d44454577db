"""What makes a row of a file good, and the sentence for each way in which it is not."""

from datetime import UTC, datetime

import pytest

from app.services.intake.checks import BadField
from app.services.intake.kinds import ACTIONS, CLASSES, KINDS, MARKS, ORGANISATIONS, PEOPLE, PROFILES, Kind
from app.services.intake.records import ActionRecord, MarkRecord
from tests.services.intake_files import (
    ACTION,
    CLASS,
    COURSE,
    ENTRY,
)
from tests.services.intake_files import (
    ORGANISATIONS as INSTITUTIONS,
)
from tests.services.intake_files import (
    PEOPLE as PERSONS,
)
from tests.services.intake_files import (
    PROFILES as GRANTS,
)

REFUSED = [
    (MARKS, {**ENTRY, "rut": "1000013-1"}, "rut", "dígito verificador"),
    (MARKS, {**ENTRY, "rut": "quién"}, "rut", "no es un RUT"),
    (MARKS, {**ENTRY, "kind": "entrada"}, "kind", "Use uno de: in, out"),
    (MARKS, {**ENTRY, "validation": ""}, "validation", "obligatorio"),
    (MARKS, {**ENTRY, "marked_at": "2026-02-30T09:00:00-03:00"}, "marked_at", "No es una fecha y hora posible"),
    (MARKS, {**ENTRY, "marked_at": "2026-03-02T25:00:00-03:00"}, "marked_at", "No es una fecha y hora posible"),
    (MARKS, {**ENTRY, "marked_at": "2026-03-02T09:00:00"}, "marked_at", "Le falta el desfase"),
    (MARKS, {**ENTRY, "marked_at": "1026-03-02T09:00:00-03:00"}, "marked_at", "El año 1026 no es posible"),
    (MARKS, {**ENTRY, "mark_id": "x" * 81}, "mark_id", "más de 80"),
    (MARKS, {**ENTRY, "device_id": "a\x00b"}, "device_id", "caracteres de control"),
    (ACTIONS, {**ACTION, "ends_on": "2026-03-01"}, "ends_on", "anterior a la de inicio"),
    (ACTIONS, {**ACTION, "starts_on": "2026-13-01"}, "starts_on", "no existe en el calendario"),
    (ACTIONS, {**ACTION, "starts_on": "02/03/2026"}, "starts_on", "AAAA-MM-DD"),
    (ACTIONS, {**ACTION, "region": "17"}, "region", "código CUT"),
    (ACTIONS, {**ACTION, "time_zone": "Chile"}, "time_zone", "zona horaria IANA"),
    (ACTIONS, {**ACTION, "credited_hours": "0"}, "credited_hours", "mayor que cero"),
    (ACTIONS, {**ACTION, "credited_hours": "40,5"}, "credited_hours", "con punto"),
    (ACTIONS, {**ACTION, "activity": "partial"}, "partial_hours", "necesita sus horas parciales"),
    (ACTIONS, {**ACTION, "partial_hours": "4"}, "partial_hours", "menos que las acreditadas"),
    (ACTIONS, {**ACTION, "code": "670000"}, "code", "7 o más cifras"),
    (ACTIONS, {**ACTION, "sence_code": "123"}, "sence_code", "10 cifras"),
    (ACTIONS, {**ACTION, "sence_code": ""}, "sence_code", "obligatorio"),
    (ACTIONS, {**ACTION, "line": "1"}, "sence_code", "va vacío"),
    (CLASSES, {**CLASS, "ended_at": CLASS["started_at"]}, "ended_at", "termina antes de empezar"),
    (
        CLASSES,
        {**CLASS, "instructor_entry_at": "2026-03-02T14:00:00-03:00"},
        "ended_at",
        "El facilitador sale antes de su entrada",
    ),
    (PEOPLE, {**PERSONS[0], "email": "ana\x00@constancia.test"}, "email", "correo"),
    (PROFILES, {**GRANTS[0], "profile": "jefe"}, "profile", "No es un valor conocido"),
    (PROFILES, {**GRANTS[0], "profile": "supervisor", "organisation_rut": ""}, "organisation_rut", "Indique su RUT"),
    (PROFILES, {**GRANTS[1], "profile": "regional_director"}, "region", "Indique su código"),
    (PROFILES, {**GRANTS[0], "profile": "sence_national_admin"}, "organisation_rut", "no lleva institución"),
    (PEOPLE, {**PERSONS[0], "first_surname": " "}, "first_surname", "obligatorio"),
    (PEOPLE, {**PERSONS[0], "email": "en casa"}, "email", "correo"),
    (ORGANISATIONS, {**INSTITUTIONS[0], "kind": "sence"}, "kind", "otec, otic, company"),
]


@pytest.mark.parametrize(("kind", "values", "field", "reason"), REFUSED, ids=lambda part: str(part)[:40])
def test_a_bad_value_is_refused_with_its_field_and_reason(
    kind: Kind, values: dict[str, str], field: str, reason: str
) -> None:
    with pytest.raises(BadField) as refused:
        kind.record(values)

    assert (refused.value.field, reason in refused.value.reason) == (field, True)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_rows_of_the_example_course_are_good(kind: Kind) -> None:
    assert [kind.record(row) for row in COURSE[kind.name]]


def test_the_fields_of_a_kind_are_those_of_its_record() -> None:
    assert [tuple(kind.fields) for kind in KINDS] == [kind.make._fields for kind in KINDS]  # type: ignore[attr-defined]


def test_an_empty_zone_is_the_one_of_the_region() -> None:
    record = ACTIONS.record({**ACTION, "region": "5", "commune": "Isla de Pascua"})

    assert isinstance(record, ActionRecord)
    assert (record.region, record.time_zone) == ("05", "Pacific/Easter")


def test_a_mark_is_the_same_instant_whatever_its_offset() -> None:
    record = MARKS.record({**ENTRY, "marked_at": "2026-03-02T12:14:00Z", "rut": " 1.000.013-0 "})

    assert isinstance(record, MarkRecord)
    assert record.marked_at == datetime(2026, 3, 2, 12, 14, tzinfo=UTC)
    assert record.rut == "1000013-0"
