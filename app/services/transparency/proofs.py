"""Proofs from the log: that a fact is in it, and that a later head continues an earlier one."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import merkle
from app.domain.errors import NotFound
from app.domain.log_format import FactKind
from app.domain.merkle import Span
from app.models import LogHead, LogLeaf
from app.services.transparency import heads, nodes


@dataclass(frozen=True)
class Inclusion:
    """The leaf is in the tree of the head: `path` leads from its hash to the head's root."""

    leaf: LogLeaf
    head: LogHead
    path: list[bytes]


@dataclass(frozen=True)
class Consistency:
    """The second head's tree is the first's with leaves added behind."""

    first: LogHead
    second: LogHead
    path: list[bytes]


def inclusion(session: Session, leaf: LogLeaf, head: LogHead) -> Inclusion:
    """Raises NotFound for a leaf that is younger than the head."""
    if leaf.index >= head.size:
        raise NotFound
    return Inclusion(leaf, head, _path(session, merkle.inclusion_spans(leaf.index, head.size)))


def of_fact(session: Session, kind: FactKind, fact_id: int) -> Inclusion | None:
    """The proof that a fact is in the log, to the first head over it, so that it is always the same; None without such a head."""
    leaf = session.scalars(select(LogLeaf).where(LogLeaf.kind == kind, LogLeaf.fact_id == fact_id)).first()
    head = None if leaf is None else heads.first_over(session, leaf.index)
    return None if leaf is None or head is None else inclusion(session, leaf, head)


def leaf_by_hash(session: Session, hash_: bytes) -> LogLeaf:
    """Raises NotFound if no leaf has this hash."""
    leaf = session.scalars(select(LogLeaf).where(LogLeaf.hash == hash_)).first()
    if leaf is None:
        raise NotFound
    return leaf


def consistency(session: Session, first: LogHead, second: LogHead) -> Consistency:
    """Raises ValueError if the second is smaller than the first, or the first is of an empty log."""
    return Consistency(first, second, _path(session, merkle.consistency_spans(first.size, second.size)))


def _path(session: Session, spans: list[Span]) -> list[bytes]:
    return merkle.hashes(spans, nodes.read(session, merkle.nodes_of(spans)))
