"""What falls due about waiting tasks: written down for each term, fired in time, stopped with the task."""

from app.services.audit.invariant import in_sql

INVARIANTS = (
    in_sql(
        "open_terms_have_timers",
        "Cada tarea pendiente con plazo tiene sus tres avisos y su paso al nivel central.",
        """
        SELECT 'human_task:' || t.id FROM human_task AS t LEFT JOIN task_timer AS timer ON timer.task_id = t.id
        WHERE t.status = 'open' AND t.due_at IS NOT NULL
        GROUP BY t.id HAVING count(timer.id) <> 4
        """,
    ),
    in_sql(
        "timers_stop_with_their_task",
        "Ningún aviso espera por una tarea que ya se cerró.",
        """
        SELECT 'task_timer:' || timer.id FROM task_timer AS timer JOIN human_task AS t ON t.id = task_id
        WHERE fired_at IS NULL AND cancelled_at IS NULL AND t.status <> 'open'
        """,
    ),
    in_sql(
        "timers_fire_in_time",
        "Ningún aviso de una tarea pendiente espera después de su hora.",
        """
        SELECT 'task_timer:' || timer.id FROM task_timer AS timer JOIN human_task AS t ON t.id = task_id
        WHERE fired_at IS NULL AND cancelled_at IS NULL AND t.status = 'open'
            -- The clock comes by every minute, whether anything else is under way or not.
            AND timer.due_at < least(:settled_before, now() - interval '5 minutes')
        """,
    ),
    in_sql(
        "escalated_by_their_timer",
        "Una tarea pasó al nivel central si, y solo si, llegó su hora.",
        """
        SELECT 'human_task:' || t.id
        FROM human_task AS t
        LEFT JOIN task_timer AS timer ON timer.task_id = t.id AND kind = 'escalation' AND fired_at IS NOT NULL
        WHERE (escalated_at IS NULL) <> (timer.id IS NULL)
        """,
    ),
)
