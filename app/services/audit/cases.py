"""Cases as their rows tell them: an open one waits for something, an ended one for nothing, each follows its own diagram."""

from app.services.audit.invariant import in_sql

INVARIANTS = (
    in_sql(
        "open_cases_wait_for_somebody",
        "Cada trámite en curso tiene una tarea pendiente, o espera un plazo o un aviso.",
        """
        SELECT 'process_instance:' || id FROM process_instance AS p
        WHERE status = 'open' AND NOT EXISTS (SELECT FROM human_task WHERE instance_id = p.id AND status = 'open')
            AND NOT EXISTS (SELECT FROM awaited_event WHERE instance_id = p.id AND status IN ('waiting', 'asked'))
        """,
    ),
    in_sql(
        "ended_cases_are_over",
        "Un trámite terminado lo está también en el motor y no deja tareas pendientes ni espera nada.",
        """
        SELECT 'process_instance:' || id FROM process_instance AS p
        WHERE status = 'completed' AND (state -> 'completed' IS DISTINCT FROM 'true'
            OR EXISTS (SELECT FROM human_task WHERE instance_id = p.id AND status = 'open')
            OR EXISTS (SELECT FROM awaited_event WHERE instance_id = p.id AND status IN ('waiting', 'asked')))
        """,
    ),
    in_sql(
        "cases_follow_their_own_process",
        "Cada trámite sigue una versión de su propio proceso.",
        """
        SELECT 'process_instance:' || p.id FROM process_instance AS p JOIN process_definition AS d ON d.id = definition_id
        WHERE p.process_id <> d.process_id
        """,
    ),
    in_sql(
        "forms_have_answers",
        "Cada formulario o pedido recibido una vez guarda la respuesta que obtuvo.",
        """
        SELECT 'claimed_request:' || left(md5(key), 12) FROM claimed_request WHERE answer IS NULL
        UNION ALL SELECT 'api_answer:' || token_id || ':' || left(md5(key), 12) FROM api_answer WHERE answer IS NULL
        """,
    ),
)
