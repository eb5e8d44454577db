"""Facts come into the log behind each other after their commit, as in the logs of Certificate Transparency."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app import faults
from app.domain import merkle
from app.domain.log_format import SALT_BYTES, FactKind, leaf_content
from app.models import LogLeaf, LogPending
from app.services.transparency import contents, nodes

# Any number that nothing else locks.
LOG = 6731122
AT_A_TIME = 1000
Fact = tuple[FactKind, int]


def integrate(session: Session) -> int:
    """Append every fact that waits, in the order in which they were recorded; the size of the log.

    Whoever else appends waits until this transaction ends, so it is to end soon. To run twice changes nothing.
    """
    session.execute(select(func.pg_advisory_xact_lock(LOG)))
    size = nodes.size(session)
    while facts := _taken(session):
        size = _append(session, size, facts)
    faults.point("log.appended")
    return size


def _taken(session: Session) -> list[Fact]:
    """Take the next facts from those that wait. A fact that follows from another was recorded after it, so it has a higher id."""
    next_ = select(LogPending.id).order_by(LogPending.id).limit(AT_A_TIME)
    taken = session.execute(
        delete(LogPending).where(LogPending.id.in_(next_)).returning(LogPending.id, LogPending.kind, LogPending.fact_id)
    )
    return [(kind, fact_id) for _, kind, fact_id in sorted(taken)]


def _append(session: Session, size: int, facts: Sequence[Fact]) -> int:
    texts = _contents(session, facts)
    hashes = [merkle.leaf_hash(texts[fact].encode()) for fact in facts]
    frontier = nodes.read(session, merkle.nodes_of(merkle.whole(size)))
    now = datetime.now(UTC)
    session.execute(
        insert(LogLeaf),
        [
            {"index": index, "kind": kind, "fact_id": fact_id, "content": texts[kind, fact_id], "hash": hash_}
            | {"integrated_at": now}
            for index, ((kind, fact_id), hash_) in enumerate(zip(facts, hashes, strict=True), start=size)
        ],
    )
    nodes.add(session, merkle.appended(size, hashes, frontier))
    return size + len(facts)


def _contents(session: Session, facts: Sequence[Fact]) -> dict[Fact, str]:
    ids: dict[FactKind, list[int]] = defaultdict(list)
    for kind, fact_id in facts:
        ids[kind].append(fact_id)
    return {
        (kind, fact_id): leaf_content(kind, told.public, told.record, secrets.token_bytes(SALT_BYTES))
        for kind, wanted in ids.items()
        for fact_id, told in contents.told(session, kind, wanted).items()
    }
