"""The database handle and the column types every table shares."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import BigInteger, Connection, DateTime, Engine, Enum, ForeignKey, Identity, MetaData, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.pool import Pool

from app.domain.faces import Face

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# What a client that was killed or cut off held is free again within seconds, even in the middle of a long statement:
# the server looks whether it is still there, and asks a silent line for a sign of life.
_SERVER_OPTIONS = {
    "client_connection_check_interval": "1s",
    "tcp_keepalives_idle": "4s",
    "tcp_keepalives_interval": "2s",
    "tcp_keepalives_count": 2,
}
# Of a web process; what the web server is told must not be more.
THREADS = 8


def _engine_options(**server_options: str | int) -> dict[str, Any]:
    told = " ".join(f"-c {name}={value}" for name, value in {**_SERVER_OPTIONS, **server_options}.items())
    return {
        # An error quotes the statement and would quote its values too, which are people's.
        "hide_parameters": True,
        # A connection for each of a web process's threads, kept: what overflows is closed after each use, and to open
        # one costs more than a page. The last one used comes first, for it has its statements prepared.
        "pool_size": THREADS,
        "pool_use_lifo": True,
        # Our statements are always the same, so the second time is worth the preparation.
        "connect_args": {"options": told, "prepare_threshold": 1},
    }


ENGINE_OPTIONS = _engine_options()
# Who only looks needs no transaction, which is two journeys to the server, and the server refuses whatever would change.
READING_OPTIONS = {**_engine_options(default_transaction_read_only="on"), "isolation_level": "AUTOCOMMIT"}
READING = "reading"


# All that a process ever asks; psycopg keeps a hundred statements prepared, and a page alone asks sixteen.
MOST_PREPARED = 1000


@event.listens_for(Pool, "connect")
def _keep_prepared(connection: Any, _record: object) -> None:
    connection.prepared_max = MOST_PREPARED


class Base(DeclarativeBase):
    """The declarative base; constraints get predictable names so that migrations and messages can refer to them."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={dict[str, Any]: JSONB, list[str]: JSONB, datetime: DateTime(timezone=True)},
    )


class Connections(Session):
    """A session that looks through connections of its own while `info[READING]` is set."""

    def get_bind(self, *_args: Any, **_kwargs: Any) -> Engine | Connection:
        """There is one database; which table is asked makes no difference."""
        return db.engines[READING if self.info.get(READING) else None]


# Tests run inside one outer transaction; a commit there must release a savepoint only.
db = SQLAlchemy(model_class=Base, session_options={"join_transaction_mode": "create_savepoint", "class_": Connections})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

Id = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]


def one_of(enumeration: type[Face], name: str) -> Enum:
    """A text column that holds a value of `enumeration`, enforced by a CHECK constraint called `name`."""
    return Enum(
        enumeration,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def reference(target: str, **options: Any) -> Any:
    """A bigint foreign key to `target`, never cascading: facts do not disappear with their neighbours."""
    return mapped_column(BigInteger, ForeignKey(target, ondelete="RESTRICT"), **options)
