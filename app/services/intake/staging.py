"""The temporary table a chunk is copied into before it meets the stored rows."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from psycopg import Connection
from sqlalchemy import BigInteger, Column, Integer, MetaData, SQLColumnExpression, Table, Text, cast, func
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable, DropTable

from app.services.intake.kinds import Kind
from app.services.intake.records import Record

# A name that no field has.
ROW = "row_number"


def stage(session: Session, kind: Kind, lines: str) -> Table:
    """Copy the records, written by `copy_lines`, into a fresh temporary table of this transaction."""
    table = Table(
        f"stage_{kind.name}",
        MetaData(),
        Column(ROW, Integer, nullable=False),
        *(Column(name, field.column) for name, field in kind.fields.items()),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )
    session.execute(DropTable(table, if_exists=True))
    session.execute(CreateTable(table))
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, Connection), "COPY speaks to psycopg itself"
    # The table's name is one of the seven kinds; the rows travel as data.
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {table.name} FROM STDIN".encode()) as copy:
            copy.write(lines)
        # Without figures about the new table the planner may join a million rows one by one.
        cursor.execute(f"ANALYZE {table.name}".encode())
    return table


def copy_lines(records: Sequence[Record]) -> str:
    """The records as COPY reads them, each with its place among them.

    Written a column at a time they take a fifth of the driver's time for one row after the other.
    """
    places = map(str, range(len(records)))
    return "\n".join(map("\t".join, zip(places, *map(_cells, zip(*records, strict=True)), strict=True)))


def _cells(column: Sequence[object]) -> Iterable[str]:
    if isinstance(column[0], datetime):
        # Hardly two are the same, and to find that out takes longer than to write them.
        return map(_cell, column)
    written = {value: _cell(value) for value in set(column)}
    return map(written.__getitem__, column)


def _cell(value: object) -> str:
    # No field lets a tab or a line break through.
    return r"\N" if value is None else str(value).replace("\\", r"\\")


def body(wire: SQLColumnExpression[str]) -> SQLColumnExpression[int]:
    """The body of a RUT in wire form."""
    return cast(func.split_part(wire, "-", 1), BigInteger)


def check_digit(wire: SQLColumnExpression[str]) -> SQLColumnExpression[str]:
    return func.split_part(wire, "-", 2, type_=Text)


def wire(rut_body: SQLColumnExpression[int], digit: SQLColumnExpression[str]) -> SQLColumnExpression[str]:
    return cast(rut_body, Text).concat("-").concat(digit)
