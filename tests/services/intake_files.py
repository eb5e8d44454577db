"""A small set of intake files for tests: one course, two participants, one class and their marks, each row easy to change."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

FileRow = dict[str, str]

OTEC, COMPANY = "76000001-9", "76000021-3"
INSTRUCTOR, ANA, BENJAMIN = "1000005-K", "1000013-0", "5126663-3"
CODE = "6700001"

ORGANISATIONS: tuple[FileRow, ...] = (
    {"rut": OTEC, "name": "Capacitación Ñilhue", "kind": "otec"},
    {"rut": COMPANY, "name": "Panadería, Pan y Pasión «La 13»", "kind": "company"},
)
PEOPLE: tuple[FileRow, ...] = tuple(
    {"rut": rut, "given_names": name, "first_surname": "Peña", "second_surname": "", "email": ""}
    for rut, name in ((INSTRUCTOR, "Raúl"), (ANA, "Ana"), (BENJAMIN, "Benjamín"))
)
PROFILES: tuple[FileRow, ...] = (
    {"rut": INSTRUCTOR, "profile": "instructor", "organisation_rut": OTEC, "region": ""},
    {"rut": INSTRUCTOR, "profile": "sence_national_admin", "organisation_rut": "", "region": ""},
)
ACTION: FileRow = {
    "code": CODE,
    "sence_code": "1238012345",
    "name": "Cocina chilena",
    "line": "3",
    "activity": "normal",
    "region": "11",
    "commune": "Coyhaique",
    "time_zone": "",
    "starts_on": "2026-03-02",
    "ends_on": "2026-03-02",
    "credited_hours": "4",
    "partial_hours": "",
    "modality": "presencial",
    "status": "authorised",
    "otec_rut": OTEC,
    "otic_rut": "",
    "company_rut": COMPANY,
}
PARTICIPANTS: tuple[FileRow, ...] = tuple({"action_code": CODE, "rut": rut} for rut in (ANA, BENJAMIN))
CLASS: FileRow = {
    "action_code": CODE,
    "class_id": "C01",
    "instructor_rut": INSTRUCTOR,
    "instructor_entry_at": "2026-03-02T08:58:00-03:00",
    "started_at": "2026-03-02T09:00:00-03:00",
    "ended_at": "2026-03-02T13:00:00-03:00",
}
ENTRY: FileRow = {
    "mark_id": "M1",
    "action_code": CODE,
    "class_id": "C01",
    "rut": ANA,
    "kind": "in",
    "marked_at": "2026-03-02T09:14:00-03:00",
    "validation": "valid",
    "device_id": "LCE-1",
}
EXIT: FileRow = {**ENTRY, "mark_id": "M2", "kind": "out", "marked_at": "2026-03-02T13:02:00-03:00"}

COURSE: Mapping[str, Sequence[FileRow]] = {
    "organisations": ORGANISATIONS,
    "people": PEOPLE,
    "profiles": PROFILES,
    "actions": (ACTION,),
    "participants": PARTICIPANTS,
    "classes": (CLASS,),
    "marks": (ENTRY, EXIT),
}


def text_of(rows: Sequence[FileRow]) -> str:
    """The rows as CSV, under the header of the first."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(folder: Path, **changed: Sequence[FileRow]) -> Path:
    """The course's files in `folder`, the changed kinds instead of their own rows."""
    folder.mkdir(exist_ok=True)
    for kind, rows in {**COURSE, **changed}.items():
        (folder / f"{kind}.csv").write_text(text_of(rows), encoding="utf-8", newline="")
    return folder
