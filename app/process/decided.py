"""What decision tables decided in a case, as pages tell it."""

from dataclasses import dataclass
from datetime import datetime

from app.models import ProcessInstance, TableDecision
from app.process import dmn, packages


@dataclass(frozen=True)
class Decided:
    """By which rows of which table, and what came of it: `told` is a sentence without its full stop."""

    at: datetime
    told: str


def of_case(instance: ProcessInstance) -> tuple[Decided, ...]:
    """The oldest first."""
    return tuple(Decided(one.decided_at, _told(instance, one)) for one in instance.table_decisions)


def _told(instance: ProcessInstance, one: TableDecision) -> str:
    table = packages.of(instance.definition).all_tables[one.table_name]
    return dmn.told(table, one.rules, one.given)
