"""The database handle and the column types every table shares."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Enum, ForeignKey, Identity, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

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
ENGINE_OPTIONS = {
    # An error quotes the statement and would quote its values too, which are people's.
    "hide_parameters": True,
    "connect_args": {
        "options": " ".join(
            f"-c {name}={value}"
            for name, value in {
                "client_connection_check_interval": "1s",
                "tcp_keepalives_idle": "4s",
                "tcp_keepalives_interval": "2s",
                "tcp_keepalives_count": 2,
            }.items()
        )
    },
}


class Base(DeclarativeBase):
    """The declarative base; constraints get predictable names so that migrations and messages can refer to them."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={dict[str, Any]: JSONB, list[str]: JSONB, datetime: DateTime(timezone=True)},
    )


# Tests run inside one outer transaction; a commit there must release a savepoint only.
db = SQLAlchemy(model_class=Base, session_options={"join_transaction_mode": "create_savepoint"})

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
