"""For commands that need the tables: on a database without them they end with the sentence that says what to do."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask.cli import with_appcontext
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy.exc import ProgrammingError

P = ParamSpec("P")
R = TypeVar("R")

NOT_PREPARED = "A la base de datos le faltan tablas. Ejecute `flask prepare` y vuelva a intentar."


def with_prepared_database(command: Callable[P, R]) -> Callable[P, R]:
    """Flask's `with_appcontext`, and NOT_PREPARED with exit code 1 where a table or a column is missing."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ProgrammingError as error:
            if not isinstance(error.orig, UndefinedTable | UndefinedColumn):
                raise
            sys.exit(NOT_PREPARED)

    return with_appcontext(told)
