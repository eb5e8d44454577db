"""The outbox: every fact has its effects, none is lost, and what was given up waits for an operator."""

from app.services.audit.invariant import in_sql
from app.services.effects import TRIES, EffectQueue

INVARIANTS = (
    in_sql(
        "facts_have_effects",
        "Cada emisión pide su PDF y su correo; cada solicitud y resolución, su correo; cada marca aprobada, su recálculo.",
        """
        WITH request AS (
            SELECT id, requested_by_id, 'annulment_request' AS source FROM annulment_request
            UNION ALL SELECT id, requested_by_id, 'retroactive_request' FROM retroactive_request
        ), decided AS (
            SELECT request_id AS id, requested_by_id, 'annulment_request' AS source FROM annulment_decision
            UNION ALL SELECT request_id, requested_by_id, 'retroactive_request' FROM retroactive_decision
        ), wanted AS (
            SELECT 'documents/render:' || id AS identity FROM issuance
            UNION ALL SELECT 'mail/certificate_issued/issuance:' || id || '/' || issued_by_id FROM issuance
            UNION ALL SELECT 'mail/request_received/' || source || ':' || id || '/' || requested_by_id FROM request
            UNION ALL SELECT 'mail/decision/' || source || ':' || id || '/' || requested_by_id FROM decided
            UNION ALL SELECT 'attendance/recompute:' || action_id || ':retroactive:' || decision_id
                FROM attendance_mark JOIN class_held ON class_held.id = class_held_id WHERE decision_id IS NOT NULL
        )
        SELECT identity FROM wanted WHERE NOT EXISTS (SELECT FROM effect WHERE effect.identity = wanted.identity)
        """,
    ),
    in_sql(
        "effects_have_a_subject",
        "Aquello de que trata cada efecto existe.",
        """
        SELECT 'effect:' || id FROM effect WHERE CASE kind
            WHEN 'documents/render' THEN NOT EXISTS (SELECT FROM issuance AS i WHERE i.id = (payload ->> 'issuance_id')::bigint)
            WHEN 'attendance/recompute' THEN
                NOT EXISTS (SELECT FROM training_action AS a WHERE a.id = (payload ->> 'action_id')::bigint)
            WHEN 'cases/happen' THEN NOT EXISTS (SELECT FROM awaited_event AS a WHERE a.id = (payload ->> 'awaited_id')::bigint)
            WHEN 'messages/deliver' THEN NOT EXISTS (SELECT FROM history_event AS h WHERE h.id = (payload ->> 'event_id')::bigint)
            WHEN 'cases/start' THEN NOT EXISTS (SELECT FROM history_event AS h WHERE h.id = (payload ->> 'event_id')::bigint)
            WHEN 'mail/send' THEN NOT EXISTS (SELECT FROM person AS p WHERE p.id = (payload ->> 'person_id')::bigint)
            ELSE kind LIKE 'jobs/%' AND NOT EXISTS (SELECT FROM job_chunk AS c
                WHERE (c.job_id, c.number) = ((payload ->> 'job_id')::bigint, (payload ->> 'number')::int))
            END
        """,
    ),
    in_sql(
        "effects_count_their_tries",
        "Un efecto hecho se intentó y no guarda error; uno abandonado lo guarda; ninguno pasa de sus intentos ni de cola.",
        """
        SELECT 'effect:' || id FROM effect
        WHERE attempts NOT BETWEEN 0 AND :tries
            OR (done_at IS NOT NULL AND (attempts = 0 OR last_error IS NOT NULL))
            OR (gave_up_at IS NOT NULL AND (attempts = 0 OR last_error IS NULL))
            OR queue <> ALL (:queues)
        """,
        tries=TRIES,
        queues=[queue.value for queue in EffectQueue],
    ),
    in_sql(
        "effects_not_overdue",
        "Ningún efecto espera más de la cuenta.",
        """
        SELECT 'effect:' || id FROM effect
        WHERE done_at IS NULL AND gave_up_at IS NULL AND due_at < :settled_before
        """,
    ),
    in_sql(
        "given_up_effects_have_incident",
        "Cada efecto abandonado tiene un incidente abierto o descartado por alguien.",
        """
        SELECT 'effect:' || id FROM effect
        WHERE gave_up_at IS NOT NULL AND NOT EXISTS (
            SELECT FROM incident
            WHERE effect_id = effect.id AND (resolved_at IS NULL OR resolution = 'dismissed')
        )
        """,
    ),
    in_sql(
        "open_incidents_have_their_effect_given_up",
        "Un incidente abierto sobre un efecto es de uno abandonado.",
        """
        SELECT 'incident:' || incident.id FROM incident JOIN effect ON effect.id = effect_id
        WHERE resolved_at IS NULL AND gave_up_at IS NULL
        """,
    ),
)
