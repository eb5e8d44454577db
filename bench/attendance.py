"""The attendance of a whole country: one pass over memory, the arithmetic alone, table to results, and plain SQL."""

import argparse
import os
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from flask import Flask
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.attendance import GCA_1
from app.models import AttendanceResult, TrainingAction
from app.services import attendance, attendance_bulk
from app.services.attendance_bulk.kernel import credit
from app.services.attendance_bulk.reading import Batch, read
from app.services.attendance_bulk.recomputing import ACTIONS_AT_ONCE, compute
from app.unit_of_work import reading, unit_of_work
from bench.country import Country
from bench.figures import Figure
from bench.ground import app_with, connection_to

SQL = Path(__file__).with_name("window_query.sql")
COLUMNS = "participant_id, action_id, policy_id, required_seconds, credited_seconds, provisional_seconds, flags"
# What a database administrator would grant such a statement on this machine; ours runs with the server's defaults.
SQL_MEMORY = "256MB"
PASSES = 5
SAMPLE = 200


def options(parser: argparse.ArgumentParser) -> None:
    courses = int(os.environ.get("BENCH_COURSES", "20000"))
    parser.add_argument("--courses", type=int, default=courses, help="size of the country (BENCH_COURSES)")


def measure(arguments: argparse.Namespace) -> Iterator[Figure]:
    app = app_with(Country(arguments.courses))
    with app.app_context():
        yield from _table_to_results(app)
        yield from _arithmetic()
        yield from _one_course()
        yield _differences_from_the_rule()
        yield from _plain_sql(app)
        yield _memory("whole run")


def _table_to_results(app: Flask) -> list[Figure]:
    with connection_to(app) as connection:
        connection.execute("TRUNCATE attendance_result")
    attendance_bulk.compile_now()
    with reading() as session:
        ids = attendance_bulk.action_ids(session)

    def recompute_all() -> None:
        for begin in range(0, len(ids), ACTIONS_AT_ONCE):
            with unit_of_work() as session:
                attendance_bulk.recompute_actions(session, ids[begin : begin + ACTIONS_AT_ONCE])

    first, again = _seconds(recompute_all), _seconds(recompute_all)
    return [
        Figure("ours, from table to stored results", first, "s", "faster than the SQL"),
        Figure("ours, from table to stored results again", again, "s", "rows change in place"),
        _memory("ours, table to stored results"),
    ]


def _plain_sql(app: Flask) -> list[Figure]:
    """The same by one SQL statement, and whether it came to the same."""
    with connection_to(app) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_ours")
        connection.execute(f"CREATE TABLE bench_ours AS SELECT {COLUMNS} FROM attendance_result")  # noqa: S608
        connection.execute("TRUNCATE attendance_result")
    with connection_to(app) as connection:
        connection.execute(f"SET work_mem = '{SQL_MEMORY}'")
        statement = SQL.read_text(encoding="utf-8")
        taken = _seconds(lambda: _run(connection.execute, statement, connection.commit))
        other = connection.execute(
            f"SELECT count(*) FROM (SELECT {COLUMNS} FROM attendance_result EXCEPT TABLE bench_ours) AS other"  # noqa: S608
        ).fetchone()
        count = connection.execute("SELECT count(*) FROM attendance_result").fetchone()
        connection.execute("DROP TABLE bench_ours")
    assert other is not None
    assert count is not None
    return [
        Figure("plain SQL, from table to stored results", taken, "s"),
        Figure("participants", count[0], ""),
        Figure("participants whose SQL result is another", other[0], "", "0"),
    ]


def _run(execute: Callable[[str], object], statement: str, commit: Callable[[], None]) -> None:
    execute(statement)
    commit()


def _one_course() -> list[Figure]:
    """Courses at random: the way of an issue, the rule over the course's rows, beside the way of the recomputation."""
    by_rule, in_bulk, computing = [], [], []
    with unit_of_work() as session:
        ids = attendance_bulk.action_ids(session)
        for id_ in np.random.default_rng(SAMPLE).choice(ids, min(SAMPLE, len(ids)), replace=False).tolist():
            action = session.get_one(TrainingAction, id_)
            by_rule.append(_seconds(partial(attendance.compute, session, action)))
            in_bulk.append(_seconds(lambda id_=id_: compute(read(session, [id_]), GCA_1)))  # type: ignore[misc]
            computing.append(_seconds(partial(compute, read(session, [id_]), GCA_1)))
    return [
        Figure("one course, computing only", statistics.median(computing) * 1000, "ms", "under 5 ms"),
        Figure(
            "one course, from table to figures, in bulk's way", statistics.median(in_bulk) * 1000, "ms", "under 5 ms"
        ),
        Figure("one course, from table to figures with their explanations", statistics.median(by_rule) * 1000, "ms"),
    ]


def _arithmetic() -> list[Figure]:
    """Computing alone, on arrays that are in memory already, beside one pass over the same bytes."""
    with unit_of_work() as session:
        ids = attendance_bulk.action_ids(session)
        batches = [read(session, ids[begin : begin + ACTIONS_AT_ONCE]) for begin in range(0, len(ids), ACTIONS_AT_ONCE)]
    size = sum(array.nbytes for batch in batches for array in _arrays(batch))
    limit = _best(lambda: [int(array.sum()) for batch in batches for array in _arrays(batch)])
    ours = _best(lambda: [credit(batch.marks, batch.classes, GCA_1) for batch in batches])
    return [
        Figure("marks", sum(batch.marks.moment.size for batch in batches), ""),
        Figure("bytes of the arrays", size / 1e6, "MB"),
        Figure("the limit: one pass over the same bytes", limit, "s"),
        Figure("ours, computing only", ours, "s", f"{ours / limit:.1f} × the limit; within 10 ×"),
    ]


def _arrays(batch: Batch) -> tuple[NDArray[np.int64] | NDArray[np.int32], ...]:
    """Everything the arithmetic reads."""
    marks, classes = batch.marks, batch.classes
    return marks.first, marks.class_, marks.moment, classes.start, classes.first, classes.held_start, classes.held_end


def _differences_from_the_rule() -> Figure:
    """Stored figures beside those of the pure function, for a sample of courses spread over the country."""
    different = 0
    with unit_of_work() as session:
        ids = attendance_bulk.action_ids(session)
        sample = ids[:: max(1, len(ids) // SAMPLE)]
        attendance_bulk.recompute_actions(session, sample)
        in_bulk = _stored(session, sample)
        for id_ in sample:
            attendance.recompute(session, {"action_id": id_})
        different = sum(in_bulk[key] != row for key, row in _stored(session, sample).items())
    return Figure(f"participants of {len(sample)} courses whose rule gives another", different, "", "0")


def _stored(session: Session, action_ids: list[int]) -> dict[int, tuple[object, ...]]:
    columns = [column for column in AttendanceResult.__table__.c if column.name != "computed_at"]
    rows = session.execute(select(*columns).where(AttendanceResult.action_id.in_(action_ids)))
    return {row.participant_id: tuple(row) for row in rows}


def _memory(what: str) -> Figure:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Figure(f"peak memory, {what}", peak, "MB", "under 1,500 MB")


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _best(work: Callable[[], object]) -> float:
    return min(_seconds(work) for _ in range(PASSES))
