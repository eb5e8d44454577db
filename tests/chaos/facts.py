"""What the database says, read at one moment and as plain values: the checker needs nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

Rows = Sequence[Any]

QUERIES = {
    "issuances": """
        SELECT i.id, a.code AS course, i.sequence, i.folio_number, i.folio_year, i.document_reference AS mark,
               d.sha256 AS document
        FROM issuance i JOIN certificate c ON c.id = i.certificate_id JOIN training_action a ON a.id = c.action_id
        LEFT JOIN document d ON d.issuance_id = i.id""",
    "counters": "SELECT year, last_number FROM folio_counter",
    "requests": """
        SELECT r.id, a.code AS course, r.reason AS mark
        FROM annulment_request r JOIN issuance i ON i.id = r.issuance_id JOIN certificate c ON c.id = i.certificate_id
        JOIN training_action a ON a.id = c.action_id""",
    "decisions": "SELECT id, reason AS mark, granted FROM annulment_decision",
    "marks": "SELECT mark_id AS mark FROM attendance_mark WHERE device_id = 'chaos'",
    "jobs": "SELECT id::text AS mark, done, total, ended_at IS NOT NULL AS ended, failed_reason FROM job",
    "events": "SELECT kind, count(*) AS number FROM history_event GROUP BY kind",
    "stranded": """
        SELECT p.id, p.process_id FROM process_instance p
        WHERE p.status = 'open' AND NOT EXISTS (
            SELECT FROM human_task t WHERE t.instance_id = p.id AND t.status = 'open')""",
    "effects": """
        SELECT identity, kind, attempts, done_at IS NOT NULL AS done, gave_up_at IS NOT NULL AS given_up, last_error
        FROM effect""",
    "incidents": "SELECT kind, reason, detail, resolved_at IS NULL AS open FROM incident",
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
    events: Rows = field(default=())
    stranded: Rows = field(default=())
    effects: Rows = field(default=())
    incidents: Rows = field(default=())


def read(url: str) -> Facts:
    """All of it as of one moment."""
    with psycopg.connect(url.replace("+psycopg", ""), row_factory=namedtuple_row) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        return Facts(**{name: connection.execute(query).fetchall() for name, query in QUERIES.items()})


def waiting_effects(url: str) -> int:
    """How many effects are still to be done."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        query = "SELECT count(*) FROM effect WHERE done_at IS NULL AND gave_up_at IS NULL"
        return int(connection.execute(query).fetchall()[0][0])
