"""What an invariant of the audit is, what it looks at, and how one is told in SQL."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.adapters.storage import Storage

AT_A_TIME = 1000


@dataclass(frozen=True)
class Ground:
    """What is audited. Work that was due after `settled_before` may still be under way and is nobody's fault.

    `sample` is how many courses are computed again and how many signatures are checked, None for all of them.
    """

    session: Session
    storage: Storage
    settled_before: datetime
    sample: int | None = None


@dataclass(frozen=True)
class Invariant:
    """Something that always holds. `offenders` gives a label, such as `issuance:12`, for each thing of which it does not.

    The name never changes: operators and other programs know the invariant by it. A label holds no RUT and no name.
    """

    name: str
    holds: str
    offenders: Callable[[Ground], Iterable[str]]


def in_sql(name: str, holds: str, query: str, **values: Any) -> Invariant:
    """An invariant whose offenders are the rows of `query`, one label each; it may ask for `:settled_before`.

    Written in SQL and not with the models on purpose: an auditor who shares code with the audited shares its mistakes.
    """
    statement = text(query)

    def offenders(ground: Ground) -> Iterator[str]:
        own = {"settled_before": ground.settled_before} if ":settled_before" in query else {}
        # Row by row from the server: a table that is wrong from end to end does not have to fit here.
        yield from ground.session.scalars(statement, values | own, execution_options={"yield_per": AT_A_TIME})

    return Invariant(name, holds, offenders)
