"""The public log: every fact is in it and nothing else, each as it still is, and tree and heads are right."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from app.adapters.log_key import is_signed
from app.domain.log_format import FactKind, head_bytes, leaf_content
from app.services.audit.invariant import Ground, Invariant, in_sql
from app.services.transparency import contents

LEAVES_AT_A_TIME = 1000

# Every fact with its instant, whatever the log says.
INSTANTS = {
    "issuance": "issued_at",
    "annulment_request": "requested_at",
    "annulment_decision": "decided_at",
    "issuance_void": "voided_at",
    "retroactive_request": "requested_at",
    "retroactive_decision": "decided_at",
}
FACTS = " UNION ALL ".join(f"SELECT '{table}' AS kind, id, {at} AS at FROM {table}" for table, at in INSTANTS.items())

# The two halves of each complete subtree: leaves below the first level, subtrees below the others.
CHILDREN = """
    SELECT 0 AS level, index AS number, hash FROM log_leaf UNION ALL SELECT level, number, hash FROM log_node
"""


def _of_changed_facts(ground: Ground) -> Iterator[str]:
    """The leaves that say something else than their facts do now."""
    query = text("SELECT index, kind, fact_id, content FROM log_leaf ORDER BY index")
    found = ground.session.execute(query, execution_options={"yield_per": LEAVES_AT_A_TIME})
    for leaves in found.partitions():
        ids: defaultdict[FactKind, list[int]] = defaultdict(list)
        for leaf in leaves:
            ids[FactKind(leaf.kind)].append(leaf.fact_id)
        told = {kind: contents.told(ground.session, kind, wanted) for kind, wanted in ids.items()}
        for leaf in leaves:
            kind, kept = FactKind(leaf.kind), json.loads(leaf.content)
            fact = told[kind].get(leaf.fact_id)
            if fact is None:
                continue
            now = leaf_content(kind, fact.public, fact.record, bytes.fromhex(kept["salt"]))
            if json.loads(now) != kept:
                yield f"{leaf.kind}:{leaf.fact_id}"


def _of_other_roots(ground: Ground) -> Iterator[str]:
    """The heads whose root is not the one over so many leaves, hashed as RFC 6962 §2.1 says and with nothing of ours."""
    heads = ground.session.execute(text("SELECT id, size, root FROM log_head ORDER BY size, id")).all()
    leaves = ground.session.execute(
        text("SELECT hash FROM log_leaf ORDER BY index"), execution_options={"yield_per": LEAVES_AT_A_TIME}
    )
    hashes = leaves.scalars()
    # One complete subtree for each bit of the size, the largest first.
    peaks: list[tuple[int, bytes]] = []
    size = 0
    for head in heads:
        while size < head.size and (leaf := next(hashes, None)) is not None:
            size += 1
            peaks.append((1, bytes(leaf)))
            while len(peaks) > 1 and peaks[-1][0] == peaks[-2][0]:
                (width, right), (_, left) = peaks.pop(), peaks.pop()
                peaks.append((2 * width, _node(left, right)))
        if size != head.size or _over(peaks) != bytes(head.root):
            yield f"log_head:{head.id}"


def _over(peaks: list[tuple[int, bytes]]) -> bytes:
    if not peaks:
        return hashlib.sha256().digest()
    root = peaks[-1][1]
    for _, left in reversed(peaks[:-1]):
        root = _node(left, root)
    return root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _of_other_signatures(ground: Ground) -> Iterator[str]:
    query = text("""
        SELECT h.id, size, root, signed_at, signature, public_key FROM log_head AS h JOIN log_key AS k ON k.id = key_id
    """)
    for head in ground.session.execute(query, execution_options={"yield_per": LEAVES_AT_A_TIME}):
        if not _is_signed(head):
            yield f"log_head:{head.id}"


def _is_signed(head: Any) -> bool:
    return is_signed(head.public_key, head.signature, head_bytes(head.size, bytes(head.root), head.signed_at))


INVARIANTS = (
    in_sql(
        "log_holds_every_fact",
        "Cada emisión, solicitud, resolución y anulación está en el registro público o espera entrar.",
        f"""
        SELECT kind || ':' || id FROM ({FACTS}) AS fact
        WHERE NOT EXISTS (SELECT FROM log_leaf AS l WHERE l.kind = fact.kind AND fact_id = fact.id)
            AND NOT EXISTS (SELECT FROM log_pending AS p WHERE p.kind = fact.kind AND fact_id = fact.id)
        """,
    ),
    in_sql(
        "log_holds_only_facts",
        "El registro público no cuenta nada que no pasó.",
        f"""
        SELECT kind || ':' || fact_id
        FROM (SELECT kind, fact_id FROM log_leaf UNION ALL SELECT kind, fact_id FROM log_pending) AS told
        WHERE NOT EXISTS (SELECT FROM ({FACTS}) AS fact WHERE fact.kind = told.kind AND fact.id = fact_id)
        """,
    ),
    in_sql(
        "facts_enter_the_log_in_time",
        "Ningún hecho espera más de la cuenta para entrar al registro público.",
        f"""
        SELECT kind || ':' || fact_id FROM log_pending JOIN ({FACTS}) AS fact USING (kind)
        WHERE fact.id = fact_id AND at < :settled_before
        """,
    ),
    Invariant(
        "leaves_tell_their_facts",
        "Cada hecho sigue siendo el que el registro público guardó.",
        _of_changed_facts,
    ),
    in_sql(
        "leaves_hash_their_content",
        "La huella de cada hoja del registro público es la de su texto.",
        r"SELECT 'log_leaf:' || index FROM log_leaf WHERE hash <> sha256('\x00'::bytea || convert_to(content, 'UTF8'))",
    ),
    in_sql(
        "subtrees_hash_their_halves",
        "Cada subárbol completo del registro público está y es la huella de sus dos mitades.",
        rf"""
        WITH child AS ({CHILDREN}), half AS (
            SELECT a.level + 1 AS level, a.number / 2 AS number, sha256('\x01'::bytea || a.hash || b.hash) AS hash
            FROM child AS a JOIN child AS b ON b.level = a.level AND b.number = a.number + 1
            WHERE a.number % 2 = 0
        )
        SELECT 'log_node:' || level || '/' || number FROM half FULL JOIN log_node AS kept USING (level, number)
        WHERE half.hash IS DISTINCT FROM kept.hash
        """,
    ),
    Invariant(
        "heads_have_the_root_of_their_size",
        "Cada cabeza firmada del registro público es la raíz de todas las hojas que dice abarcar.",
        _of_other_roots,
    ),
    Invariant(
        "heads_are_signed",
        "Cada cabeza del registro público lleva la firma de su llave.",
        _of_other_signatures,
    ),
)
