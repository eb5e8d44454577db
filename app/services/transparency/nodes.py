"""The log's complete subtrees as rows: reading the few that a root or a proof needs, adding those that were completed."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, insert, select, tuple_
from sqlalchemy.orm import Session

from app.domain.merkle import Node
from app.models import LogLeaf, LogNode


def read(session: Session, nodes: Collection[Node]) -> dict[Node, bytes]:
    """Those of `nodes` that are there; a handful of rows, found by their keys."""
    leaves = [number for level, number in nodes if level == 0]
    above = [node for node in nodes if node[0] > 0]
    found: dict[Node, bytes] = {}
    if leaves:
        singles = session.execute(select(LogLeaf.index, LogLeaf.hash).where(LogLeaf.index.in_(leaves)))
        found |= {(0, index): hash_ for index, hash_ in singles}
    if above:
        place = tuple_(LogNode.level, LogNode.number)
        subtrees = session.execute(select(LogNode.level, LogNode.number, LogNode.hash).where(place.in_(above)))
        found |= {(level, number): hash_ for level, number, hash_ in subtrees}
    return found


def add(session: Session, made: Mapping[Node, bytes]) -> None:
    """Keep complete subtrees; those that are single leaves live in the leaves' own table."""
    rows = [
        {"level": level, "number": number, "hash": hash_} for (level, number), hash_ in sorted(made.items()) if level
    ]
    if rows:
        session.execute(insert(LogNode), rows)


def size(session: Session) -> int:
    """How many leaves the log has."""
    last = session.scalar(select(func.max(LogLeaf.index)))
    return 0 if last is None else last + 1
