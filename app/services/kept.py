"""What one transaction has found out already and needs not ask the database again; gone with the transaction."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.orm import Session, SessionTransaction

KEPT = "kept"
Value = TypeVar("Value")


@dataclass(frozen=True)
class _Kept:
    transaction: SessionTransaction | None
    values: dict[str, Any] = field(default_factory=dict)


def once(session: Session, name: str, find: Callable[[], Value]) -> Value:
    """What `find` gave the first time that this transaction asked for `name`."""
    values = _values(session)
    if name not in values:
        found = find()
        # To find it may have begun the transaction.
        _values(session)[name] = found
        return found
    value: Value = values[name]
    return value


def forget(session: Session, name: str) -> None:
    """Have it found anew: this transaction changed it, or must see what others did."""
    _values(session).pop(name, None)


def forget_all(session: Session) -> None:
    session.info.pop(KEPT, None)


def _values(session: Session) -> dict[str, Any]:
    kept: _Kept | None = session.info.get(KEPT)
    # A savepoint that is undone undoes what was found and locked inside it.
    transaction = session.get_nested_transaction() or session.get_transaction()
    if kept is None or kept.transaction is not transaction:
        kept = session.info[KEPT] = _Kept(transaction)
    return kept.values
