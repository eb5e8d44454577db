"""Signed heads: how large the log was at an instant and what its root was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, joinedload

from app.adapters.log_key import LogKey
from app.domain import merkle
from app.domain.log_format import head_bytes
from app.models import LogHead, LogPending
from app.models import LogKey as LogKeyRow
from app.services.effects import EffectQueue, ask
from app.services.transparency import nodes
from app.services.transparency.sequencing import integrate

SEAL = "transparency/seal"
# Whoever asks for a head gets the latest one if it is as young as this.
FRESH = timedelta(minutes=1)


@dataclass(frozen=True)
class HeadPage:
    """`next_after` is the number of the last head shown, None on the last page."""

    heads: Sequence[LogHead]
    next_after: int | None


def seal(session: Session, key: LogKey, *, even_if_unchanged: bool = False) -> LogHead:
    """Append what waits and sign the head; the latest head as it is where nothing was added, unless asked otherwise."""
    size = integrate(session)
    last = latest(session)
    if last is not None and last.size == size and not even_if_unchanged:
        return last
    return _sign(session, key, size)


def seal_waiting(session: Session, key: LogKey) -> None:
    """The same if anything waits for the log; a look at an empty queue where nothing does."""
    if session.scalars(select(LogPending.id).limit(1)).first() is not None:
        seal(session, key)


def ask_seal(session: Session) -> bool:
    """Ask a worker, who has the key, for a new head; False, and nothing is asked, if the latest one is fresh."""
    last = latest(session)
    if last is not None and datetime.now(UTC) - last.signed_at < FRESH:
        return False
    identity = f"{SEAL}:after:{last.id if last else 0}"
    ask(session, SEAL, identity=identity, queue=EffectQueue.INTERACTIVE, payload={})
    return True


def latest(session: Session) -> LogHead | None:
    return session.scalars(_heads().limit(1)).first()


def of_size(session: Session, size: int) -> LogHead | None:
    """The newest head over exactly so many leaves."""
    return session.scalars(_heads().where(LogHead.size == size).limit(1)).first()


def first_over(session: Session, index: int) -> LogHead | None:
    """The first head that was signed over this leaf; it stays the first."""
    over = select(LogHead).options(joinedload(LogHead.key)).where(LogHead.size > index)
    return session.scalars(over.order_by(LogHead.size, LogHead.id).limit(1)).first()


def get(session: Session, number: int) -> LogHead | None:
    return session.scalars(_heads().where(LogHead.id == number)).first()


def page(session: Session, *, before: int | None, size: int) -> HeadPage:
    """Heads, the newest first, those before the number `before` if given."""
    asked = _heads() if before is None else _heads().where(LogHead.id < before)
    found = session.scalars(asked.limit(size + 1)).all()
    shown = found[:size]
    return HeadPage(shown, shown[-1].id if len(found) > size else None)


def _heads() -> Select[LogHead]:
    return select(LogHead).options(joinedload(LogHead.key)).order_by(LogHead.id.desc())


def _sign(session: Session, key: LogKey, size: int) -> LogHead:
    root = merkle.root(size, nodes.read(session, merkle.nodes_of(merkle.whole(size))))
    # The database's clock, so that heads made on two machines are in order; to the millisecond, as it is signed.
    now: datetime = session.execute(select(func.date_trunc("milliseconds", func.clock_timestamp()))).scalar_one()
    session.execute(
        insert(LogKeyRow).values(id=key.id, public_key=key.public_key, first_used_at=now).on_conflict_do_nothing()
    )
    head = LogHead(size=size, root=root, signed_at=now, key_id=key.id, signature=key.sign(head_bytes(size, root, now)))
    session.add(head)
    session.flush()
    return head
