"""A made-up country into the tables of the database."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from psycopg import Connection, sql

from app.domain.regions import Region
from app.domain.rut import Rut
from bench.copying import copy_in, numbered
from bench.country import DAY, FIRST_DAY, Block, Country, MarksTaken
from bench.marking import marks_of

FIRST_RUT = 40_000_000
MILLENNIUM = date(2000, 1, 1)
KINDS = np.array([b"in", b"out"])
VALIDATIONS = np.array([b"valid", b"pending", b"rejected"])
REGIONS = tuple(Region)


def load(connection: Connection[Any], country: Country) -> int:
    """Add the whole country within the caller's transaction; the number of marks."""
    _organisations(connection, country)
    _people(connection, country)
    _actions(connection, country)
    for block in country.blocks():
        _enrolled(connection, block)
        _held(connection, block)
    taken = 0
    for marks in in_order_of_time(country):
        _marks(connection, country, marks, first=taken)
        taken += marks.instant.size
    return taken


def in_order_of_time(country: Country) -> Iterator[MarksTaken]:
    """All the marks as they come in over the year, courses that run at the same time mixed."""
    waiting: list[MarksTaken] = []
    for block in country.blocks():
        earlier = MarksTaken.joined(waiting) if waiting else None
        if earlier is not None:
            # No mark of this block or a later one comes before this instant, save for a few minutes.
            done = earlier.instant < block.first_instant
            yield _sorted(earlier.rows(done))
            waiting = [earlier.rows(~done)]
        waiting.append(marks_of(block))
    yield _sorted(MarksTaken.joined(waiting))


def _sorted(marks: MarksTaken) -> MarksTaken:
    return marks.rows(np.argsort(marks.instant, kind="stable"))


def _people_of(country: Country) -> int:
    """So many people that each takes part in about four courses."""
    return max(country.participants, country.courses * country.participants // 4)


def _organisations(connection: Connection[Any], country: Country) -> None:
    """One provider a region."""
    rows = []
    for number, region in enumerate(REGIONS):
        rut = Rut.from_body(FIRST_RUT + country.first_id + number)
        rows.append((country.first_id + number, rut.body, rut.check_digit, f"Capacitación {region.label}", "otec"))
    _rows(connection, "organisation", ("id", "rut_body", "check_digit", "name", "kind"), rows)


def _people(connection: Connection[Any], country: Country) -> None:
    """Participants, then two facilitators."""
    ruts = (Rut.from_body(FIRST_RUT + country.first_id + n) for n in range(_people_of(country) + 2))
    rows = (
        (country.first_id + n, rut.body, rut.check_digit, f"Persona {n}", "De Prueba", "", "")
        for n, rut in enumerate(ruts)
    )
    names = ("id", "rut_body", "check_digit", "given_names", "first_surname", "second_surname", "email")
    _rows(connection, "person", names, rows)


ACTION_COLUMNS = (
    *("id", "code", "sence_code", "name", "line", "activity", "region", "commune", "time_zone"),
    *("starts_on", "ends_on", "credited_hours", "partial_hours", "modality", "status", "otec_id"),
)


def _actions(connection: Connection[Any], country: Country) -> None:
    _rows(connection, "training_action", ACTION_COLUMNS, (_action(country, n) for n in range(country.courses)))


def _action(country: Country, number: int) -> tuple[object, ...]:
    region = number % len(REGIONS)
    starts_on = MILLENNIUM + timedelta(days=FIRST_DAY // DAY + number * 300 // country.courses)
    activity = {7: "partial", 8: "complementary"}.get(number % 50, "normal")
    hours = f"{country.classes * 3.5:.2f}"
    partial_hours = None if activity == "normal" else f"{country.classes * 1.25:.2f}"
    return (
        *(country.first_id + number, f"{8_000_000 + country.first_id + number}", "1238012345", f"Curso {number}"),
        *("3", activity, REGIONS[region].value, "Centro", REGIONS[region].zone),
        *(starts_on, starts_on + timedelta(days=country.classes), hours, partial_hours),
        *("presencial", "authorised", country.first_id + region),
    )


def _enrolled(connection: Connection[Any], block: Block) -> None:
    country = block.country
    ids = block.ids(country.participants)
    people = (ids - country.first_id) % _people_of(country) + country.first_id
    actions = np.repeat(block.ids(1), country.participants)
    copy_in(connection, "participant", {"id": ids, "action_id": actions, "person_id": people})


def _held(connection: Connection[Any], block: Block) -> None:
    country, held, ids = block.country, block.held(), block.ids(block.country.classes)
    actions = np.repeat(block.ids(1), country.classes)
    names = numbered(b"clase-", np.tile(np.arange(country.classes), block.courses), 4)
    copy_in(connection, "class_held", {"id": ids, "action_id": actions, "class_id": names})
    copy_in(
        connection,
        "class_instructor",
        {
            "class_held_id": held.class_id,
            "person_id": held.facilitator + country.first_id + _people_of(country),
            "started_at": held.started,
            "ended_at": held.ended,
        },
    )


def _marks(connection: Connection[Any], country: Country, marks: MarksTaken, *, first: int) -> None:
    numbers = np.arange(first, first + marks.instant.size)
    copy_in(
        connection,
        "attendance_mark",
        {
            "mark_id": numbered(f"{country.first_id}-".encode(), numbers, 9),
            "participant_id": marks.participant_id,
            "class_held_id": marks.class_id,
            "kind": KINDS[marks.kind],
            "marked_at": marks.instant,
            "validation": VALIDATIONS[marks.validation],
            "device_id": numbered(b"lector-", marks.class_id // country.classes % 10_000, 4),
        },
    )


def _rows(connection: Connection[Any], table: str, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
