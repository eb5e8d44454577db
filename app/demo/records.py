"""The demo as plain intake records: the rows of the seven files, made as they are asked for and never held all at once."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property

from app.demo import marks, staff
from app.demo.courses import Course, course
from app.demo.days import today_in_chile
from app.demo.institutions import INSTITUTIONS
from app.demo.people import SyntheticPerson

SEED = 2026

FileRow = dict[str, str]


@dataclass(frozen=True)
class DemoRecords:
    """`rows("marks")` gives the rows of marks.csv, under the names of its header."""

    actions: int
    seed: int
    today: date

    @cached_property
    def courses(self) -> tuple[Course, ...]:
        return tuple(course(self.seed, index, self.today) for index in range(self.actions))

    def rows(self, kind: str) -> Iterator[FileRow]:
        """The rows of one file. Raises KeyError for a name that is none of the seven."""
        match kind:
            case "organisations":
                return self._organisations()
            case "people":
                return self._people()
            case "profiles":
                return iter(staff.profiles(self.seed))
            case "actions":
                return map(action_row, self.courses)
            case "participants":
                return self._participants()
            case "classes":
                return (row for each in self.courses for row in marks.class_rows(self.seed, each))
            case "marks":
                return (row for each in self.courses for row in marks.mark_rows(self.seed, each))
        raise KeyError(kind)

    def _organisations(self) -> Iterator[FileRow]:
        for institution in INSTITUTIONS:
            yield {"rut": institution.rut, "name": institution.name, "kind": institution.kind.value}

    def _people(self) -> Iterator[FileRow]:
        seen: set[str] = set()
        for someone in (*staff.everybody(self.seed), *self._drawn()):
            if someone.rut not in seen:
                seen.add(someone.rut)
                yield asdict(someone)

    def _drawn(self) -> Iterator[SyntheticPerson]:
        for each in self.courses:
            yield from each.people

    def _participants(self) -> Iterator[FileRow]:
        for each in self.courses:
            yield from ({"action_code": each.code, "rut": rut} for rut in each.participants)


def generate(actions: int, seed: int = SEED, today: date | None = None) -> DemoRecords:
    """`actions` courses as seen from `today`; the same arguments always give the same rows."""
    return DemoRecords(actions, seed, today or today_in_chile())


def action_row(made: Course) -> FileRow:
    return {
        "code": made.code,
        "sence_code": made.sence_code,
        "name": made.name,
        "line": made.line.value,
        "activity": made.activity.value,
        "region": made.region.value,
        "commune": made.commune,
        "time_zone": "",
        "starts_on": made.days[0].isoformat(),
        "ends_on": made.ends_on.isoformat(),
        "credited_hours": str(made.credited_hours),
        "partial_hours": "" if made.partial_hours is None else str(made.partial_hours),
        "modality": made.modality.value,
        "status": made.status.value,
        "otec_rut": made.otec_rut,
        "otic_rut": made.otic_rut,
        "company_rut": made.company_rut,
    }
