"""Stored attendance: what the marks give now, each row within its own course."""

from collections.abc import Iterator, Sequence

from sqlalchemy import text

from app.services.audit.invariant import Ground, Invariant, in_sql

ACTIONS_AT_A_TIME = 200

# Courses that have figures and wait for no others. The sample is another one each day, and the same all day long.
COMPUTED = """
    WITH awaited AS (
        SELECT (payload ->> 'action_id')::bigint AS action_id, timestamptz 'infinity' AS until
        FROM effect WHERE kind = 'attendance/recompute' AND done_at IS NULL
        UNION ALL
        -- A part that failed or was cancelled is known not to be done, until the course is computed for another reason.
        SELECT value::bigint, coalesce(ended_at, 'infinity')
        FROM job_chunk AS c JOIN job AS j ON j.id = job_id, jsonb_array_elements_text(content -> 'action_ids') AS value
        WHERE j.kind = 'recomputation' AND outcome <> 'done'
    ), latest AS (
        SELECT action_id, max(until) AS until FROM awaited GROUP BY action_id
    )
    SELECT a.id FROM training_action AS a LEFT JOIN latest ON latest.action_id = a.id
    WHERE EXISTS (
        SELECT FROM attendance_result AS r
        WHERE r.action_id = a.id AND (latest.until IS NULL OR r.computed_at > latest.until))
    ORDER BY md5(a.id || '/' || current_date) LIMIT :sample
"""


def _computed_otherwise(ground: Ground) -> Iterator[str]:
    ids = ground.session.scalars(text(COMPUTED), {"sample": ground.sample}).all()
    for begin in range(0, len(ids), ACTIONS_AT_A_TIME):
        yield from _differing(ground, ids[begin : begin + ACTIONS_AT_A_TIME])


def _differing(ground: Ground, action_ids: Sequence[int]) -> Iterator[str]:
    # Imported here, for the compiler behind it takes a second that no web process should wait for.
    from app.services.attendance_bulk import differing

    try:
        yield from (f"participant:{id_}" for id_ in differing(ground.session, action_ids))
    # The marks of one of the courses cannot be computed at all: which one is found by taking them one by one.
    except ValueError:
        if len(action_ids) == 1:
            yield f"training_action:{action_ids[0]}"
        else:
            for action_id in action_ids:
                yield from _differing(ground, [action_id])


INVARIANTS = (
    Invariant(
        "stored_attendance_is_what_the_marks_give",
        "La asistencia guardada de cada curso es la que dan sus marcas.",
        _computed_otherwise,
    ),
    in_sql(
        "attendance_within_one_course",
        "Cada marca, asistencia guardada y solicitud retroactiva es de un participante y una clase del mismo curso.",
        """
        SELECT 'attendance_mark:' || m.id FROM attendance_mark AS m
        JOIN participant AS p ON p.id = m.participant_id JOIN class_held AS h ON h.id = m.class_held_id
        WHERE p.action_id <> h.action_id
        UNION ALL
        SELECT 'participant:' || p.id FROM attendance_result AS r JOIN participant AS p ON p.id = r.participant_id
        WHERE p.action_id <> r.action_id
        UNION ALL
        SELECT 'retroactive_request:' || r.id FROM retroactive_request AS r
        JOIN participant AS p ON p.id = r.participant_id JOIN class_held AS h ON h.id = r.class_held_id
        WHERE p.action_id <> h.action_id
        """,
    ),
    in_sql(
        "changes_are_about_the_latest_issue",
        "Cada aviso de asistencia modificada es sobre la última emisión de su curso.",
        """
        SELECT 'training_action:' || a.action_id FROM attendance_change AS a
        WHERE issuance_id IS DISTINCT FROM (
            SELECT i.id FROM issuance AS i JOIN certificate AS c ON c.id = certificate_id
            WHERE c.action_id = a.action_id ORDER BY sequence DESC LIMIT 1)
        """,
    ),
)
