"""Requests and decisions of either kind: numbered, in order of time, decided in their task, allowed when they were made."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.models import AnnulmentDecision, AnnulmentRequest, Certificate, Issuance, TrainingAction
from app.services.annulments import MAX_REQUESTS, reconsideration_ends_at
from app.services.audit.invariant import Ground, Invariant, in_sql

# Both kinds of request as one: `thing` is what a sequence of requests is about.
REQUESTS = """
    SELECT 'annulment_request' AS source, r.id, 'issuance:' || issuance_id AS thing, r.sequence, requested_at,
        i.issued_at AS possible_from, d.id AS decision_id, decided_at, decided_by_id, granted,
        certificate_id, 'annulment' AS process_id, '' AS subject
    FROM annulment_request AS r
    JOIN issuance AS i ON i.id = issuance_id LEFT JOIN annulment_decision AS d ON d.request_id = r.id
    UNION ALL
    SELECT 'retroactive_request', r.id, subject, sequence, requested_at,
        NULL, d.id, decided_at, decided_by_id, granted,
        c.id, 'retroactive_attendance', subject
    FROM retroactive_request AS r
    CROSS JOIN LATERAL (SELECT 'participant:' || participant_id || '/class:' || class_held_id AS subject) AS about
    JOIN participant AS p ON p.id = participant_id JOIN certificate AS c ON c.action_id = p.action_id
    LEFT JOIN retroactive_decision AS d ON d.request_id = r.id
"""


def _too_late(ground: Ground) -> Iterator[str]:
    """Reconsiderations asked for when their term was over. There are few: one a denial at most."""
    earlier = aliased(AnnulmentRequest)
    rows = ground.session.execute(
        select(AnnulmentRequest.id, AnnulmentRequest.requested_at, AnnulmentDecision, TrainingAction)
        .join(earlier, earlier.issuance_id == AnnulmentRequest.issuance_id)
        .where(earlier.sequence == AnnulmentRequest.sequence - 1)
        .join(AnnulmentDecision, AnnulmentDecision.request_id == earlier.id)
        .join(Issuance, Issuance.id == AnnulmentRequest.issuance_id)
        .join(Certificate, Certificate.id == Issuance.certificate_id)
        .join(TrainingAction, TrainingAction.id == Certificate.action_id)
    )
    for request_id, requested_at, decision, action in rows:
        if requested_at >= reconsideration_ends_at(ground.session, decision, action):
            yield f"annulment_request:{request_id}"


INVARIANTS = (
    in_sql(
        "requests_numbered",
        "Las solicitudes sobre una misma cosa se numeran sin saltos, y una reposición es la última.",
        f"""
        SELECT source || ':' || id
        FROM (SELECT *, row_number() OVER (PARTITION BY source, thing ORDER BY sequence) AS expected
            FROM ({REQUESTS}) AS request) AS numbered
        WHERE sequence <> expected OR (source = 'annulment_request' AND sequence > :most)
        """,
        most=MAX_REQUESTS,
    ),
    in_sql(
        "requests_in_order_of_time",
        "Se emite, se solicita y se resuelve en ese orden.",
        f"""
        SELECT source || ':' || id FROM ({REQUESTS}) AS request
        WHERE requested_at < possible_from OR decided_at < requested_at
        UNION ALL
        SELECT 'issuance_void:' || v.id FROM issuance_void AS v JOIN issuance AS i ON i.id = issuance_id
        WHERE voided_at < issued_at
        """,
    ),
    in_sql(
        "asked_again_after_a_denial",
        "Se vuelve a pedir solo lo que fue rechazado, y después del rechazo.",
        f"""
        SELECT again.source || ':' || again.id
        FROM ({REQUESTS}) AS again
        JOIN ({REQUESTS}) AS before
            ON (before.source, before.thing, before.sequence) = (again.source, again.thing, again.sequence - 1)
        WHERE before.granted IS DISTINCT FROM false OR before.decided_at > again.requested_at
        """,
    ),
    Invariant("reconsidered_in_time", "Cada reposición se pidió dentro de su plazo.", _too_late),
    in_sql(
        "decided_in_its_task",
        "Cada resolución es la de su tarea: la misma persona y el mismo sentido.",
        f"""
        WITH decision AS (
            SELECT *, row_number() OVER (PARTITION BY certificate_id, process_id, subject ORDER BY decided_at) AS number
            FROM ({REQUESTS}) AS request WHERE decision_id IS NOT NULL
        ), task AS (
            SELECT t.id AS task_id, certificate_id, process_id, subject, completed_by_id, answers -> 'granted' AS answer,
                row_number() OVER (PARTITION BY certificate_id, process_id, subject ORDER BY closed_at) AS number
            FROM human_task AS t JOIN process_instance AS p ON p.id = instance_id
            WHERE form IN ('annulment_decision', 'retroactive_decision') AND t.status = 'completed'
        )
        SELECT coalesce(source || ':' || id, 'human_task:' || task_id)
        FROM decision FULL JOIN task USING (certificate_id, process_id, subject, number)
        WHERE decided_by_id IS DISTINCT FROM completed_by_id OR to_jsonb(granted) IS DISTINCT FROM answer
        """,
    ),
    in_sql(
        "undecided_requests_are_waited_for",
        "Cada solicitud sin resolver tiene un trámite abierto que la resuelve.",
        f"""
        SELECT source || ':' || id FROM ({REQUESTS}) AS request
        WHERE decision_id IS NULL AND NOT EXISTS (
            SELECT FROM process_instance AS p
            WHERE status = 'open' AND (p.certificate_id, p.process_id, p.subject)
                = (request.certificate_id, request.process_id, request.subject))
        """,
    ),
    in_sql(
        "approved_attendance_is_marked",
        "Cada asistencia retroactiva aprobada, y ninguna otra, es una marca en su clase.",
        """
        SELECT coalesce('retroactive_decision:' || d.id, 'attendance_mark:' || m.id)
        FROM (SELECT d.id, participant_id, class_held_id
            FROM retroactive_decision AS d JOIN retroactive_request AS r ON r.id = request_id WHERE granted) AS d
        FULL JOIN (SELECT * FROM attendance_mark WHERE decision_id IS NOT NULL) AS m ON m.decision_id = d.id
        WHERE (d.participant_id, d.class_held_id) IS DISTINCT FROM (m.participant_id, m.class_held_id)
        """,
    ),
)
