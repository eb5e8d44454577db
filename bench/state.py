"""How much each contestant keeps to know where a case stands: facts, documents and history are not counted, both keep those."""

from typing import Any

from psycopg import Connection

from bench.figures import Figure

MOST_BYTES = 6000
# A case of ours is one issuance and one annulment: two instances.
OURS = """
SELECT avg(as_text), avg(stored), avg(tasks), max(as_text) FROM (
    SELECT sum(length(state::text)) AS as_text, sum(pg_column_size(state)) AS stored,
           sum((SELECT sum(pg_column_size(human_task.*)) FROM human_task WHERE instance_id = process_instance.id)) AS tasks
    FROM process_instance GROUP BY certificate_id HAVING count(*) = 2
) AS finished
"""
BY_HAND = "SELECT avg(pg_column_size(approval.*)) FROM handwritten.approval WHERE status = 'annulled'"


def bytes_of_state(connection: Connection[Any]) -> list[Figure]:
    ours, by_hand = connection.execute(OURS).fetchone(), connection.execute(BY_HAND).fetchone()
    assert ours is not None
    assert by_hand is not None
    text, stored, tasks, most = map(float, ours)
    return [
        Figure("hand-written: row of the status", float(by_hand[0]), "bytes a case"),
        Figure("ours: engine state as text", text, "bytes a case", f"under {MOST_BYTES:,}; the largest {most:,.0f}"),
        Figure("ours: engine state as PostgreSQL keeps it", stored, "bytes a case"),
        Figure("ours: rows of the four human tasks", tasks, "bytes a case"),
    ]
