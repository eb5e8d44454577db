"""Computed figures into the table of results, a batch at once."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
from psycopg import Connection
from sqlalchemy import BigInteger, Column, Integer, MetaData, SmallInteger, Table, literal, select
from sqlalchemy.dialects.postgresql import JSONB, array, insert
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable, DropTable

from app.models import AttendanceResult
from app.services.attendance_bulk.kernel import FLAGS, Credited
from app.services.attendance_bulk.reading import Batch

_BINARY = {"BIGINT": ">i8", "INTEGER": ">i4", "SMALLINT": ">i2"}
_HEADER, _TRAILER = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"

# The flags stay bits until they are in the database.
_stage = Table(
    "stage_attendance",
    MetaData(),
    Column("participant_id", BigInteger),
    Column("action_id", BigInteger),
    Column("required_seconds", Integer),
    Column("credited_seconds", Integer),
    Column("provisional_seconds", Integer),
    Column("flags", SmallInteger),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)


def store(session: Session, batch: Batch, credited: Credited, *, policy_id: str) -> None:
    """Make the results of the batch's participants these, whatever they were before."""
    session.execute(DropTable(_stage, if_exists=True))
    session.execute(CreateTable(_stage))
    numbers = (batch.participant_id, batch.action_id, batch.required_seconds)
    _copy(session, _rows(*numbers, credited.firm, credited.provisional, credited.flags))

    shared = {"policy_id": literal(policy_id), "computed_at": literal(datetime.now(UTC))}
    values: dict[str, Any] = (
        {column.name: column for column in _stage.c} | {"flags": _flags_of(_stage.c.flags)} | shared
    )
    # By participant, so that two batches that meet a participant wait for each other in one order.
    found = select(*values.values()).order_by(_stage.c.participant_id)
    new = insert(AttendanceResult).from_select(list(values), found)
    changed = {name: new.excluded[name] for name in values if name != "participant_id"}
    session.execute(new.on_conflict_do_update(index_elements=["participant_id"], set_=changed))


def _flags_of(bits: Column[int]) -> Any:
    """The list of flags that the bits stand for."""
    return array([literal(flags_in(number), JSONB) for number in range(1 << len(FLAGS))])[bits + 1]


def flags_in(bits: int) -> list[str]:
    """The flags that the bits stand for, in the order in which they are reported."""
    return sorted(flag.value for bit, flag in FLAGS.items() if bit & bits)


def _rows(*columns: Any) -> bytes:
    """The rows as binary COPY wants them: the number of fields, then the length and the bytes of each."""
    layout: list[tuple[str, str]] = [("fields", ">i2")]
    for column in _stage.c:
        layout += [(f"{column.name}_length", ">i4"), (column.name, _BINARY[str(column.type)])]
    rows = np.empty(columns[0].size, dtype=layout)
    rows["fields"] = len(_stage.c)
    for column, numbers in zip(_stage.c, columns, strict=True):
        rows[f"{column.name}_length"] = rows.dtype[column.name].itemsize
        rows[column.name] = numbers
    return rows.tobytes()


def _copy(session: Session, rows: bytes) -> None:
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, Connection), "COPY speaks to psycopg itself"
    with connection.cursor() as cursor, cursor.copy(f"COPY {_stage.name} FROM STDIN (FORMAT binary)".encode()) as copy:
        copy.write(_HEADER + rows + _TRAILER)
