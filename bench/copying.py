"""Whole columns into PostgreSQL's binary COPY, without a step of Python per row."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection, sql

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
NULL = np.iinfo(np.int64).min
Column = NDArray[Any]


def copy_in(connection: Connection[Any], table: str, columns: dict[str, Column]) -> None:
    """Add the rows to `table`: int64 columns are bigint or timestamptz (NULL where they are the least int64), S ones text."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(HEADER)
        copy.write(binary_rows(list(columns.values())))
        copy.write(TRAILER)


def binary_rows(columns: Sequence[Column]) -> bytes:
    """The rows as COPY wants them: a count of fields, then each field's length and bytes, the highest byte first."""
    size = columns[0].size
    count = np.frombuffer(np.array(len(columns), dtype=">i2").tobytes(), dtype=np.uint8)
    parts = [np.broadcast_to(count, (size, 2))]
    used = [np.broadcast_to(np.True_, (size, 2))]
    for column in columns:
        part, mask = _text(column) if column.dtype.kind == "S" else _number(column)
        parts.append(part)
        used.append(mask)
    return np.hstack(parts)[np.hstack(used)].tobytes()


def numbered(prefix: bytes, numbers: NDArray[np.int64], digits: int) -> Column:
    """`prefix` and each number in so many digits, as text."""
    powers = 10 ** np.arange(digits - 1, -1, -1)
    tail = (numbers[:, None] // powers % 10 + ord("0")).astype(np.uint8)
    head = np.broadcast_to(np.frombuffer(prefix, dtype=np.uint8), (numbers.size, len(prefix)))
    return np.hstack([head, tail]).view(f"S{len(prefix) + digits}").ravel()


def _number(column: Column) -> tuple[Column, Column]:
    is_null = column == NULL
    length = np.where(is_null, -1, 8).astype(">i4").view(np.uint8).reshape(-1, 4)
    part = np.hstack([length, column.astype(">i8").view(np.uint8).reshape(-1, 8)])
    mask = np.ones(part.shape, dtype=np.bool_)
    mask[:, 4:] = ~is_null[:, None]
    return part, mask


def _text(column: Column) -> tuple[Column, Column]:
    width = column.dtype.itemsize
    length = np.char.str_len(column)
    part = np.hstack(
        [
            length.astype(">i4").view(np.uint8).reshape(-1, 4),
            np.ascontiguousarray(column).view(np.uint8).reshape(-1, width),
        ]
    )
    mask = np.hstack([np.ones((column.size, 4), dtype=np.bool_), np.arange(width) < length[:, None]])
    return part, mask
