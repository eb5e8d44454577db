"""The temporary table a chunk is copied into before it meets the stored rows."""

from collections.abc import Sequence

from psycopg import Connection
from psycopg.types.string import StrDumper
from sqlalchemy import BigInteger, Column, Integer, MetaData, SQLColumnExpression, Table, Text, cast, func
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable, DropTable

from app.domain.faces import Face
from app.services.intake.kinds import Kind
from app.services.intake.records import Record

# A name that no field has.
ROW = "row_number"


def stage(session: Session, kind: Kind, records: Sequence[Record]) -> Table:
    """Copy the records, each with its place among them, into a fresh temporary table of this transaction."""
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
    _copy(session, table, records)
    return table


def _copy(session: Session, table: Table, records: Sequence[Record]) -> None:
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, Connection), "COPY speaks to psycopg itself"
    # The table's name is one of the seven kinds; the rows travel as data.
    with connection.cursor() as cursor:
        # A face is its text; as an enumeration it would take the slow way.
        cursor.adapters.register_dumper(Face, StrDumper)
        with cursor.copy(f"COPY {table.name} FROM STDIN".encode()) as copy:
            for place, record in enumerate(records):
                copy.write_row((place, *record))
        # Without figures about the new table the planner may join a million rows one by one.
        cursor.execute(f"ANALYZE {table.name}".encode())


def body(wire: SQLColumnExpression[str]) -> SQLColumnExpression[int]:
    """The body of a RUT in wire form."""
    return cast(func.split_part(wire, "-", 1), BigInteger)


def check_digit(wire: SQLColumnExpression[str]) -> SQLColumnExpression[str]:
    return func.split_part(wire, "-", 2, type_=Text)


def wire(rut_body: SQLColumnExpression[int], digit: SQLColumnExpression[str]) -> SQLColumnExpression[str]:
    return cast(rut_body, Text).concat("-").concat(digit)
