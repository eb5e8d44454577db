"""The thread of events: one for each fact, none without its fact, the same who and when, in order of time."""

from app.services.audit.invariant import in_sql

# An event is written right after its fact, in the same transaction; machines' clocks are a little apart.
APART = "interval '5 minutes'"
SKEW = "interval '1 minute'"

# Facts and events of one kind about one certificate, paired by their order.
PAIRED = """
    WITH retroactive AS (
        SELECT r.*, c.id AS certificate_id FROM retroactive_request AS r
        JOIN participant AS p ON p.id = participant_id JOIN certificate AS c ON c.action_id = p.action_id
    ), issue AS (
        SELECT *, folio_number || '-' || folio_year AS folio FROM issuance
    ), fact AS (
        SELECT 'issuance:' || id AS fact, certificate_id, 'issued' AS kind, issued_at AS at, issued_by_id AS actor_id, folio
        FROM issue
        UNION ALL SELECT 'annulment_request:' || r.id, certificate_id,
            CASE r.sequence WHEN 1 THEN 'annulment_requested' ELSE 'reconsideration_requested' END,
            requested_at, requested_by_id, folio
        FROM annulment_request AS r JOIN issue AS i ON i.id = issuance_id
        UNION ALL SELECT 'annulment_decision:' || d.id, certificate_id,
            CASE WHEN granted THEN 'annulment_granted' ELSE 'annulment_denied' END, decided_at, decided_by_id, NULL
        FROM annulment_decision AS d JOIN annulment_request AS r ON r.id = request_id JOIN issue AS i ON i.id = issuance_id
        UNION ALL SELECT 'issuance_void:' || v.id, certificate_id, 'voided', voided_at, voided_by_id, folio
        FROM issuance_void AS v JOIN issue AS i ON i.id = issuance_id
        UNION ALL SELECT 'document:' || d.id, certificate_id, 'document_stored', created_at, NULL, folio
        FROM document AS d JOIN issue AS i ON i.id = issuance_id
        UNION ALL SELECT 'retroactive_request:' || id, certificate_id, 'retroactive_requested',
            requested_at, requested_by_id, NULL
        FROM retroactive
        UNION ALL SELECT 'retroactive_decision:' || d.id, certificate_id,
            CASE WHEN granted THEN 'retroactive_granted' ELSE 'retroactive_denied' END, decided_at, decided_by_id, NULL
        FROM retroactive_decision AS d JOIN retroactive AS r ON r.id = request_id
        UNION ALL SELECT 'human_task:' || t.id, certificate_id, 'escalated', escalated_at, NULL, NULL
        FROM human_task AS t JOIN process_instance AS p ON p.id = instance_id WHERE escalated_at IS NOT NULL
    ), pair AS (
        SELECT fact, fact.at AS fact_at, fact.actor_id AS fact_actor, fact.folio AS fact_folio, event.*
        FROM (SELECT *, row_number() OVER (PARTITION BY certificate_id, kind ORDER BY at) AS number FROM fact) AS fact
        FULL JOIN (
            SELECT *, row_number() OVER (PARTITION BY certificate_id, kind ORDER BY at) AS number FROM history_event
        ) AS event USING (certificate_id, kind, number)
    )
"""

INVARIANTS = (
    in_sql(
        "facts_have_events",
        "Cada emisión, solicitud, resolución, anulación de oficio y PDF tiene su evento en el historial.",
        f"{PAIRED} SELECT fact FROM pair WHERE id IS NULL",
    ),
    in_sql(
        "events_have_facts",
        "Ningún evento del historial cuenta lo que no pasó.",
        f"{PAIRED} SELECT 'history_event:' || id FROM pair WHERE fact IS NULL",
    ),
    in_sql(
        "events_tell_who_and_when",
        "Cada evento del historial dice quién, cuándo y sobre qué folio, igual que el hecho.",
        f"""
        {PAIRED} SELECT 'history_event:' || id FROM pair
        WHERE fact IS NOT NULL AND id IS NOT NULL AND (fact_actor IS DISTINCT FROM actor_id OR fact_folio <> data ->> 'folio'
            OR at NOT BETWEEN fact_at - {SKEW} AND fact_at + {APART})
        """,
    ),
    in_sql(
        "history_in_order_of_time",
        "El historial de cada certificado está en el orden en que las cosas pasaron.",
        f"""
        SELECT 'history_event:' || id
        FROM (SELECT *, max(at) OVER (PARTITION BY certificate_id ORDER BY id) AS latest FROM history_event) AS event
        WHERE at < latest - {SKEW}
        """,
    ),
)
