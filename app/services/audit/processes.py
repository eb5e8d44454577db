"""Versions of processes: each was proposed by one and approved by another, and they follow one another without a gap."""

from app.services.audit.invariant import in_sql

INVARIANTS = (
    in_sql(
        "versions_were_approved_by_another",
        "Cada versión que escribió una persona es la propuesta que otra, sin mano en ella, aprobó, y quedó en su historia.",
        """
        SELECT 'process_definition:' || d.id
        FROM process_definition AS d LEFT JOIN process_draft AS w ON w.definition_id = d.id
        WHERE d.author_id IS NOT NULL AND (w.id IS NULL
            OR w.process_id <> d.process_id OR w.xml <> d.xml OR w.note <> d.note
            OR w.proposed_by_id <> d.author_id OR w.decided_by_id <> d.approver_id OR d.approver_id = ANY (w.writers)
            OR NOT EXISTS (SELECT FROM draft_event WHERE draft_id = w.id AND kind = 'proposed'
                AND person_id = d.author_id AND note = d.note)
            OR NOT EXISTS (SELECT FROM draft_event WHERE draft_id = w.id AND kind = 'published' AND person_id = d.approver_id))
        """,
    ),
    in_sql(
        "versions_follow_one_another",
        "Cada versión de un proceso queda retirada cuando empieza a regir una posterior, ni antes ni después.",
        """
        SELECT 'process_definition:' || id FROM process_definition AS d
        WHERE retired_at IS DISTINCT FROM (
            SELECT min(starts_at) FROM process_definition AS later
            WHERE later.process_id = d.process_id AND later.version > d.version)
        """,
    ),
)
