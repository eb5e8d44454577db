"""Loads the demo: its records through the intake, its states through the diagrams, its attendance computed at once."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo import lateness, proposals, states
from app.demo.accounts import ACCOUNTS
from app.demo.courses import STORY_CODE, STORY_ENDED, Course
from app.demo.records import SEED, DemoRecords, FileRow, action_row, generate
from app.domain.rut import Rut
from app.domain.terms import ActionStatus
from app.models import Credential, Effect, Person, TrainingAction
from app.services import accounts, attendance, documents, effects, timers, transparency
from app.services.intake import KINDS, MARKS, Kind, Refused, Row, load_chunk
from app.services.intake.kinds import ACTIONS
from app.unit_of_work import reading, unit_of_work

SOURCE = "Libro de Clases Electrónico (demostración)"
CHUNK = 25_000


class RefusedByIntake(AssertionError):
    """The intake refused a row of the demo: generator and rules disagree."""


@dataclass(frozen=True)
class Loaded:
    """What one load changed; all zero when everything was there."""

    new: int
    corrected: int
    brought: int


def load(actions: int, seed: int = SEED) -> Loaded:
    """Bring `actions` courses into the database, with states, attendance and accounts. A second time changes nothing."""
    records = generate(actions, seed, _loaded_on())
    with reading() as session:
        pending = states.untouched(session, records.courses)

    corrections = lateness.corrected(seed, pending)
    new, corrected = _take_in(records, {course.code: course for course in pending}, corrections)
    _set_cus_of_accounts()
    for course in pending:
        with unit_of_work() as session:
            states.bring(session, seed, course, current_app.extensions["storage"])
    _let_the_clock_beat()
    _compute_attendance()
    _liquidate(pending)
    _correct(corrections)
    _compute_attendance()
    with unit_of_work() as session:
        proposals.propose(session)
    return Loaded(new, corrected, len(pending))


def _loaded_on() -> date | None:
    """The day the demo in this database was made on: its courses do not move when it is loaded again another day."""
    with reading() as session:
        ends_on = session.scalar(select(TrainingAction.ends_on).where(TrainingAction.code == STORY_CODE))
    return ends_on + STORY_ENDED if ends_on is not None else None


def _take_in(
    records: DemoRecords, pending: Mapping[str, Course], corrections: Mapping[str, FileRow]
) -> tuple[int, int]:
    """Everything as it was before the courses in `pending` were brought further, and before their `corrections`."""
    new = corrected = 0
    for kind in KINDS:
        rows: Iterable[FileRow] = records.rows(kind.name)
        if kind is ACTIONS:
            rows = (_before_liquidation(row) if row["code"] in pending else row for row in rows)
        if kind is MARKS:
            rows = (
                lateness.before(row, pending[row["action_code"]]) if row["mark_id"] in corrections else row
                for row in rows
            )
        for chunk in _chunks(rows):
            added, changed = _take_chunk(kind, chunk)
            new, corrected = new + added, corrected + changed
    if new:
        with unit_of_work() as session:
            lateness.came_in(session, [course.code for course in records.courses])
    return new, corrected


def _take_chunk(kind: Kind, rows: list[Row]) -> tuple[int, int]:
    with unit_of_work() as session:
        report = load_chunk(session, kind, rows, source=SOURCE, run=uuid.uuid4().hex)
        _require_all_taken(report.refused)
        return report.new, report.corrected


def _chunks(rows: Iterable[FileRow]) -> Iterator[list[Row]]:
    numbered = (Row(line, row) for line, row in enumerate(rows, start=2))
    while chunk := list(islice(numbered, CHUNK)):
        yield chunk


def _require_all_taken(refused: list[Refused]) -> None:
    if refused:
        raise RefusedByIntake("\n".join(row.sentence for row in refused[:10]))


def _before_liquidation(row: FileRow) -> FileRow:
    # A liquidated course is frozen, so its certificate has to come first.
    liquidated = row["status"] == ActionStatus.LIQUIDATED.value
    return {**row, "status": ActionStatus.PRE_LIQUIDATED.value} if liquidated else row


def _liquidate(courses: Iterable[Course]) -> None:
    rows = [Row(2, action_row(course)) for course in courses if course.status is ActionStatus.LIQUIDATED]
    if rows:
        _take_chunk(ACTIONS, rows)


def _correct(corrections: Mapping[str, FileRow]) -> None:
    if corrections:
        _take_chunk(MARKS, [Row(line, row) for line, row in enumerate(corrections.values(), start=2)])


def _set_cus_of_accounts() -> None:
    """Each account its CUS, unless it has one: somebody may have changed it."""
    for account in ACCOUNTS:
        rut = Rut.parse(account.rut)
        with unit_of_work() as session:
            has_one = select(Credential.person_id).join(Person, Person.id == Credential.person_id)
            if session.scalar(has_one.where(Person.rut_body == rut.body)) is None:
                accounts.set_cus(session, rut=rut, cus=account.cus)


def _let_the_clock_beat() -> None:
    """Fire what has fallen due about the requests that wait for long."""
    fired = 1
    while fired:
        with unit_of_work() as session:
            fired = timers.fire_due(session, now=timers.clock(session))


def _compute_attendance() -> None:
    """Do now what the intake asked of the workers, so that a demo without a worker shows its figures."""
    _perform_waiting(attendance.RECOMPUTE, attendance.recompute)


def make_documents() -> None:
    """Make the PDFs of the demo's certificates now: the first one a visitor asks for shall not queue behind them."""
    with unit_of_work() as session:
        transparency.seal(session, current_app.extensions["log_key"])
    parts = {name: current_app.extensions[name] for name in ("storage", "signer")}
    _perform_waiting(documents.RENDER, partial(documents.render, **parts))


def _perform_waiting(kind: str, perform: Callable[[Session, dict[str, Any]], None]) -> None:
    with reading() as session:
        asked = session.scalars(
            select(Effect.id)
            .where(Effect.kind == kind, Effect.done_at.is_(None), Effect.gave_up_at.is_(None))
            .order_by(Effect.id)
        ).all()
    for effect_id in asked:
        with unit_of_work() as session:
            effect = effects.claim(session, effect_id)
            if effect is not None:
                perform(session, effect.payload)
                effects.record_done(effect)
