"""What the database says, read at one moment and as plain values: the checker needs nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from app.domain.log_format import FactKind

Rows = Sequence[Any]

# The log names each fact by its table.
LOGGED = " UNION ALL ".join(f"SELECT '{kind}' AS kind, id AS fact_id FROM {kind}" for kind in FactKind)
QUERIES = {
    "issuances": """
        SELECT a.code AS course, i.sequence, i.folio_number, i.folio_year, i.document_reference AS mark
        FROM issuance i JOIN certificate c ON c.id = i.certificate_id JOIN training_action a ON a.id = c.action_id""",
    "counters": "SELECT year, last_number FROM folio_counter",
    "requests": "SELECT reason AS mark FROM annulment_request",
    "decisions": "SELECT reason AS mark, granted FROM annulment_decision",
    "marks": "SELECT mark_id AS mark FROM attendance_mark WHERE device_id = 'chaos'",
    "jobs": "SELECT id::text AS mark, done, total, ended_at IS NOT NULL AS ended FROM job",
    "strays": f"""
        SELECT kind, fact_id FROM ({LOGGED}) AS fact FULL JOIN (SELECT kind, fact_id FROM log_leaf) AS leaf
        USING (kind, fact_id) WHERE fact.kind IS NULL OR leaf.kind IS NULL""",
    "effects": "SELECT identity, done_at IS NOT NULL AS done, last_error FROM effect",
    # Those that leave whatever happened meanwhile.
    "letters": """
        SELECT identity FROM effect JOIN person ON person.id = (payload ->> 'person_id')::bigint
        WHERE effect.kind = 'mail/send' AND done_at IS NOT NULL AND email <> ''
        AND payload ->> 'template' IN ('decision', 'certificate_issued')""",
    "incidents": "SELECT kind, detail, resolved_at IS NULL AS open FROM incident",
}


@dataclass(frozen=True)
class Facts:
    """One field a query of `QUERIES`."""

    issuances: Rows = field(default=())
    counters: Rows = field(default=())
    requests: Rows = field(default=())
    decisions: Rows = field(default=())
    marks: Rows = field(default=())
    jobs: Rows = field(default=())
    strays: Rows = field(default=())
    effects: Rows = field(default=())
    letters: Rows = field(default=())
    incidents: Rows = field(default=())


def read(url: str) -> Facts:
    """All of it as of one moment."""
    with psycopg.connect(url.replace("+psycopg", ""), row_factory=namedtuple_row) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        return Facts(**{name: connection.execute(query).fetchall() for name, query in QUERIES.items()})


def given_up_for(url: str, error: str) -> bool:
    """Whether there is an open incident whose detail names `error`."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        query = "SELECT EXISTS (SELECT FROM incident WHERE resolved_at IS NULL AND detail LIKE %s)"
        return bool(connection.execute(query, (f"%({error})%",)).fetchall()[0][0])


def waiting(url: str) -> int:
    """How many effects are still to be done, and facts still to come into the log."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        query = """
            SELECT (SELECT count(*) FROM effect WHERE done_at IS NULL AND gave_up_at IS NULL)
                + (SELECT count(*) FROM log_pending)"""
        return int(connection.execute(query).fetchall()[0][0])
