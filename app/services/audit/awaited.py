"""What cases wait for besides people: asked for in time, happened through the outbox, and told by the facts it waits for."""

from app.services.audit.invariant import in_sql
from app.services.history import MESSAGES

# The facts and the names under which diagrams wait for them.
NAMED = "unnest(CAST(:kinds AS text[]), CAST(:names AS text[])) AS named (kind, message)"
NAMES = {"kinds": [kind.value for kind in MESSAGES], "names": list(MESSAGES.values())}

INVARIANTS = (
    in_sql(
        "awaited_terms_come_in_time",
        "Ningún trámite espera un plazo que ya se cumplió.",
        """
        SELECT 'awaited_event:' || id FROM awaited_event
        -- The clock comes by every minute, whether anything else is under way or not.
        WHERE status = 'waiting' AND due_at < least(:settled_before, now() - interval '5 minutes')
        """,
    ),
    in_sql(
        "awaited_happens_by_its_effect",
        "Lo que un trámite esperaba ocurrió por su efecto, y lo que está por ocurrir lo tiene en espera.",
        """
        SELECT 'awaited_event:' || a.id
        FROM awaited_event AS a LEFT JOIN effect AS e ON e.identity = 'awaited:' || a.id
        WHERE (a.status = 'happened' AND e.done_at IS NULL) OR (a.status = 'asked' AND (e.id IS NULL OR e.done_at IS NOT NULL))
            OR (a.status = 'waiting' AND e.id IS NOT NULL)
        """,
    ),
    in_sql(
        "facts_reach_who_waits",
        "Ningún trámite sigue esperando un aviso que ya llegó.",
        f"""
        SELECT DISTINCT 'awaited_event:' || a.id
        FROM awaited_event AS a
        JOIN process_instance AS p ON p.id = a.instance_id
        JOIN {NAMED} ON named.message = a.message
        JOIN history_event AS h ON h.certificate_id = p.certificate_id AND h.kind = named.kind AND h.at > a.opened_at
        LEFT JOIN effect AS e ON e.identity = 'messages/deliver:' || h.id
        WHERE a.status = 'waiting' AND (e.id IS NULL OR e.done_at IS NOT NULL)
        """,
        **NAMES,
    ),
    in_sql(
        "cases_begun_by_their_fact",
        "Cada trámite que empezó por un hecho es del mismo certificado y de un proceso que empieza así.",
        f"""
        SELECT 'process_instance:' || p.id
        FROM process_instance AS p
        JOIN process_definition AS d ON d.id = p.definition_id
        JOIN history_event AS h ON h.id = p.begun_by_event_id
        LEFT JOIN {NAMED} ON named.kind = h.kind
        WHERE (h.certificate_id, named.message) IS DISTINCT FROM (p.certificate_id, d.begins_with)
        """,
        **NAMES,
    ),
)
