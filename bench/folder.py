"""A made-up country as a folder of intake files, the same rows that `bench.loading` puts into the tables."""

import csv
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np

from app.domain.rut import Rut
from bench.country import DAY, FIRST_DAY, STILL_OPEN, Country, Ints, MarksTaken
from bench.loading import FIRST_RUT, KINDS, MILLENNIUM, REGIONS, VALIDATIONS, in_order_of_time
from bench.marking import ENTRY

MICROSECONDS_TO_2000 = 946_684_800_000_000
PEOPLE_EACH_COURSE_ADDS = 5
# Written at a time.
ROWS = 100_000


def write_folder(folder: Path, country: Country) -> int:
    """Write the seven files into `folder`; the number of marks."""
    writer = _Folder(folder, country)
    writer.organisations_and_people()
    writer.actions()
    writer.classes()
    return writer.marks()


class _Folder:
    def __init__(self, folder: Path, country: Country) -> None:
        self._folder = folder
        self._country = country
        self._many = max(country.participants, country.courses * PEOPLE_EACH_COURSE_ADDS)
        people = range(FIRST_RUT, FIRST_RUT + self._many + 2)
        # The last two are the facilitators.
        self._ruts = np.array([Rut.from_body(body).wire for body in people])
        self._codes = np.array([f"{8_000_000 + number}" for number in range(country.courses)])

    def organisations_and_people(self) -> None:
        otecs = ((_otec(place), f"Instituto de prueba {place}", "otec") for place in range(len(REGIONS)))
        self._write("organisations", ("rut", "name", "kind"), otecs)
        people = ((rut, f"Persona {place}", "De Prueba", "", "") for place, rut in enumerate(self._ruts))
        self._write("people", ("rut", "given_names", "first_surname", "second_surname", "email"), people)

    def actions(self) -> None:
        names = "code sence_code name line activity region commune time_zone starts_on ends_on credited_hours"
        rest = "partial_hours modality status otec_rut otic_rut company_rut"
        self._write("actions", [*names.split(), *rest.split()], map(self._action, range(self._country.courses)))
        enrolled = (
            (self._codes[course], self._ruts[(course * self._country.participants + place) % self._many])
            for course in range(self._country.courses)
            for place in range(self._country.participants)
        )
        self._write("participants", ("action_code", "rut"), enrolled)

    def _action(self, number: int) -> tuple[object, ...]:
        region = number % len(REGIONS)
        starts_on = MILLENNIUM + timedelta(days=FIRST_DAY // DAY + number * 300 // self._country.courses)
        return (
            *(self._codes[number], "1238012345", f"Curso {number}", "3", "normal", REGIONS[region].value, "Centro", ""),
            *(starts_on, starts_on + timedelta(days=self._country.classes), self._country.classes * 3.5, ""),
            *("presencial", "authorised", _otec(region), "", ""),
        )

    def classes(self) -> None:
        names = ("action_code", "class_id", "instructor_rut", "instructor_entry_at", "started_at", "ended_at")
        self._write("classes", names, self._held())

    def _held(self) -> Iterable[Sequence[object]]:
        for block in self._country.blocks():
            held = block.held()
            course, place = self._course_and_place(held.class_id)
            ended = np.where(held.ended == STILL_OPEN, "", _instants(held.ended))
            started = _instants(held.started)
            facilitators = self._ruts[self._many + held.facilitator]
            yield from zip(self._codes[course], place, facilitators, started, started, ended, strict=True)

    def marks(self) -> int:
        taken = 0
        names = "mark_id action_code class_id rut kind marked_at validation device_id"
        with (self._folder / "marks.csv").open("w", encoding="utf-8") as file:
            file.write(f"{names.replace(' ', ',')}\n")
            marks = _without_exits_before_entry(MarksTaken.joined(list(in_order_of_time(self._country))))
            for first in range(0, marks.instant.size, ROWS):
                part = marks.rows(np.arange(first, min(first + ROWS, marks.instant.size)))
                file.writelines(f"{','.join(row)}\n" for row in self._rows(part, taken))
                taken += part.instant.size
        return taken

    def _rows(self, marks: MarksTaken, first: int) -> Iterable[tuple[str, ...]]:
        course, place = self._course_and_place(marks.class_id)
        # A course's devices number their own marks, so that the keys come in no order.
        devices = [f"lector-{number:04}" for number in course % 10_000]
        return zip(
            [f"{device}-{number:08}" for number, device in enumerate(devices, start=first)],
            self._codes[course].tolist(),
            place.tolist(),
            self._ruts[(marks.participant_id - self._country.first_id) % self._many].tolist(),
            KINDS[marks.kind].astype(str).tolist(),
            _instants(marks.instant).tolist(),
            VALIDATIONS[marks.validation].astype(str).tolist(),
            devices,
            strict=True,
        )

    def _course_and_place(self, class_id: Ints) -> tuple[Ints, Ints]:
        course, place = np.divmod(class_id - self._country.first_id, self._country.classes)
        return course, np.array([f"clase-{number:02}" for number in range(self._country.classes)])[place]

    def _write(self, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        with (self._folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)


def _without_exits_before_entry(marks: MarksTaken) -> MarksTaken:
    """The intake refuses an exit that every entry of its class comes after; the load measured refuses nothing."""
    _, visit = np.unique(np.stack([marks.participant_id, marks.class_id]), axis=1, return_inverse=True)
    never = np.iinfo(np.int64).max
    entered = np.full(visit.max() + 1, never)
    entry = marks.kind == ENTRY
    np.minimum.at(entered, visit[entry], marks.instant[entry])
    first = entered[visit]
    return marks.rows(entry | (first == never) | (first <= marks.instant))


def _otec(place: int) -> str:
    return Rut.from_body(76_000_100 + place).wire


def _instants(since_2000: Ints) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    """Microseconds since 2000 as text with its offset: as a device in Chile's winter writes them."""
    local = (since_2000 + MICROSECONDS_TO_2000 - 4 * 3_600_000_000).astype("datetime64[us]")
    text = np.datetime_as_string(local, unit="us")
    return np.char.add(text, "-04:00")
