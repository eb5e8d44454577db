"""Long works: what they say they have done is what their parts say, and no part waits that nobody will do."""

from app.services.audit.invariant import in_sql

INVARIANTS = (
    in_sql(
        "jobs_are_their_parts",
        "Cada trabajo largo suma lo que suman sus partes, y terminó cuando ninguna espera.",
        """
        SELECT 'job:' || j.id
        FROM job AS j LEFT JOIN job_chunk AS c ON c.job_id = j.id
        GROUP BY j.id
        HAVING j.total IS DISTINCT FROM sum(units)
            OR j.done IS DISTINCT FROM coalesce(sum(units) FILTER (WHERE outcome = 'done'), 0)
            OR (j.ended_at IS NULL) <> bool_or(outcome = 'waiting')
        """,
    ),
    in_sql(
        "waiting_parts_will_be_done",
        "Cada parte que espera está en la cola, o es la que cierra el trabajo.",
        """
        SELECT 'job_chunk:' || c.id
        FROM job_chunk AS c JOIN job AS j ON j.id = job_id
        WHERE outcome = 'waiting' AND NOT EXISTS (
            SELECT FROM effect AS e
            WHERE e.identity = 'jobs/' || j.kind || ':' || j.id || ':' || c.number
                AND done_at IS NULL AND gave_up_at IS NULL)
            AND NOT (is_closing AND EXISTS (
                SELECT FROM job_chunk AS other
                WHERE other.job_id = c.job_id AND other.outcome = 'waiting' AND NOT other.is_closing))
        """,
    ),
)
